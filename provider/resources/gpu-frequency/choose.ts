import { type Gpu, gpusIn } from "../../core/gpu/read";
import type { Refusal } from "../../core/plan/types";
import type { Snapshot } from "../../core/snapshot";
import type { GpuFrequencyArgs } from "./schema";

/** Where Intel's integrated GPU is on every board. */
const INTEGRATED = "0000:00:02.0";

/** The GPU that is meant; without `gpu`, nobody can tell how it is now. */
export type Choice = { address: string; gpu?: Gpu } | { refused: Refusal };

export function chooseGpu(snapshot: Snapshot, { card }: GpuFrequencyArgs): Choice {
  const gpus = gpusIn(snapshot);
  if (gpus === undefined && snapshot.kind === "folder") return { address: card ?? INTEGRATED };
  const found = card === undefined ? gpus : gpus?.filter(({ address }) => address === card);
  const [gpu, ...more] = found ?? [];
  if (!gpu) return { refused: none(card, gpus ?? []) };
  if (more.length > 0) return { refused: several(found ?? []) };
  return { address: gpu.address, gpu };
}

function none(card: string | undefined, gpus: readonly Gpu[]): Refusal {
  const others = gpus.map(({ address }) => address).join(", ");
  return {
    tip: "T16",
    code: "gpu.none",
    property: "card",
    message: `i915 drives no GPU${card === undefined ? "" : ` at ${card}`} on this machine, so none has limits to be set`,
    hint: others
      ? `It has ${others}.`
      : "Passed through to a VM, the GPU is no longer the Service VM's; the driver may not be loaded (`modprobe i915`), and xe, amdgpu or nvidia have no such limits.",
  };
}

function several(gpus: readonly Gpu[]): Refusal {
  return {
    tip: "T16",
    code: "gpu.several",
    property: "card",
    message: `i915 drives ${gpus.length} GPUs here`,
    hint: `Say which: ${gpus.map(({ address }) => `\`card: "${address}"\``).join(" or ")}.`,
  };
}
