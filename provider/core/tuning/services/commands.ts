/** What makes a mask or its end known to a running systemd, as words for `systemctl`. Without them it counts from the next boot. */
export interface MaskCommands {
  masked: string[][];
  givenBack: string[][];
}

/**
 * Sockets, timers and paths stop before the services that they would start again. What comes back is started only where it ran before: the start of a service
 * that nobody had started would be a change of its own.
 *
 * @param ran units that were active when they were masked
 */
export function maskCommands(units: readonly string[], ran: readonly string[] = units): MaskCommands {
  const inOrder = [...units].sort((a, b) => rank(a) - rank(b));
  const back = [...inOrder].filter((unit) => ran.includes(unit)).reverse();
  // stopped by the unit that it was started with: behind daemon-reload a masked one has no ExecStop= any more
  const stop = inOrder.length === 0 ? [] : [["stop", ...inOrder]];
  return {
    masked: [...stop, ["daemon-reload"]],
    givenBack: [["daemon-reload"], ...(back.length === 0 ? [] : [["start", "--no-block", ...back]])],
  };
}

function rank(unit: string): number {
  return unit.endsWith(".service") ? 1 : 0;
}
