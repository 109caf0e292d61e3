/** What the script of the last boot did; gone with the next one. */
export const REPORT = "/run/pulumi-acrn-tuning";

export interface KnobReport {
  name: string;
  /** Files that are there; 0: the guest has no such knob. */
  files: number;
  value?: string;
  /** Paths that did not take the value and should have. */
  failed: string[];
  /** Paths that cannot take it (an interrupt that does not move). */
  refused: string[];
}

/** Reads a report; a line that is none of ours is left out. */
export function parseReport(text: string): KnobReport[] {
  const out = new Map<string, KnobReport>();
  for (const line of text.split("\n")) {
    const [word, name, third, fourth] = line.split(" ");
    if (!word || !name || !/^(?:set|absent|failed|refused)$/.test(word)) continue;
    const knob = out.get(name) ?? { name, files: 0, failed: [], refused: [] };
    out.set(name, knob);
    if (word === "set" && third !== undefined && /^\d{1,6}$/.test(fourth ?? ""))
      Object.assign(knob, { value: third, files: Number(fourth) });
    if ((word === "failed" || word === "refused") && third !== undefined) knob[word].push(third);
  }
  return [...out.values()];
}
