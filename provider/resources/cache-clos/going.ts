import { readScenario } from "../../core/acrn/scenario";
import { vmFieldId, vmId } from "../../core/acrn/scenario-surface";
import type { View } from "../kind";
import type { CacheClosArgs } from "./schema";

/** Real-time VMs by the claim of an RtVm of this stack alone, of which this declaration says nothing. */
export interface Going {
  /** An RtVm inserted them. */
  leaving: string[];
  /** An RtVm made real-time VMs of them. */
  standard: string[];
}

/**
 * An RtVm that the program drops together with its class is deleted after this plan, and no check says so: the engine asks nothing of what is gone. A VM that stays is
 * named in a class or passed by `rtVms`; one that is not, and would not be there (or not real-time) without a claim of this stack, is planned
 * as if that claim were gone. Where it stays after all, the doors find it without policies, or in the ways of the rest.
 */
export function goingBy(view: View, { classes, rtVms }: CacheClosArgs, text: string, file: string): Going {
  const named = new Set([
    ...Object.values(classes).flatMap(({ vms }) => Object.keys(vms)),
    ...rtVms.map(({ name }) => name),
  ]);
  const ours = (field: string) => view.claimed.has(field) && !view.foreign.has(field);
  const others = readScenario(text, file).vms.filter(({ key, realtime }) => realtime && !named.has(key));
  const leaving = others.filter(({ key }) => ours(vmId(key)) && !view.beneath.has(vmId(key)));
  const standard = others.filter(({ key }) => {
    const type = vmFieldId(key, "vm_type");
    return ours(type) && view.beneath.get(type) !== true;
  });
  const keys = (vms: typeof others) => vms.map(({ key }) => key).sort();
  return { leaving: keys(leaving), standard: keys(standard.filter((vm) => !leaving.includes(vm))) };
}

export function goingWarnings({ leaving, standard }: Going): string[] {
  const stays =
    "If it stays, name it in a class or pass its RtVm by rtVms: until then no image of this scenario is built or installed";
  return [
    ...leaving.map(
      (vm) =>
        `${vm} is in no class, and only an RtVm has it in the scenario: taken to leave with this run, it gets no policy. ${stays}`,
    ),
    ...standard.map(
      (vm) =>
        `${vm} is in no class, and only an RtVm makes a real-time VM of it: taken to be none after this run, it gets the rest's ways. ${stays}`,
    ),
  ];
}
