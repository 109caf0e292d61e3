import { AcrnError } from "../../errors";
import { descendantsNamed, parseXml, trimSpace, type XmlElement } from "../../xml";

/** Read by update-grub after all others of the folder: what it says of the policy is the last word there. */
export const PERF_POLICY_CFG = "/etc/default/grub.d/zz-pulumi-acrn-hypervisor.cfg";

const POLICY = "CPU_PERFORMANCE_POLICY";

export type Policy = "Performance" | "Nominal";

/**
 * The hypervisor looks for `cpu_perf_policy=Nominal` anywhere on its line, and takes Performance where it is not: the order does
 * not count, Nominal wins [v3.2 to 3.4-dev hypervisor/arch/x86/pm.c init_frequency_policy]. So words of that name that others
 * put there are taken out first; the one that 25_linux_acrn puts before all, from the installed record, is out of reach.
 */
export function perfPolicyCfg(policy: Policy): string {
  return `# The hypervisor's CPU performance policy, written by pulumi-acrn (HypervisorFeatures). Run update-grub after a change; it takes
# effect when the machine boots. ACRN takes Nominal wherever its line names it, so other words of that name go first.
GRUB_CMDLINE_ACRN=$(printf '%s' "\${GRUB_CMDLINE_ACRN:-}" | sed 's/cpu_perf_policy=[^ ]* *//g')
export GRUB_CMDLINE_ACRN="\${GRUB_CMDLINE_ACRN:+\${GRUB_CMDLINE_ACRN% } }cpu_perf_policy=${policy}"
`;
}

/** The policy that a file of ours declares. */
export function policyOfCfg(text: string): Policy | undefined {
  return /^export GRUB_CMDLINE_ACRN=.*cpu_perf_policy=(Performance|Nominal)"$/m.exec(text)?.[1] as Policy | undefined;
}

/**
 * What runs, off the Service VM's /proc/cmdline, into which the hypervisor merges its own line [v3.2 to 3.4-dev
 * hypervisor/boot/guest/vboot_info.c init_vm_bootargs_info]. Undefined: the line names no policy, so nobody can tell whether it is
 * the hypervisor's.
 */
export function runningPolicy(cmdline: string | undefined): Policy | undefined {
  if (!cmdline?.includes("cpu_perf_policy=")) return undefined;
  return cmdline.includes("cpu_perf_policy=Nominal") ? "Nominal" : "Performance";
}

/**
 * What 25_linux_acrn makes of the installed record: `//CPU_PERFORMANCE_POLICY/text()`, Performance where that finds nothing, as in a file that
 * cannot be parsed [v3.3 debian/grub/25_linux_acrn]. Comments are no text.
 */
export function recordedPolicy(record: string): Policy {
  const [first] = policiesIn(record);
  return first !== undefined && trimSpace(first.value).startsWith("Nominal") ? "Nominal" : "Performance";
}

function policiesIn(record: string): XmlElement[] {
  try {
    const { root } = parseXml(record, "scenario.xml");
    return [...(root.name === POLICY ? [root] : []), ...descendantsNamed(root, POLICY)];
  } catch (error) {
    if (error instanceof AcrnError) return [];
    throw error;
  }
}
