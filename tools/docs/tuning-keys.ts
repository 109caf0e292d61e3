import { explained } from "../../provider/core/tuning/explained";
import { DEFAULT_PROFILE, PROFILES } from "../../provider/core/tuning/profiles/catalog";
import { ARGUMENT } from "../../provider/core/tuning/profiles/overrides";
import { fill } from "../../provider/core/tuning/profiles/template";
import { type Entry, type Offer, type Profile, WHATS, type What } from "../../provider/core/tuning/profiles/types";
import { KNOBS } from "../../provider/core/tuning/runtime/knobs";
import { code, table } from "./markdown";

const TITLES: Readonly<Record<What, string>> = {
  kernelArg: "Kernel arguments",
  sysctl: "Sysctls",
  service: "Services",
  runtime: "Runtime knobs",
};

/** Of a guest with four CPUs. */
const EXAMPLE = { rt: [1, 2, 3], housekeeping: [0] };

/** Every key that profiles set or offer, with value, reason and source, for docs/guest-kernel-tuning.md. */
export function tuningKeys(): string {
  const { placeholders, offered } = explained(DEFAULT_PROFILE);
  return [
    "Values may name the guest's CPUs. Of a guest whose CPU 0 keeps house and whose CPUs 1 to 3 are real-time:",
    table(
      ["in a value", "stands for"],
      placeholders.map((name) => [code(`{${name}}`), code(fill(`{${name}}`, EXAMPLE))]),
    ),
    ...PROFILES.flatMap(profileText),
    "### Offered, and never a default",
    "Asked for by an override, or taken into a profile of one's own. _contested_: experts disagree. _optional_: harmless or helpful, and not everybody's.",
    ...byKind(offered, offerTable),
    "### Files of the runtime knobs",
    knobTable(),
  ].join("\n\n");
}

function profileText({ name, summary, base, differences = [], entries }: Profile): string[] {
  const own = name === DEFAULT_PROFILE ? ", the default" : "";
  const { costs } = explained(name);
  return [
    `### ${code(name)}${own}`,
    `${capital(summary)}.${base ? ` Built on ${code(base)}: all of that, and what follows; of a key that both have, this value.` : ""}`,
    ...(differences.length > 0 ? [differences.map((line) => `- ${line}`).join("\n")] : []),
    ...byKind(entries, entryTable),
    ...(base === undefined && costs.length > 0
      ? ["What that costs:", costs.map((line) => `- ${line}`).join("\n")]
      : []),
  ];
}

function byKind<T extends Entry>(entries: readonly T[], rendered: (entries: readonly T[]) => string): string[] {
  return WHATS.flatMap((what) => {
    const some = entries.filter((entry) => entry.what === what);
    return some.length === 0 ? [] : [`${TITLES[what]} (${code(ARGUMENT[what])}):`, rendered(some)];
  });
}

function entryTable(entries: readonly Entry[]): string {
  const conditional = entries.some(({ ifThere }) => ifThere !== undefined);
  const head = ["key", "value", "tip", "because", ...(conditional ? ["set only where it is there"] : []), "source"];
  return table(
    head,
    entries.map((entry) => {
      const [key, value, tip, because, source] = cells(entry);
      return [key, value, tip, because, ...(conditional ? [entry.ifThere ?? ""] : []), source];
    }),
  );
}

function offerTable(offers: readonly Offer[]): string {
  return table(
    ["key", "value", "", "because", "source"],
    offers.map((offer) => {
      const [key, value, , because, source] = cells(offer);
      return [key, value, offer.standing, because, source];
    }),
  );
}

function cells({ key, value, tip, reason, source }: Entry): [string, string, string, string, string] {
  return [code(key), value === true ? "(no value)" : code(value), tip ?? "", reason, source];
}

function knobTable(): string {
  return table(
    ["knob", "files", "takes", "what a way back does not reach", "source"],
    KNOBS.map(({ name, paths, takes, cannotUndo = "", source }) => [
      code(name),
      paths.map(code).join(", "),
      takes === "mask" ? "a CPU mask" : takes.map(code).join(", "),
      cannotUndo,
      source,
    ]),
  );
}

const capital = (text: string): string => `${text.charAt(0).toUpperCase()}${text.slice(1)}`;
