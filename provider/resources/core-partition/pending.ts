import type { Evidence } from "../../core/acrn/evidence";
import { launchedOn } from "../../core/acrn/launched-on";
import { readScenario } from "../../core/acrn/scenario";
import { scenarioFile } from "../../core/acrn/scenario-document";
import { affinityId, vmOfAffinity } from "../../core/acrn/scenario-surface";
import type { Scenario, VmView } from "../../core/acrn/types";
import { same } from "../../core/claims/same";
import type { Document, Documents } from "../../core/claims/types";
import { formatCpuList } from "../../core/hardware/cpu-set";
import type { Pending, View } from "../kind";
import { livenessIn, withoutProcess as withoutProcessOf } from "../liveness";

/** Nothing of it is written, so nothing of it can be pending or run. */
const RESERVED = {
  state: "unknown",
  built: "unknown",
  running: "unknown",
  evidence: "the scenario has no such VM: its pCPUs are only kept for it",
  needs: [],
} satisfies Partial<Pending>;

/** The VMs by key, looked up once for all fields. */
interface Host {
  view: View;
  dialect: Scenario["dialect"] | undefined;
  vms: ReadonlyMap<string, VmView>;
}

type Runs = Pick<Pending, "state" | "running" | "evidence" | "needs">;

const REBOOT = { act: "host-reboot", target: "host" } as const;

/** New pCPUs for a VM that the scenario has are compiled into the hypervisor (acrn-reference 7a). */
export const NEW_IMAGE = [{ act: "hypervisor-install", target: "host" }, REBOOT] as const;

/** What it takes until an image runs that has what is written: a reboot alone, where it is installed already. */
export function imageNeeds(built: Evidence["built"]): Pending["needs"] {
  return !built.known && built.next !== undefined ? [REBOOT] : [...NEW_IMAGE];
}

/** Is the affinity that is written the one that was built, and the one that runs? No evidence is unknown. */
export function affinityPending(view: View, documents: Documents, fields: readonly string[]): Pending[] {
  const { text, file } = scenarioFile(documents.get("scenario") as Document);
  const written = text === undefined ? new Map() : affinities(text, file);
  const { built, running } = view.evidence;
  const image = built.known ? affinities(built.scenario, file) : undefined;
  const scenario = scenarioOf(view);
  const host: Host = { view, dialect: scenario?.dialect, vms: new Map(scenario?.vms.map((vm) => [vm.key, vm])) };
  const vms = fields.flatMap((field) => vmOfAffinity(field) ?? []).sort();
  return vms.map((vm) => stateOf(vm, written.get(vm), image?.get(vm), { built, running }, host));
}

function stateOf(
  vm: string,
  written: number[] | undefined,
  image: number[] | undefined,
  evidence: Evidence,
  host: Host,
): Pending {
  const given = { field: affinityId(vm), written: show(written) };
  if (!host.vms.has(vm)) return { ...given, ...RESERVED };
  if (!evidence.built.known) return { ...given, ...notBooted(vm, written, evidence.built) };
  // What runs was launched from the booted image, whatever has been written since.
  const run = { ...runningState(vm, image, evidence.running, host), built: show(image) };
  const row = { ...given, ...run, evidence: `${run.evidence}; ${evidence.built.why}` };
  return same(written, image) ? row : { ...row, state: "pending", needs: [...NEW_IMAGE] };
}

/** An image that is installed and not booted has it, and a reboot is all that is missing; else nobody can tell. */
function notBooted(vm: string, written: number[] | undefined, built: Evidence["built"] & { known: false }) {
  const unknown = { state: "unknown", built: "unknown", running: "unknown", evidence: built.why, needs: [] } as const;
  if (built.next === undefined) return { ...unknown, needs: [] };
  const next = affinities(built.next, "scenario.xml").get(vm);
  const needs = same(written, next) ? [REBOOT] : [...NEW_IMAGE];
  const evidence = `${built.why}: the next boot has pCPU ${show(next)}`;
  return { ...unknown, state: "pending" as const, evidence, needs };
}

/** acrn-dm may narrow what the image allows, so its own argument counts while the VM runs. */
function runningState(vm: string, built: number[] | undefined, running: Evidence["running"], host: Host): Runs {
  if (!running.known) return { state: "unknown", running: "unknown", evidence: running.why, needs: [] };
  const process = running.vms.find((p) => p.name === vm);
  if (!process) return withoutProcess(vm, built, host);
  const given = launchedOn(process.args, host.dialect, host.view.topology());
  if (!given)
    return {
      state: "active",
      running: show(built),
      evidence: `acrn-dm ${process.pid} names no CPUs of its own`,
      needs: [],
    };
  const active = same(given, built);
  const evidence = `acrn-dm ${process.pid} was started on pCPU ${show(given)}`;
  if (active) return { state: "active", running: show(given), evidence, needs: [] };
  return { state: "pending", running: show(given), evidence, needs: [{ act: cycleOf(vm, host), target: vm }] };
}

function cycleOf(vm: string, host: Host): "rtvm-power-cycle" | "vm-power-cycle" {
  return host.vms.get(vm)?.realtime ? "rtvm-power-cycle" : "vm-power-cycle";
}

/** A pre-launched VM runs what was built. Of a real-time VM no acrn-dm is no proof of anything: it may be an orphan (7b). */
function withoutProcess(vm: string, built: number[] | undefined, host: Host): Runs {
  const seen = host.vms.get(vm);
  if (seen?.load !== "post-launched")
    return { state: "active", running: show(built), evidence: "it starts with the hypervisor", needs: [] };
  if (seen.name === undefined)
    return {
      state: "unknown",
      running: "unknown",
      evidence: `${vm} has no name in the scenario to tell its acrn-dm by`,
      needs: [],
    };
  if (seen.realtime) return withoutProcessOf(livenessIn(host.view, vm));
  return {
    state: "active",
    running: "(off)",
    evidence: "it has no acrn-dm: the next launch takes what is built",
    needs: [],
  };
}

function scenarioOf(view: View): Scenario | undefined {
  const { text, file } = scenarioFile(view.documents.get("scenario") as Document);
  return text === undefined ? undefined : readScenario(text, file);
}

function affinities(text: string, file: string): Map<string, number[] | undefined> {
  const { vms } = readScenario(text, file);
  return new Map(vms.map((vm) => [vm.key, vm.affinity && [...vm.affinity].sort((a, b) => a - b)]));
}

function show(cpus: number[] | undefined): string {
  return cpus ? formatCpuList(cpus) : "(not in the file)";
}
