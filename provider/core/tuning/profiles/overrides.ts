import { checkEntry } from "./entry-rules";
import { type Layer, layerOf, type Said } from "./layer";
import { OFFERED } from "./offered";
import type { Override, Overrides, What } from "./types";

/** The argument that holds the overrides of a kind. */
export const ARGUMENT = {
  kernelArg: "kernelArgs",
  sysctl: "sysctls",
  service: "services",
  runtime: "runtime",
} as const satisfies Record<What, keyof Overrides>;

/** What a program says of single keys, as the top layer. @throws AcrnError `tuning.entry` */
export function layerOfOverrides(overrides: Overrides): Layer {
  const whats = Object.keys(ARGUMENT) as What[];
  return layerOf(
    whats.flatMap((what) =>
      Object.entries(overrides[ARGUMENT[what]] ?? {}).map(([key, value]) => said(what, key, value)),
    ),
  );
}

function said(what: What, key: string, value: Override): Said {
  const from = `${ARGUMENT[what]}.${key}`;
  const meant = meaning(what, value);
  if (meant !== null && meant !== false) checkEntry({ what, key, value: meant }, from);
  const offer = OFFERED.find((each) => each.what === what && each.key === key && each.value === meant);
  return {
    what,
    key,
    value: meant,
    reason: offer?.reason ?? "as the program says",
    source: offer?.source ?? from,
    ...(offer?.tip ? { tip: offer.tip } : {}),
    from,
    over: [],
  };
}

/** Only a kernel argument can be taken away by us: elsewhere what we do not write is not ours, and `null` says no more than `false`. */
function meaning(what: What, value: Override): Said["value"] {
  if (typeof value === "number") return String(value);
  return value === null && what !== "kernelArg" ? false : value;
}
