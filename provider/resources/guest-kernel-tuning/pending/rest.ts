import { currentText, type Documents, splitField } from "../../../core/claims/types";
import { type Snapshot, textOf } from "../../../core/snapshot";
import { initOf, sysctlFilesOf, sysctlLoader } from "../../../core/tuning/guest/profile-facts";
import { parseReport, REPORT } from "../../../core/tuning/runtime/report";
import { UNIT_FOLDER, unitOfId } from "../../../core/tuning/services/surface";
import { SYSCTL, SYSCTL_FRAGMENT } from "../../../core/tuning/sysctl/fragment";
import { sysctlPath } from "../../../core/tuning/sysctl/names";
import { effectiveSysctls, overriddenOf } from "../../../core/tuning/sysctl/overrides";
import type { Pending, View } from "../../kind";
import { BUILT, bootNeeds, bootTime } from "./needs";

/** Written in our fragment, against what runs (as the plan leaves it) and against who is read later. */
export function sysctlPending({ snapshot }: View, documents: Documents, field: string): Pending[] {
  const name = /sysctl\[(.+)\]$/.exec(field)?.[1] ?? "";
  const text = textIn(documents, SYSCTL);
  const ours = effectiveSysctls([{ path: SYSCTL_FRAGMENT, text: text ?? "" }], "procps").get(name)?.value;
  const running = textIn(documents, `procsys[${name}]`) ?? snapshot.texts.get(`proc/sys/${sysctlPath(name)}`);
  const now = running?.trim().split(/\s+/).join(" ");
  const row = { field, written: ours ?? "(absent)", built: BUILT, running: now ?? "unknown", needs: [] };
  const beaten = beatenBy(snapshot, text, name);
  if (beaten !== undefined) return [{ ...row, state: "pending", evidence: `${beaten}: it counts from the next boot` }];
  if (snapshot.kind === "folder") return [{ ...row, state: "unknown", evidence: "a folder does not run" }];
  if (now === undefined) return [{ ...row, state: "unknown", evidence: "the kernel that runs has no such sysctl" }];
  const says = now === ours;
  return [{ ...row, state: says ? "active" : "pending", evidence: says ? "/proc/sys says so" : "the up sets it" }];
}

function textIn(documents: Documents, id: string): string | undefined {
  const document = documents.get(id);
  return document && currentText(document);
}

function beatenBy(snapshot: Snapshot, text: string | undefined, name: string): string | undefined {
  const others = sysctlFilesOf(snapshot).filter(({ path }) => path !== SYSCTL_FRAGMENT);
  const files = [...others, { path: SYSCTL_FRAGMENT, text: text ?? "" }];
  return overriddenOf(files, sysctlLoader(initOf(snapshot))).find((each) => each.name === name && each.certain)?.text;
}

/** A mask counts from the boot after it was written: nothing that runs is stopped for it. */
export function unitPending(view: View, field: string): Pending[] {
  const unit = unitOfId(splitField(field)[0]) ?? "";
  const { snapshot } = view;
  const file = snapshot.files.get(`${UNIT_FOLDER}/${unit}`);
  const booted = bootTime(snapshot);
  const row = { field, written: "masked", built: BUILT, needs: [] };
  if (snapshot.kind === "folder")
    return [{ ...row, state: "unknown", running: "unknown", evidence: "a folder does not run" }];
  const masked = file?.kind === "file" && file.bytes?.length === 0;
  if (masked && booted !== undefined && (file.mtime ?? booted) < booted)
    return [{ ...row, state: "active", running: "masked", evidence: "masked since before this boot" }];
  return [
    {
      ...row,
      state: "pending",
      running: "as it was started",
      evidence: "it counts from the next boot",
      needs: bootNeeds(view),
    },
  ];
}

/** By the report of the script's last run in this boot. */
export function knobPending({ snapshot }: View, field: string, text: string | undefined): Pending[] {
  const wanted = [...(text ?? "").matchAll(/^knob (\w+) '([^']*)'/gm)].map(([, name, value]) => ({ name, value }));
  const report = parseReport(textOf(snapshot, REPORT) ?? "");
  const row = {
    field,
    written: wanted.map(({ name, value }) => `${name} ${value}`).join(", "),
    built: BUILT,
    needs: [],
  };
  const missing = wanted.filter(({ name, value }) => {
    const found = report.find((each) => each.name === name);
    return !found || found.failed.length > 0 || (found.files > 0 && found.value !== value);
  });
  if (missing.length === 0)
    return [{ ...row, state: "active", running: row.written, evidence: `${REPORT} of this boot` }];
  const evidence =
    snapshot.kind === "folder"
      ? "a folder does not run"
      : `${missing.map(({ name }) => name).join(", ")}: not in ${REPORT}; the up runs the unit`;
  return [{ ...row, state: snapshot.kind === "folder" ? "unknown" : "pending", running: "unknown", evidence }];
}
