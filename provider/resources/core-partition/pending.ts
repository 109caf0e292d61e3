import type { Evidence, RunningVm } from "../../core/acrn/evidence";
import { readScenario } from "../../core/acrn/scenario";
import { scenarioFile } from "../../core/acrn/scenario-document";
import { affinityId, vmOfAffinity } from "../../core/acrn/scenario-surface";
import type { Scenario, VmView } from "../../core/acrn/types";
import { same } from "../../core/claims/same";
import type { Document, Documents } from "../../core/claims/types";
import { formatCpuList } from "../../core/hardware/cpu-set";
import type { Pending, View } from "../kind";

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

/** New pCPUs for a VM that the scenario has are compiled into the hypervisor (acrn-reference 7a). */
const NEW_IMAGE = [
  { act: "hypervisor-install", target: "host" },
  { act: "host-reboot", target: "host" },
] as const;

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
  if (!evidence.built.known)
    return {
      ...given,
      state: "unknown",
      built: "unknown",
      running: "unknown",
      evidence: evidence.built.why,
      needs: [],
    };
  // What runs was launched from the booted image, whatever has been written since.
  const run = { ...runningState(vm, image, evidence.running, host), built: show(image) };
  const row = { ...given, ...run, evidence: `${run.evidence}; ${evidence.built.why}` };
  return same(written, image) ? row : { ...row, state: "pending", needs: [...NEW_IMAGE] };
}

/** acrn-dm may narrow what the image allows, so its own argument counts while the VM runs. */
function runningState(vm: string, built: number[] | undefined, running: Evidence["running"], host: Host): Runs {
  if (!running.known) return { state: "unknown", running: "unknown", evidence: running.why, needs: [] };
  const process = running.vms.find((p) => p.name === vm);
  if (!process) return withoutProcess(vm, built, host);
  const given = launchedOn(process, host);
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
  if (seen.realtime)
    return {
      state: "unknown",
      running: "unknown",
      evidence: "it has no acrn-dm: it is off, or an orphan",
      needs: [],
    };
  return {
    state: "active",
    running: "(off)",
    evidence: "it has no acrn-dm: the next launch takes what is built",
    needs: [],
  };
}

/** `--cpu_affinity`: APIC ids from v3.0 on, pCPU ids before (acrn-reference 6.2). */
function launchedOn({ args }: RunningVm, host: Host): number[] | undefined {
  const at = args.findIndex((a) => a === "--cpu_affinity" || a.startsWith("--cpu_affinity="));
  const word = args[at] ?? "";
  const list = word.includes("=") ? word.slice(word.indexOf("=") + 1) : args[at + 1];
  if (at < 0 || !list || !/^\d+(,\d+)*$/.test(list)) return undefined;
  const ids = list.split(",").map(Number);
  const apic = host.dialect === "3.x";
  const pcpus = apic ? ids.map((id) => host.view.topology().pcpus.find((p) => p.apicId === id)?.id) : ids;
  return pcpus.every((id): id is number => id !== undefined) ? pcpus.sort((a, b) => a - b) : undefined;
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
