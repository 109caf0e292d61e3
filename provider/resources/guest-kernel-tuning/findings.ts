import { parseCmdline, setParam } from "../../core/kernel/cmdline";
import { lineOf } from "../../core/kernel/cmdline/say";
import { checkTuning } from "../../core/tuning/checks";
import type { Finding, GuestFacts } from "../../core/tuning/checks/types";
import { ofKind } from "../../core/tuning/profiles/settle";
import type { CpuLists, Settled } from "../../core/tuning/profiles/types";
import { SYSCTL_FRAGMENT } from "../../core/tuning/sysctl/fragment";
import { sysctlName, sysctlPath } from "../../core/tuning/sysctl/names";
import type { SysctlFile } from "../../core/tuning/sysctl/order";
import { effectiveSysctls } from "../../core/tuning/sysctl/overrides";
import type { GuestKernelTuningArgs } from "./schema";
import type { Params } from "./wanted";

export interface Checked {
  args: GuestKernelTuningArgs;
  settled: Settled;
  cpus: CpuLists;
  byHand: boolean;
  guest: GuestFacts;
  /** The line as it boots today; what is wished is set on it, and what goes is taken off. */
  line: string;
  params: Params;
  /** Fragments of the guest. */
  fragments: readonly SysctlFile[];
}

/** What ACRN, the kernel and 7b say of the whole: our settings among those of others. */
export function findings({ args, settled, cpus, byHand, guest, line, params, fragments }: Checked): Finding[] {
  const whole = Object.entries(params).reduce(
    (sofar, [key, value]) => setParam(sofar, key, value),
    line || lineOf(params),
  );
  const { allowRtMonopoly, profile } = args;
  return checkTuning({
    line: parseCmdline(whole).params.map(({ name, value }) => ({ key: name, value })),
    sysctls: effective(settled, fragments),
    knobs: new Map(ofKind(settled, "runtime").map(({ key, value }) => [key, String(value)])),
    cpus,
    byHand,
    allowRtMonopoly,
    xenomai: profile === "xenomai" || (typeof profile === "object" && profile.base === "xenomai"),
    guest,
  });
}

/** What sysctl.d comes to with our fragment; systemd's reading, as procps' differs only in /etc/sysctl.conf. */
function effective(settled: Settled, fragments: readonly SysctlFile[]): Map<string, string> {
  const ours = ofKind(settled, "sysctl");
  const text = ours.map(({ key, value }) => `${sysctlName(sysctlPath(key))} = ${value}\n`).join("");
  const files = [...fragments.filter(({ path }) => path !== SYSCTL_FRAGMENT), { path: SYSCTL_FRAGMENT, text }];
  const found = effectiveSysctls(files, "systemd-sysctl");
  return new Map([...found].flatMap(([name, { value }]) => (value === undefined ? [] : [[name, value] as const])));
}
