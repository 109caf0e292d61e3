import { find, trimSpace } from "../../xml";
import { openScenario } from "../scenario/open";

/**
 * The tag by which the hypervisor finds a pre-launched VM's kernel among GRUB's modules: `os_config/kern_mod`. 25_linux_acrn makes shell variables of
 * tags [debian/grub/25_linux_acrn].
 */
export function tagOf(text: string, file: string, vm: string): string | undefined {
  const element = openScenario(text, file).vms.find(({ view }) => view.key === vm)?.element;
  const tag = element && trimSpace(find(element, "os_config/kern_mod")?.value ?? "");
  return tag || undefined;
}

/** What a kernel's tag is where the scenario leaves it out [schema/VMtypes.xsd]. */
const DEFAULT_TAG = "Linux_bzImage";

/** Other VMs whose kernel has that tag: only the Service VM and pre-launched ones come with a kernel (reference 2.1). */
export function alsoTagged(text: string, file: string, { vm, tag }: { vm: string; tag: string }): string[] {
  return openScenario(text, file)
    .vms.filter(({ view }) => view.key !== vm && view.load !== "post-launched")
    .filter(({ element }) => (trimSpace(find(element, "os_config/kern_mod")?.value ?? "") || DEFAULT_TAG) === tag)
    .map(({ view }) => view.key);
}

/** What keeps these arguments from reaching that kernel, or brings them to another one too. */
export function tagTrouble(
  tag: string | undefined,
  bootArgs: string,
  others: readonly string[] = [],
): { what: string; hint: string } | undefined {
  if (tag === undefined)
    return { what: "its os_config names no kern_mod", hint: "Give it one in the scenario: GRUB tells kernels by it." };
  if (!/^[A-Za-z0-9_]+$/.test(tag))
    return {
      what: `its kern_mod ${JSON.stringify(tag)} cannot be part of a shell variable's name`,
      hint: "Use letters, digits and _ alone.",
    };
  if (others.length > 0)
    return {
      what: `${others.join(" and ")} has the kern_mod ${tag} too, and would get these arguments as well`,
      hint: "Give each VM a kern_mod of its own in the scenario: GRUB tells kernels by it.",
    };
  // the text passes through the shell of update-grub and through GRUB's own: 25_linux_acrn reads it by an unquoted `eval echo`, so that names of files
  // may come of patterns, and echo keeps options for itself
  const bad = /[^ -~]|["'`$\\;&|<>(){}#*?[]/.exec(bootArgs)?.[0] ?? /^ *(-[neE]+)(?: |$)/.exec(bootArgs)?.[1];
  if (bad === undefined) return undefined;
  return {
    what: `bootArgs holds ${JSON.stringify(bad)}, which shell or GRUB would take apart`,
    hint: "Write the arguments without it.",
  };
}

/** What the user may take for something else. `settings`: the texts of /etc/default/grub and of what lies in grub.d. */
export function tagWarnings(vm: string, tag: string, bootArgs: string, settings: readonly string[]): string[] {
  const named = new RegExp(`^[^#\n]*\\bGRUB_ACRN_MOD_${tag}=`, "m");
  return [
    // [hypervisor/boot/guest/vboot_info.c init_vm_bootargs_info]
    ...(bootArgs.trim() === ""
      ? [`${vm}: empty bootArgs take nothing away: the arguments that its image was built with stay in force`]
      : []),
    // [debian/grub/25_linux_acrn add_prelaunched_vms]
    ...(settings.some((text) => named.test(text))
      ? []
      : [
          `${vm}: no GRUB_ACRN_MOD_${tag} names its kernel in /etc/default/grub or /etc/default/grub.d: update-grub skips the VM, and with it bootArgs`,
        ]),
  ];
}

/** A file of our own below /etc/default/grub.d, read after the packages' acrn.cfg, so that it wins. */
export function preLaunchedCfg(vm: string, tag: string, bootArgs: string): string {
  return `# Kernel arguments of the pre-launched ACRN VM ${vm}, written by pulumi-acrn (RtVm). They take the place of those
# that its image was built with. Run update-grub after a change; they take effect when the machine boots.
export GRUB_ACRN_MOD_CMDLINE_${tag}="${bootArgs}"
`;
}
