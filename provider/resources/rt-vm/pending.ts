import { fileId, pathOfFile } from "../../core/acrn/file-document";
import { unconfirmedImage } from "../../core/acrn/image/default";
import { readLaunchScript } from "../../core/acrn/launch-script";
import { launchArguments } from "../../core/acrn/launch-script/arguments";
import { comesBack } from "../../core/acrn/power/marks";
import { allowedBy, takes } from "../../core/acrn/rt-vm/allowed";
import { differences } from "../../core/acrn/rt-vm/differences";
import { readScenario } from "../../core/acrn/scenario";
import { scenarioFile } from "../../core/acrn/scenario-document";
import { vmOfField } from "../../core/acrn/scenario-surface";
import { currentText, type Document, type Documents, splitField } from "../../core/claims/types";
import { affinityPending, imageNeeds, NEW_IMAGE } from "../core-partition/pending";
import type { Pending, View } from "../kind";
import { livenessIn, withoutProcess } from "../liveness";
import { preLaunchedPending } from "./pre-launched-pending";
import { waitingEdit, waitingPath } from "./schema";

/**
 * Of the scenario, pCPUs and the VM itself are compiled into the image; the rest of it feeds the generator of launch scripts and takes effect
 * by the script alone (reference 7). A script takes effect at the next launch.
 */
export function rtVmPending(view: View, documents: Documents, fields: readonly string[]): Pending[] {
  const affinity = affinityPending(view, documents, fields);
  const inserted = fields.flatMap((field) => insertedPending(view, field));
  const scripts = [...new Set(fields.map((field) => splitField(field)[0]))].flatMap((id) =>
    scriptPending(view, documents, id),
  );
  return [...affinity, ...inserted, ...preLaunchedPending(view, documents, fields), ...scripts];
}

function insertedPending(view: View, field: string): Pending[] {
  const found = vmOfField(field);
  if (!found || found.field !== undefined) return [];
  const { built } = view.evidence;
  const image = built.known ? built.scenario : built.next;
  if (image === undefined)
    return [
      {
        field,
        state: "unknown",
        written: found.vm,
        built: "unknown",
        running: "unknown",
        evidence: built.why,
        needs: [],
      },
    ];
  const there = readScenario(image, "scenario.xml").vms.some(({ key }) => key === found.vm);
  if (!built.known && there)
    return [
      {
        field,
        state: "pending",
        written: found.vm,
        built: "unknown",
        running: "unknown",
        evidence: built.why,
        needs: imageNeeds(built),
      },
    ];
  const [state, needs] = there ? (["active", []] as const) : (["pending", NEW_IMAGE] as const);
  return [
    {
      field,
      state,
      written: found.vm,
      built: there ? found.vm : "(no such VM)",
      running: "see its launch script",
      evidence: built.why,
      needs: [...needs],
    },
  ];
}

/** The script against the arguments of the acrn-dm that runs: those that the script gives literally. */
function scriptPending(view: View, documents: Documents, id: string): Pending[] {
  const path = pathOfFile(id);
  const document = documents.get(id);
  const text = document && currentText(document);
  if (!path || !text || path.startsWith("/usr/share/acrn/conf/add/")) return [];
  // somebody's own may be called anything
  if (!path.endsWith(".sh") && !text.includes("acrn-dm")) return [];
  const vm = readLaunchScript(path, text).vm;
  if (vm === undefined) return [];
  const written = `starts ${vm}`;
  const row = (rest: Pick<Pending, "state" | "running" | "evidence" | "needs">): Pending[] => [
    { field: id, written, built: "(not built)", ...rest },
  ];
  if (path.startsWith("/var/lib/pulumi-acrn/images/")) return row(waitingState(view, documents, vm));
  const { running } = view.evidence;
  if (!running.known) return row({ state: "unknown", running: "unknown", evidence: running.why, needs: [] });
  const process = running.vms.find(({ name }) => name === vm);
  if (!process && comesBack(vm, view.snapshot))
    return row({
      state: "pending",
      running: "(powered off)",
      evidence: `a power cycle or reboot was begun and did not come to start ${vm} again`,
      needs: [{ act: "rtvm-power-cycle", target: vm }],
    });
  if (!process) return row(withoutProcess(livenessIn(view, vm)));
  if (runsWaiting(view, documents, vm, process.args))
    return row({
      state: "active",
      running: "(what waits)",
      evidence: `acrn-dm ${process.pid} has what waits for the image that runs, which is on trial; this script is for the default`,
      needs: [],
    });
  const other = differences(launchArguments(text, path), process.args);
  const evidence = `acrn-dm ${process.pid}${other.length === 0 ? " has these arguments" : ` has ${other.join("; ")}`}`;
  if (other.length === 0) return row({ state: "active", running: written, evidence, needs: [] });
  return row({
    state: "pending",
    running: "other arguments",
    evidence,
    needs: [{ act: "rtvm-power-cycle", target: vm }],
  });
}

/** On trial runs the image that it waits for: what is missing is that it is confirmed. */
function waitingState(
  view: View,
  documents: Documents,
  vm: string,
): Pick<Pending, "state" | "running" | "evidence" | "needs"> {
  const trial = unconfirmedImage(view.snapshot);
  const { text, file } = scenarioFile(documents.get("scenario") as Document);
  const pcpus = text === undefined ? undefined : readScenario(text, file).vms.find(({ key }) => key === vm)?.affinity;
  if (trial !== undefined && pcpus && takes(allowedBy(vm, view.evidence, view.snapshot), pcpus))
    return {
      state: "pending",
      running: "(on trial)",
      evidence: `image ${trial} has these pCPUs, runs, and is not the default yet`,
      needs: [{ act: "hypervisor-install", target: "host" }],
    };
  return {
    state: "pending",
    running: "(waits)",
    evidence: "it is kept for the image that has these pCPUs",
    needs: imageNeeds(view.evidence.built),
  };
}

/** While an image is on trial the canonical script is still that of the default, and the VM was started by another. */
function runsWaiting(view: View, documents: Documents, vm: string, args: readonly string[]): boolean {
  if (unconfirmedImage(view.snapshot) === undefined) return false;
  const waiting = [waitingEdit(vm), waitingPath(vm)].map((path) => ({ path, document: documents.get(fileId(path)) }));
  const found = waiting.find(({ document }) => document && currentText(document));
  if (!found?.document) return false;
  return differences(launchArguments(currentText(found.document) as string, found.path), args).length === 0;
}
