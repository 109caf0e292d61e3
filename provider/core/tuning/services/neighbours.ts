import { stateOf, type UnitFiles, unitNames, wordsOf } from "./unit-files";

/** What a mask means for another unit. */
export interface Neighbour {
  unit: string;
  /** For people: `starts it`, `cannot start without it`. */
  why: string;
}

/**
 * Units that are not masked and that would start a masked one, or cannot do without it. They do no harm to the mask: nothing gets past it. But they fail, at
 * each boot or each time that they fire, and somebody will wonder.
 */
export function neighboursOf(unit: string, masked: ReadonlySet<string>, files: UnitFiles): Neighbour[] {
  return [...unitNames(files)].sort().flatMap((other) => {
    if (other === unit || masked.has(other)) return [];
    const state = stateOf(other, files);
    const text = state.kind === "unit" ? files.get(state.path)?.text : undefined;
    if (text === undefined) return [];
    if (triggers(other, text, unit)) return [{ unit: other, why: `starts ${unit}, and fails while that is masked` }];
    const needs = ["Requires", "Requisite", "BindsTo"].some((key) => wordsOf(text, "Unit", key).includes(unit));
    return needs ? [{ unit: other, why: `cannot start without ${unit}` }] : [];
  });
}

/** `Service=` of a socket, `Unit=` of a timer or path; without one it is the unit of the same name [systemd.socket(5), systemd.timer(5), systemd.path(5)]. */
function triggers(other: string, text: string, unit: string): boolean {
  const [, stem, suffix] = /^(.*)\.(\w+)$/.exec(other) ?? [];
  const said: Record<string, [section: string, key: string]> = {
    socket: ["Socket", "Service"],
    timer: ["Timer", "Unit"],
    path: ["Path", "Unit"],
  };
  const place = suffix === undefined || !Object.hasOwn(said, suffix) ? undefined : said[suffix];
  if (!place) return false;
  return (wordsOf(text, ...place).at(-1) ?? `${stem}.service`) === unit;
}
