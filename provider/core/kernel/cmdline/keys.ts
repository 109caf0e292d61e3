/** Parameters that mean something only together and in their order: they are one field, under one name [Documentation/admin-guide/mm/hugetlbpage.rst]. */
const GROUPS: Readonly<Record<string, string>> = { hugepagesz: "hugepages" };

/** A name as the kernel compares it: `-` and `_` are one character [kernel/params.c parameq]. */
export function canonicalName(name: string): string {
  return name.replaceAll("-", "_");
}

/** The field that a parameter of that name belongs to. */
export function fieldKey(name: string): string {
  const canonical = canonicalName(name);
  return Object.hasOwn(GROUPS, canonical) ? (GROUPS[canonical] as string) : canonical;
}

/** Is it the field of several names? Its value is then whole words. */
export function isGroup(key: string): boolean {
  return Object.values(GROUPS).includes(key);
}

/** `param[isolcpus]`: the one field of a parameter, whichever way it is spelled. */
export function paramField(name: string): string {
  return `param[${fieldKey(name)}]`;
}

/** `param[isolcpus]` -> `isolcpus`; undefined for a field that is no parameter's, or is not spelled as {@link paramField} does it. */
export function keyOfField(field: string): string | undefined {
  const name = /^param\[([!-~]+)\]$/.exec(field)?.[1];
  return name !== undefined && isName(name) && fieldKey(name) === name ? name : undefined;
}

/** Can a parameter be called so? */
export function isName(name: string): boolean {
  return /^[!-~]+$/.test(name) && !/["=]/.test(name) && name !== "--";
}

/** Which of several counts, where a key is given more than once. */
export type Repeat = "first" | "last" | "all" | "unknown";

const FIRST = new Set(["isolcpus", "nohz_full"]);
const ALL = new Set(
  (
    "console earlycon hugepages mce memmap pci blacklist modprobe.blacklist systemd.mask systemd.wants rd.lvm.lv rd.luks.uuid " +
    "rd.driver.blacklist vfio_pci.ids ima_policy lsm.debug"
  ).split(" "),
);
const LAST = new Set(
  "rcu_nocbs irqaffinity idle panic root init loglevel reboot tsc clocksource nmi_watchdog".split(" "),
);

/**
 * `first`: a second `isolcpus=` or `nohz_full=` with other CPUs for the same purpose is refused with a warning, for another purpose it adds to the first
 * [kernel/sched/isolation.c housekeeping_setup].
 * `all`: each adds to the others. `last`: each call of the parameter's function overwrites what the one before set, as for all module parameters that
 * are no list [kernel/params.c].
 */
export function repeatOf(key: string): Repeat {
  if (FIRST.has(key)) return "first";
  if (ALL.has(key)) return "all";
  return LAST.has(key) ? "last" : "unknown";
}
