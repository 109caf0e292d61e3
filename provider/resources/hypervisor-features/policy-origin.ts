import { RECORD_PATH } from "../../core/acrn/evidence";
import { type Policy, recordedPolicy } from "../../core/acrn/features/perf-policy";
import { bootedOwn } from "../../core/acrn/image/booted";
import { textOf } from "../../core/snapshot";
import type { View } from "../kind";

/**
 * The policy that begins the boot line, before GRUB_CMDLINE_ACRN, and whose it is: 25_linux_acrn takes the installed record's, our
 * entries that of the scenario that the image was built from. Undefined: nobody can tell.
 */
export function policyOrigin({ snapshot, evidence }: View): { whose: string; policy: Policy } | undefined {
  const own = bootedOwn(snapshot);
  const scenario = own ? (own.known ? own.scenario : undefined) : textOf(snapshot, evidence.record ?? RECORD_PATH);
  if (scenario === undefined) return undefined;
  return { whose: own ? `the booted image ${own.id}` : "the installed record", policy: recordedPolicy(scenario) };
}
