import { sharedPcpus, showShared } from "../../core/acrn/features/sharing";
import { readScenario } from "../../core/acrn/scenario";
import { openScenario } from "../../core/acrn/scenario/open";
import { textOf } from "../../core/snapshot";
import { child, trimSpace } from "../../core/xml";
import { launchScripts } from "../core-partition/scripts";
import type { View } from "../kind";
import { policyOrigin } from "./policy-origin";
import type { Ruled } from "./rules";

type Warned = Ruled & { view: View };

/** What is legal and costs something that its name does not tell. */
export function warnings(given: Warned): string[] {
  return [
    ...supervisor(given),
    ...noopScripts(given),
    ...prio(given),
    ...windows(given),
    ...policy(given),
    ...snoop(given),
  ];
}

/** [v3.3 misc/config_tools/xforms/misc_cfg.h.xsl service_vm_super_role; hypervisor/arch/x86/guest/vm_reset.c] */
function supervisor({ args, text, file }: Warned): string[] {
  if (args.serviceVmSupervisor !== true) return [];
  const service = readScenario(text, file).vms.some(({ load }) => load === "service");
  if (!service) return ["serviceVmSupervisor: the scenario has no Service VM, so nothing changes"];
  return [
    "serviceVmSupervisor: from the next image on a reboot or reset of the Service VM resets the whole machine at once, with every running real-time VM, and `acrnctl stop` takes a real-time VM's power away; a reboot inside a real-time VM no longer resets the machine",
  ];
}

/** The script of a standard VM takes its pCPUs from the Service VM only if it was made for SCHED_NOOP [launch_script_template.sh add_cpus]. */
function noopScripts({ args, view }: Warned): string[] {
  if (args.scheduler !== "noop") return [];
  return launchScripts(view.snapshot).flatMap(({ path, vm }) => {
    const text = textOf(view.snapshot, path) ?? "";
    const said = /^scheduler=['"]?(\w+)/m.exec(text)?.[1];
    if (said === undefined || said === "SCHED_NOOP" || /^vm_type=['"]?RTVM/m.test(text)) return [];
    return [
      `scheduler: ${path} was made for ${said}, so it leaves ${vm ?? "its VM"}'s pCPUs to the Service VM, too; under noop one of the two then never runs. Make it anew from the scenario, or set scheduler='SCHED_NOOP' in it`,
    ];
  });
}

/** Of equal priority the first to wake keeps the pCPU until it sleeps [v3.3 hypervisor/common/sched_prio.c prio_queue_add]. */
function prio({ args, text, file }: Warned): string[] {
  if (args.scheduler !== "prio") return [];
  const shared = sharedPcpus(readScenario(text, file).vms, { ...args.partition?.pcpus, ...args.partition?.evicted });
  if (shared.length === 0) return [];
  return [
    `scheduler: under prio a VM runs on a shared pCPU until it sleeps; those of equal or lower priority wait for it: ${showShared(shared)}`,
  ];
}

function windows({ args, text, file }: Warned): string[] {
  if (args.hyperv !== false) return [];
  const names = openScenario(text, file)
    .vms.filter(({ element }) => trimSpace(child(element, "os_type")?.value ?? "") === "Windows OS")
    .map(({ view }) => view.key);
  return names.length === 0 ? [] : [`hyperv: ${names.join(", ")} runs Windows, which needs it`];
}

function policy({ args, view }: Warned): string[] {
  if (args.cpuPerformancePolicy === undefined) return [];
  const cfg = view.snapshot.files.get("/etc/default/grub.d/acrn.cfg");
  const origin = policyOrigin(view);
  return [
    ...(cfg?.kind === "file"
      ? []
      : [
          "cpuPerformancePolicy: /etc/default/grub.d/acrn.cfg is not there, so GRUB's entries for ACRN do not come from grub-acrn and will not take the policy: write cpu_perf_policy= into yours",
        ]),
    ...(args.cpuPerformancePolicy === "performance" && origin?.policy === "Nominal"
      ? [
          `cpuPerformancePolicy: ${origin.whose} says Nominal, and ACRN takes Nominal wherever its boot line names it: performance needs an image that was built with it`,
        ]
      : []),
  ];
}

/** [v2.0 to 3.4-dev: no source of the hypervisor names it, and from v2.4 on no xform] */
function snoop({ args }: Warned): string[] {
  return args.iommuEnforceSnoop === undefined
    ? []
    : [
        "iommuEnforceSnoop: the scenario has the option, and no hypervisor from v2.0 to 3.4-dev reads it: it changes nothing",
      ];
}
