import { fileId, wholeId } from "../core/acrn/file-document";
import { grubDefaultText } from "../core/acrn/image/grub-default";
import { grubScriptText } from "../core/acrn/image/grub-script";
import { GRUB_DEFAULT_PATH, GRUB_SCRIPT_PATH, IMAGES, WANTED_PATH } from "../core/acrn/image/paths";
import { isTrusted, TRUSTED } from "../core/acrn/image/trusted";
import { printWanted } from "../core/acrn/image/wanted";
import { currentText, type Documents } from "../core/claims/types";
import type { Refusal } from "../core/plan/types";
import { imagePending, wantedIn } from "./hypervisor-image/pending";
import { type Found, type HypervisorImageArgs, hypervisorImageSchema } from "./hypervisor-image/schema";
import type { Declared, ResourceKind, View } from "./kind";

/**
 * The hypervisor that shall run, built from the scenario source (T04, T05, T21 come into force with it). What it claims is which image is wanted, and how GRUB
 * finds images of ours; building, installing and booting them is done around it (converge/image, converge/activate).
 */
export const hypervisorImageKind: ResourceKind<HypervisorImageArgs> = {
  type: "HypervisorImage",
  schema: hypervisorImageSchema,
  onePerMachine: true,
  last: true,
  outputs: ["image", "source", "verified"],
  files: () => [WANTED_PATH, GRUB_SCRIPT_PATH, GRUB_DEFAULT_PATH],
  constant: new Map([
    [
      GRUB_SCRIPT_PATH,
      { text: grubScriptText(), what: "our script for update-grub, an entry of GRUB's menu for each image" },
    ],
    [
      GRUB_DEFAULT_PATH,
      { text: grubDefaultText(), what: "our setting for update-grub, the confirmed image as the default" },
    ],
  ]),
  declare,
  pending: imagePending,
  observe,
};

function declare(view: View, args: HypervisorImageArgs): Declared {
  const { found } = args;
  if (!found) return { wishes: [], outputs: {}, warnings: [], refusals: [ONLY_PROGRAMS], reasons: [] };
  const refusals = refused(view, args, found);
  const id = args.generation ?? found.id;
  const verified = isVerified(view, args, found);
  if (refusals.length > 0) return { wishes: [], outputs: {}, warnings: [], refusals, reasons: [] };
  return {
    wishes: [
      { field: wholeId(WANTED_PATH), value: printWanted({ id, keep: args.keep }) },
      { field: wholeId(GRUB_SCRIPT_PATH), value: grubScriptText() },
      { field: wholeId(GRUB_DEFAULT_PATH), value: grubDefaultText() },
    ],
    outputs: { image: id, source: found.source, verified },
    warnings: [
      ...(found.noOneShot === undefined ? [] : [`no image can be installed on this machine: ${found.noOneShot}`]),
      ...(verified ? [] : [`image ${id}: ${TRUSTED}`]),
    ],
    refusals: [],
    reasons: [reason(args, found)],
  };
}

/** One that is still to be built is refused unless it proves what it was built from, or is to be trusted: what it will say nobody knows before. */
function isVerified({ snapshot }: View, { generation, build }: HypervisorImageArgs, { id, staged }: Found): boolean {
  return generation === undefined && !staged ? !build.trustUnverified : !isTrusted(snapshot, generation ?? id);
}

/** A plan of the command line asks no machine but the one it is for. */
const ONLY_PROGRAMS: Refusal = {
  tip: "image",
  code: "image.program",
  property: "",
  message: "a hypervisor image is built by a Pulumi program",
  hint: "Declare it there; `pulumi-acrn activate` installs and boots what was built.",
};

function reason({ generation, build }: HypervisorImageArgs, { id, staged, source }: Found): string {
  if (generation !== undefined) return `image ${generation}: the kept generation that is asked for`;
  const where =
    build.on === "host" || build.on === "local" ? { host: "on the host", local: "here" }[build.on] : "over SSH";
  return staged ? `image ${id} is there already` : `image ${id} is built ${where} from ${source}`;
}

function refused({ snapshot }: View, { generation }: HypervisorImageArgs, found: Found): Refusal[] {
  const no = (code: string, property: string, message: string, hint: string): Refusal[] => [
    { tip: "image", code: `image.${code}`, property, message, hint },
  ];
  if (generation !== undefined) {
    const there = (id: string) => snapshot.files.get(`${IMAGES}/${id}/image.json`)?.kind === "file";
    if (there(generation)) return [];
    const kept = [...snapshot.files.keys()].flatMap(
      (path) => new RegExp(`^${IMAGES}/([0-9a-f]{16})/image\\.json$`).exec(path)?.[1] ?? [],
    );
    return no(
      "generation",
      "generation",
      `generation ${generation} is not kept on this machine`,
      kept.length > 0 ? `There are ${kept.join(", ")}.` : "There is none yet.",
    );
  }
  if (found.staged || found.missing.length === 0) return [];
  return no(
    "tools",
    "build",
    `it cannot be built: ${found.missing.join("; ")}`,
    "Install what is missing on the machine that builds, or build elsewhere (`on`).",
  );
}

/** What the machine wants to run by now: another id is drift. */
function observe(documents: Documents): Record<string, unknown> {
  const document = documents.get(fileId(WANTED_PATH));
  const text = document && currentText(document);
  return { image: text && wantedIn(text)?.id };
}
