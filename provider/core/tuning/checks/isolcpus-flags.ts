import { readCpuListArgument } from "./cpu-list-argument";
import type { Finding, Rule } from "./types";
import { finding, valuesOf } from "./words";

/** Since which Linux [kernel/sched/isolation.c: 150dfee95feb, 11ea68f553e2]. */
const SINCE: ReadonlyMap<string, readonly [major: number, minor: number]> = new Map([
  ["nohz", [4, 15]],
  ["domain", [4, 15]],
  ["managed_irq", [5, 6]],
]);

/**
 * T10: a kernel that does not know a flag ignores the whole argument (before 5.8), or at least the flag: nothing would be isolated, and nobody would say so.
 * It only warns, as vendors add flags to older kernels: RHEL 8 has managed_irq in its 4.18.
 */
export const isolcpusFlags: Rule = ({ line, guest }) => {
  if (!guest.kernelRelease.known) return [];
  const release = guest.kernelRelease.value;
  const version = /^(\d+)\.(\d+)/.exec(release)?.slice(1).map(Number) as [number, number] | undefined;
  return valuesOf(line, "isolcpus").flatMap((value) =>
    readCpuListArgument(value).flags.flatMap((flag) => said(value, flag, release, version)),
  );
};

function said(value: string, flag: string, release: string, version: [number, number] | undefined): Finding[] {
  const since = SINCE.get(flag);
  const property = "kernelArgs.isolcpus";
  if (!since) {
    const message = `isolcpus=${value}: Linux has no flag ${flag}`;
    return [
      finding(
        "warning",
        "tuning.isolcpus-flags",
        "T10",
        property,
        message,
        `Write one of ${[...SINCE.keys()].join(", ")}.`,
      ),
    ];
  }
  if (!version || version[0] > since[0] || (version[0] === since[0] && version[1] >= since[1])) return [];
  const message = `isolcpus=${value}: ${flag} needs Linux ${since.join(".")}, and the guest has ${release}, which ignores the whole argument unless its vendor has added the flag`;
  const hint =
    'Look at /sys/devices/system/cpu/isolated once it runs; or leave the flag out: kernelArgs: { isolcpus: "nohz,domain,{rt}" }.';
  return [finding("warning", "tuning.isolcpus-flags", "T10", property, message, hint)];
}
