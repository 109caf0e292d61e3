import { diffOf } from "../../../provider/core/plan/render-text";
import { machineKey, type Snapshot } from "../../../provider/core/snapshot";
import type { Host } from "../host";
import type { StackPlan } from "../stack/plan-stack";

/** The machine as every JSON document names it. */
export function hostData(host: Host, snapshot: Snapshot) {
  return { address: host.label, machine: machineKey(snapshot.identity) ?? null, kind: snapshot.kind };
}

/** A plan as data. Every key is always there; what is not there on the machine is null. */
export function planData({ resources, leaving, whole }: StackPlan) {
  const { plan, pending } = whole;
  return {
    lines: whole.lines,
    edits: plan.edits.map((edit) => ({ ...edit, before: edit.before ?? null, after: edit.after ?? null })),
    claims: plan.claims,
    left: plan.left,
    notes: plan.notes,
    acts: plan.acts,
    files: plan.files.map((file) => ({
      path: file.path,
      action: file.before === undefined ? "create" : file.after === undefined ? "remove" : "change",
      diff: diffOf(file),
    })),
    resources: resources.map(({ name, type, urn, planned: { lines, reasons, outputs } }) => ({
      name,
      type,
      urn,
      lines,
      reasons,
      outputs,
    })),
    withdrawn: leaving.map(({ urn, kind, stack }) => ({ urn, type: kind, stack })),
    pending,
  };
}
