import { pathOfFile } from "../../core/acrn/file-document";
import { placeTrouble, plainPath } from "../../core/acrn/rt-vm/script-place";
import { affinityId, vmOfField } from "../../core/acrn/scenario-surface";
import { splitField } from "../../core/claims/types";
import type { Refusal } from "../../core/plan/types";
import type { Alone } from "../alone";
import type { View } from "../kind";
import { refusal } from "./refusal";
import { ownLauncher, type RtVmArgs, scriptOf } from "./schema";

const propertyOf = ({ script }: RtVmArgs): string =>
  script === undefined ? "script" : "owned" in script ? "script.owned" : "script.edited";

const ONE_EACH = "Each VM has a launch script of its own: name another one, or split it.";

/** A VM is one RtVm's, and so is its launch script. (The wrapper and acrnd's entry are called after the VM.) */
export function alone(args: RtVmArgs): Alone[] {
  const vm = {
    key: `VM ${args.name}`,
    what: `the VM ${args.name}`,
    property: "name",
    hint: "Put what both say into one RtVm.",
  };
  if (args.load === "pre-launched") return [vm];
  const { path } = scriptOf(args);
  const script = { key: `file ${plainPath(path)}`, what: path, property: propertyOf(args), hint: ONE_EACH };
  return [vm, script];
}

/** Where the script may not lie, and whose it is already in another stack: within one the run itself tells (`alone`). */
export function placeRules(view: View, args: RtVmArgs): Refusal[] {
  const { path, owned } = scriptOf(args);
  const trouble = placeTrouble(path, owned, ownLauncher(args.name));
  if (trouble) return [refusal("script-place", propertyOf(args), "T01", trouble.what, trouble.hint)];
  const other = otherStack(view, args.name, plainPath(path));
  return other === undefined
    ? []
    : [refusal("script-taken", propertyOf(args), "T01", `${path} is the launch script of ${other}`, ONE_EACH)];
}

/** The RtVm of another stack that holds a field of the file and is for another VM; for the same VM the values decide (claims/resolve.ts). */
function otherStack({ foreign }: View, vm: string, path: string): string | undefined {
  const holders = [...foreign].flatMap(([field, owners]) => {
    const file = pathOfFile(splitField(field)[0]);
    return file !== undefined && plainPath(file) === path ? owners : [];
  });
  const same = new Set((foreign.get(affinityId(vm)) ?? []).map(({ id }) => id));
  const other = holders.find(({ id, kind }) => kind === "RtVm" && !same.has(id));
  if (!other) return undefined;
  const theirs = [...foreign].find(([field, owners]) => vmOfField(field) && owners.some(({ id }) => id === other.id));
  const name = theirs && vmOfField(theirs[0])?.vm;
  return `${name ?? "another VM"} already: ${other.urn} of stack ${other.stack}`;
}
