import { fileId } from "../core/acrn/file-document";
import { wholeSurface } from "../core/claims/whole-surface";
import type { FilePlan, Plan } from "../core/plan/types";
import type { Declared, ResourceKind } from "../resources/kind";
import type { Draft } from "./draft";

/** A text of ours that is always the same comes or goes in one line; what somebody made of it shows its lines. */
export function described(plan: Plan, kinds: readonly (Pick<ResourceKind, "constant"> | undefined)[]): Plan {
  const constant = new Map(kinds.flatMap((kind) => [...(kind?.constant ?? [])]));
  return { ...plan, files: plan.files.map((file) => describedFile(file, constant.get(file.path))) };
}

function describedFile(
  file: FilePlan,
  known: { text: string | readonly string[]; what: string } | undefined,
): FilePlan {
  const { before, after } = file;
  const comesOrGoes = before === undefined || after === undefined;
  const text = before ?? after;
  if (!known || !comesOrGoes || text === undefined || ![known.text].flat().includes(text)) return file;
  return { ...file, about: `${known.what} (${wholeSurface.show(text)})` };
}

/** A file that is made from another one of the machine: only the diff, and so what people see, knows of it. */
export function comparedWith({ documents }: Draft, { madeFrom }: Declared): (file: FilePlan) => FilePlan {
  return (file) => {
    const label = madeFrom?.get(file.path);
    const text = label === undefined ? undefined : documents.get(fileId(label))?.live;
    if (label === undefined || text === undefined || file.before !== undefined) return file;
    return { ...file, origin: { label, text } };
  };
}
