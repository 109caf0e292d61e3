import { fileId } from "../../core/acrn/file-document";
import { currentText, type Documents } from "../../core/claims/types";
import { addressOfId, gpuId, limitId, limitsOf } from "../../core/gpu/document";
import { LIMITS, type Limits } from "../../core/gpu/read";
import { limitsOfRule, UDEV_RULES } from "../../core/gpu/udev-rule";
import type { Pending, View } from "../kind";

const BUILT = "(no part of an image)";

/** Written in udev's rules against what i915 says; an up sets it at once, so what differs is drift, or a machine that does not tell. */
export function gpuPending(view: View, documents: Documents, fields: readonly string[]): Pending[] {
  const written = writtenIn(documents);
  const address = fields.flatMap((field) => addressOfId(field) ?? [])[0];
  if (address === undefined) return unseen(view, fields, written);
  const document = documents.get(gpuId(address));
  const running = limitsOf(document && currentText(document));
  return LIMITS.filter((limit) => fields.includes(limitId(address, limit))).map((limit) =>
    rowOf(limitId(address, limit), written?.[limit], running?.[limit]),
  );
}

export function writtenIn(documents: Documents): Limits | undefined {
  const document = documents.get(fileId(UDEV_RULES));
  const text = document && currentText(document);
  return text === undefined ? undefined : limitsOfRule(text);
}

function rowOf(field: string, written: number | undefined, running: number | undefined): Pending {
  const shown = {
    field,
    written: show(written, "(absent)"),
    built: BUILT,
    running: show(running, "unknown"),
    needs: [],
  };
  if (running === undefined) return { ...shown, state: "unknown", evidence: "i915 does not drive this GPU now" };
  if (running === written)
    return { ...shown, state: "active", evidence: "i915 says so, and udev's rules set it at each boot" };
  return { ...shown, state: "pending", evidence: "i915 has another value than udev's rules: the next up sets it" };
}

/** A folder, or a machine that had no such GPU when it was last written to. */
function unseen({ snapshot }: View, fields: readonly string[], written: Limits | undefined): Pending[] {
  const field = fields.find((each) => each.startsWith(fileId(UDEV_RULES)));
  if (field === undefined) return [];
  const text = written ? LIMITS.map((limit) => `${limit} ${written[limit]}`).join(", ") : "(absent)";
  const evidence = snapshot.kind === "folder" ? "a folder does not run" : "the limits that run are not claimed yet";
  return [{ field, state: "unknown", written: text, built: BUILT, running: "unknown", evidence, needs: [] }];
}

const show = (value: number | undefined, none: string) => (value === undefined ? none : `${value} MHz`);
