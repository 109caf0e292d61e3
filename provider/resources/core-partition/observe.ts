import { affinityId, scenarioSurface } from "../../core/acrn/scenario-surface";
import { currentText, type Document, type Documents } from "../../core/claims/types";

/** Arguments and outputs as the host has them: what differs is the drift that a refresh shows. */
export function observe(documents: Documents, state: Record<string, unknown>): Record<string, unknown> {
  const live = (vm: string) => liveAffinity(documents, vm);
  const replaced = (map: unknown) =>
    Object.fromEntries(Object.entries((map ?? {}) as Record<string, unknown>).map(([vm, v]) => [vm, live(vm) ?? v]));
  const vms = Object.fromEntries(
    Object.entries((state.vms ?? {}) as Record<string, unknown>).map(([vm, wish]) => [
      vm,
      Array.isArray(wish) ? asWritten(wish as number[], live(vm)) : wish,
    ]),
  );
  return { vms, pcpus: replaced(state.pcpus), evicted: replaced(state.evicted) };
}

/** The order of a list in the program means nothing; it must not look like drift. */
function asWritten(wish: number[], live: number[] | undefined): number[] {
  const same = live && scenarioSurface.show([...wish].sort((a, b) => a - b)) === scenarioSurface.show(live);
  return same || !live ? wish : live;
}

function liveAffinity(documents: Documents, vm: string): number[] | undefined {
  const document = documents.get("scenario") as Document;
  const text = currentText(document);
  if (text === undefined) return undefined;
  const reading = document.surface.read(text, document.path, affinityId(vm).slice("scenario ".length));
  return reading.kind === "value" ? (reading.value as number[]) : undefined;
}
