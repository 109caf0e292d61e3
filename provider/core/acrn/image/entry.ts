import { AcrnError } from "../../errors";
import { find, placeOf, trimSpace, type XmlElement } from "../../xml";
import { type OpenScenario, openScenario } from "../scenario/open";

/** What GRUB has to be told of an image's VMs. */
export interface BootEntry {
  /** `cpu_perf_policy=` on the hypervisor's line; absent where its version has no such argument. */
  policy?: "Performance" | "Nominal";
  service: { id: number; kernel: string; ramdisk?: string };
  preLaunched: { id: number; name: string; kernel: string; ramdisk?: string }[];
}

/**
 * Module tags and policy of a scenario source, as 25_linux_acrn takes them off the record [debian/grub/25_linux_acrn]. `kern_mod` left out is what the build
 * puts there [schema/VMtypes.xsd]; the tag of the ACPI tables always is ACPI_VM<id> [xforms/vm_configurations.c.xsl]. 2.x has the same tags and no policy.
 * @throws AcrnError `image.no-service`, `image.tag`, `image.policy`
 */
export function entryOf(text: string, file: string): BootEntry {
  const scenario = openScenario(text, file);
  const [service] = scenario.vms.filter(({ view }) => view.load === "service");
  if (!service)
    throw new AcrnError("image.no-service", "the scenario has no Service VM", {
      where: { file },
      hint: "Without one nobody could confirm that the image came up. Build and install such an image by hand.",
    });
  const policy = policyOf(scenario);
  const preLaunched = scenario.vms
    .filter(({ view }) => view.load === "pre-launched")
    .map(({ view, element }) => ({ id: view.id, name: view.key, ...tags(scenario, element, view.key) }));
  return {
    ...(policy ? { policy } : {}),
    service: { id: service.view.id, ...tags(scenario, service.element, service.view.key) },
    preLaunched,
  };
}

/** The hypervisor's own default, and the schema's, is Performance [hypervisor/arch/x86/pm.c; schema/config.xsd]. */
function policyOf({ dialect, doc }: OpenScenario): BootEntry["policy"] {
  if (dialect === "2.x") return undefined;
  const element = find(doc.root, "hv/FEATURES/CPU_PERFORMANCE_POLICY");
  const value = trimSpace(element?.value ?? "") || "Performance";
  if (value === "Performance" || value === "Nominal") return value;
  throw new AcrnError("image.policy", `CPU_PERFORMANCE_POLICY ${JSON.stringify(value.slice(0, 40))} is no policy`, {
    ...(element ? { where: placeOf(doc, element) } : {}),
    hint: "It is Performance or Nominal.",
  });
}

function tags({ doc }: OpenScenario, vm: XmlElement, name: string): { kernel: string; ramdisk?: string } {
  const tag = (part: "kern_mod" | "ramdisk_mod"): string => {
    const element = find(vm, `os_config/${part}`);
    const value = trimSpace(element?.value ?? "");
    // MAX_MOD_TAG_LEN is 32 with the NUL [include/arch/x86/asm/vm_config.h]; 25_linux_acrn makes shell variables of tags
    if (value === "" || /^[A-Za-z0-9_]{1,31}$/.test(value)) return value;
    throw new AcrnError("image.tag", `${part} of ${name} is ${JSON.stringify(value.slice(0, 60))}`, {
      where: placeOf(doc, element ?? vm),
      hint: "GRUB and the hypervisor tell modules by it: use at most 31 letters, digits and _.",
    });
  };
  const ramdisk = tag("ramdisk_mod");
  return { kernel: tag("kern_mod") || "Linux_bzImage", ...(ramdisk ? { ramdisk } : {}) };
}

/**
 * The file `entry`, which our grub.d script reads word by word: nothing in it is ever evaluated by a shell. The last line tells a whole one.
 * A `-` stands for no tag; names are for people.
 */
export function printEntry({ policy, service, preLaunched }: BootEntry): string {
  const name = (text: string) => text.replace(/[^\w.-]/g, "?") || "?";
  return [
    "pulumi-acrn entry 1",
    ...(policy ? [`policy ${policy}`] : []),
    `service ${service.id} ${service.kernel} ${service.ramdisk ?? "-"}`,
    ...preLaunched.map((vm) => `vm ${vm.id} ${vm.kernel} ${vm.ramdisk ?? "-"} ${name(vm.name)}`),
    "end",
    "",
  ].join("\n");
}
