/**
 * Lines of a plan of power that do more than what was shown. What was reviewed is each act, its target, and what it interrupts: which image is tried, which VM goes off.
 * Pids, proofs and scripts may be others by now, and what somebody else did meanwhile needs no doing.
 */
export function unseenIn(lines: readonly string[], agreed: readonly string[]): string[] {
  const shown = new Set(agreed.flatMap(effectsOf));
  return lines.filter((line) => effectsOf(line).some((effect) => !shown.has(effect)));
}

/** As `lineOf` of steps.ts writes them; the head of an install names the image, and one that is tried comes with the reboot that tries it. */
function effectsOf(line: string): string[] {
  const head = line.slice(0, line.indexOf(":"));
  const off = [...line.matchAll(/[:,] (\S+) off first \(/g)].map(([, vm]) => `${head} with ${vm}`);
  const interrupted = /^rtvm-power-cycle [^:]*: powered off inside /.test(line) ? [`${head}, off`] : [];
  return [head, ...off, ...interrupted];
}
