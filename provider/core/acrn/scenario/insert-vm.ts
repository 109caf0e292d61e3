import { AcrnError } from "../../errors";
import { applyEdits } from "../../text/edits";
import { render, type XmlElement } from "../../xml";
import { behindRemark, gapBefore, lastLine, spaceAtEnd } from "./gap";
import { type OpenScenario, openScenario } from "./open";
import { readVmConfig, type VmConfigFromScenario } from "./vm-config";
import { freeVmId, idProblem } from "./vm-ids";
import { styleAt } from "./vm-place";
import { newVm } from "./vm-template";
import { countOfType, knowsUuids, uuidLimit } from "./vm-uuid";

export { freeVmId };

/** The text with a new post-launched VM behind the last one, laid out like the file's others. */
export function insertVm(text: string, file: string, name: string, id: number, realtime: boolean): string {
  const scenario = openScenario(text, file);
  refuseName(scenario, file, name);
  refuseId(scenario, file, name, id);
  refuseType(scenario, file, realtime);
  const model = modelOf(scenario, realtime);
  return insertRawVm(text, file, sourceOf(scenario, model, id, name, realtime));
}

/** What a VM that is inserted says for its launch before any field is written. */
export function insertedVmDefaults(text: string, file: string, name: string, realtime = true): VmConfigFromScenario {
  return readVmConfig(insertVm(text, file, name, freeVmId(text, file), realtime), file, name);
}

/** The source of a whole VM behind the last one: white space is that before the last one, so it comes out again exactly. */
export function insertRawVm(text: string, file: string, raw: string): string {
  const { doc, vms } = openScenario(text, file);
  const last = (vms.at(-1) as OpenScenario["vms"][number]).element;
  const at = behindRemark(doc, doc.root, last);
  return applyEdits(text, [{ start: at, end: at, text: lastLine(gapBefore(doc, last).text) + raw }]);
}

/** The VM whose habits a new one takes over: of the same type, else post-launched, else the last. */
function modelOf({ vms }: OpenScenario, realtime: boolean): XmlElement {
  const post = vms.filter(({ view }) => view.load === "post-launched");
  const model = post.find(({ view }) => view.realtime === realtime) ?? post.at(-1) ?? vms.at(-1);
  return (model as OpenScenario["vms"][number]).element;
}

function sourceOf(scenario: OpenScenario, model: XmlElement, id: number, name: string, realtime: boolean): string {
  const { doc } = scenario;
  const first = model.children[0] as XmlElement;
  const gap = lastLine(gapBefore(doc, first).text);
  const style = styleAt(doc, gap, first);
  const children = newVm(scenario, model, name, realtime).map((spec) => gap + render(spec, style, style?.eol ?? "\n"));
  const end = lastLine(spaceAtEnd(doc.text.slice(model.contentStart, model.contentEnd)));
  return `<vm id="${id}">${children.join("")}${end}</vm>`;
}

/** [3.4-dev schema/types.xsd VMNameType; v2.5 VMtypes.xsd: up to 32 characters]; acrn-dm takes 15 from v2.7 on (reference 6.2). */
function refuseName(scenario: OpenScenario, file: string, name: string): void {
  const free = knowsUuids(scenario);
  if ((free ? /^(?!#\d+$)(?! )[\x20-\x7e]{1,32}(?<! )$/ : /^[A-Za-z0-9_-]{1,15}$/).test(name)) return;
  throw new AcrnError("scenario.vm-name", `${JSON.stringify(name)} cannot be the name of a new VM`, {
    where: { file },
    hint: free ? "ACRN up to v2.6 takes 1 to 32 characters." : "ACRN takes 1 to 15 letters, digits, _ and -.",
  });
}

export function refuseId(scenario: OpenScenario, file: string, name: string, id: number): void {
  const problem = idProblem(scenario, file, id, name);
  if (problem === undefined) return;
  throw new AcrnError("scenario.vm-id", `${name} cannot be inserted: ${problem}`, {
    where: { file },
    hint: "Leave the id to pulumi-acrn, which takes a free one.",
  });
}

export function refuseType(scenario: OpenScenario, file: string, realtime: boolean): void {
  const type = realtime ? "POST_RT_VM" : "POST_STD_VM";
  const limit = uuidLimit(scenario, type);
  if (limit === undefined || countOfType(scenario, type) < limit) return;
  throw new AcrnError(
    "scenario.uuid",
    `this version of ACRN 2.x holds ${limit} ${type} at most, and the scenario has them`,
    {
      where: { file },
      hint: "Up to v2.6 each VM has one of a few fixed UUIDs: use the VM that is there, or ACRN v2.7 or newer.",
    },
  );
}
