import type { Fact } from "../fact";
import { SYSCTL_FRAGMENT } from "./fragment";
import { sysctlName } from "./names";
import { type Loader, readOrder, SYSCTL_CONF, type SysctlFile } from "./order";
import { parseSysctls, type SysctlLine } from "./parse";

/** Where a name gets its value at boot. */
export interface Effective {
  /** Undefined: a line takes it out of what is set at all. */
  value: string | undefined;
  file: string;
  line: number;
}

/** A name of ours that gets another value than we wrote. */
export interface Overridden {
  name: string;
  ours: string;
  theirs: Effective;
  /** False: only if procps' `sysctl --system` sets them, at boot or by hand. */
  certain: boolean;
  /** For people. */
  text: string;
}

/** What each explicit name comes to, by dotted name. Patterns never beat one [sysctl.d(5); procps src/sysctl.c write_setting_list]. */
export function effectiveSysctls(files: readonly SysctlFile[], loader: Loader): Map<string, Effective> {
  const out = new Map<string, Effective>();
  for (const { path: file, text } of readOrder(files, loader))
    for (const each of parseSysctls(text))
      if (counts(each, loader)) out.set(sysctlName(each.path), { value: each.value, file, line: each.line });
  return out;
}

/**
 * To systemd-sysctl `-name` replaces what an earlier line said of that name [src/sysctl/sysctl.c parse_line, apply_all]; to procps it only stops patterns. A blank behind the
 * dash is nothing to the one and a part of the name to the other.
 */
function counts({ kind, pattern, blankBehindDash }: SysctlLine, loader: Loader): boolean {
  return !pattern && (loader === "systemd-sysctl" || (kind === "assignment" && !blankBehindDash));
}

/** Names of our fragment that a later line, or /etc/sysctl.conf, gives another value. */
export function overriddenOf(
  files: readonly SysctlFile[],
  loader: Fact<Loader>,
  fragment = SYSCTL_FRAGMENT,
): Overridden[] {
  const mine = files.filter((file) => file.path === fragment);
  const sure = loader.known ? effectiveSysctls(files, loader.value) : undefined;
  const possible = possibly(loader).map((each) => effectiveSysctls(files, each));
  // procps' reading takes assignments alone, and only those are ours
  return [...effectiveSysctls(mine, "procps")].flatMap(([name, { value: ours = "" }]) => {
    const other = (all: ReadonlyMap<string, Effective> | undefined) => {
      const found = all?.get(name);
      return found && found.file !== fragment && found.value !== ours ? found : undefined;
    };
    const certain = other(sure);
    const theirs = certain ?? possible.map(other).find((each) => each !== undefined);
    if (!theirs) return [];
    return [{ name, ours, theirs, certain: certain !== undefined, text: sentence(name, ours, theirs, !!certain) }];
  });
}

/** Who else may set sysctls: systemd's machines often have procps too, and a hand that calls it. */
function possibly(loader: Fact<Loader>): Loader[] {
  if (!loader.known) return ["systemd-sysctl", "procps"];
  return loader.value === "systemd-sysctl" ? ["procps"] : [];
}

function sentence(name: string, ours: string, { value, file, line }: Effective, certain: boolean): string {
  const says = value === undefined ? "keeps it from being set" : `sets it to ${value}`;
  const when = certain
    ? "and is read later"
    : file === SYSCTL_CONF
      ? "and `sysctl --system` of procps reads it last, at boot or by hand"
      : "and may be read later: who sets sysctls at boot is not known";
  return `${name} = ${ours}: ${file}:${line} ${says}, ${when}`;
}
