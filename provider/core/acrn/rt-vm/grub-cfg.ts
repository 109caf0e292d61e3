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

/** What keeps these arguments from reaching that kernel. */
export function tagTrouble(tag: string | undefined, bootArgs: string): { what: string; hint: string } | undefined {
  if (tag === undefined)
    return { what: "its os_config names no kern_mod", hint: "Give it one in the scenario: GRUB tells kernels by it." };
  if (!/^[A-Za-z0-9_]+$/.test(tag))
    return {
      what: `its kern_mod ${JSON.stringify(tag)} cannot be part of a shell variable's name`,
      hint: "Use letters, digits and _ alone.",
    };
  // the text passes through the shell of update-grub and through GRUB's own
  const bad = /[^ -~]|["'`$\\;&|<>(){}#]/.exec(bootArgs)?.[0];
  if (bad === undefined) return undefined;
  return {
    what: `bootArgs holds ${JSON.stringify(bad)}, which shell or GRUB would take apart`,
    hint: "Write the arguments without it.",
  };
}

/** A file of our own below /etc/default/grub.d, read after the packages' acrn.cfg, so that it wins. */
export function preLaunchedCfg(vm: string, tag: string, bootArgs: string): string {
  return `# Kernel arguments of the pre-launched ACRN VM ${vm}, written by pulumi-acrn (RtVm). They take the place of those
# that its image was built with. Run update-grub after a change; they take effect when the machine boots.
export GRUB_ACRN_MOD_CMDLINE_${tag}="${bootArgs}"
`;
}
