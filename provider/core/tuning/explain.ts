import { type ExplainedEntry, explained } from "./explained";
import { ARGUMENT } from "./profiles/overrides";
import {
  type Entry,
  type LeftOut,
  type Offer,
  type Profile,
  type Setting,
  type Settled,
  WHATS,
  type What,
} from "./profiles/types";

const TITLES: Readonly<Record<What, string>> = {
  kernelArg: "kernel arguments",
  sysctl: "sysctls",
  service: "services",
  runtime: "runtime knobs",
};

/**
 * What a profile sets on any guest, with reasons and sources; CPU lists as placeholders. For `pulumi-acrn inspect --profile`.
 * @throws AcrnError `tuning.profile`
 */
export function explainProfile(profile: string | Profile, others: readonly Profile[] = []): string[] {
  const { name, summary, base, differences, entries, costs, placeholders, offered } = explained(profile, others);
  return [
    `${name}: ${summary}`,
    ...(base ? [`Built on ${base}. What differs:`] : []),
    ...differences.map((line) => `  ${line}`),
    ...section((what) => entries.filter((each) => each.what === what).flatMap((each) => entryLines(each, name))),
    ...(costs.length > 0 ? ["", ...costs] : []),
    "",
    `${placeholders.map((each) => `{${each}}`).join(", ")} stand for the guest's CPUs. Offered, and never a default:`,
    ...section((what) => offered.filter((each) => each.what === what).flatMap(offerLines)),
  ];
}

/** What one guest is to have, and what is left out. */
export function explainSettled({ settings, leftOut }: Settled): string[] {
  const lines = section((what) => settings.filter((each) => each.what === what).flatMap(settingLines));
  return leftOut.length === 0 ? lines : [...lines, "not set:", ...leftOut.map(leftOutLine)];
}

function section(of: (what: What) => string[]): string[] {
  return WHATS.flatMap((what) => {
    const lines = of(what);
    return lines.length === 0 ? [] : [`${TITLES[what]}:`, ...lines];
  });
}

function entryLines(entry: ExplainedEntry, top: string): string[] {
  const inherited = entry.from === `profile ${top}` ? "" : `  (from ${entry.from})`;
  const only = entry.ifThere === undefined ? [] : [`      only where it is there: ${entry.ifThere}`];
  return [`  ${assignment(entry)}${inherited}`, ...because(entry), ...only];
}

function offerLines(offer: Offer): string[] {
  return [`  ${assignment(offer)}  (${offer.standing}; ask for it by \`${ARGUMENT[offer.what]}\`)`, ...because(offer)];
}

function settingLines(setting: Setting): string[] {
  const over = setting.over.map(
    ({ from, value }) => `${from} said ${value === true ? "it without a value" : String(value)}`,
  );
  return [`  ${assignment(setting)}  (${[`from ${setting.from}`, ...over].join("; ")})`, ...because(setting)];
}

function because({ reason, source, tip }: Pick<Entry, "reason" | "source" | "tip">): string[] {
  return [`      ${tip ? `${tip}: ` : ""}${reason}`, `      [${source}]`];
}

function leftOutLine({ what, key, from, why }: LeftOut): string {
  return `  ${what === "service" ? "mask of " : ""}${key}: ${why}  (from ${from})`;
}

function assignment({ what, key, value }: { what: What; key: string; value: string | true | null }): string {
  if (value === null) return `${key} (taken away)`;
  if (value === true) return key;
  if (what === "service") return `${key}: ${value}`;
  return what === "kernelArg" ? `${key}=${value}` : `${key} = ${value}`;
}
