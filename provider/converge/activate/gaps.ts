import { type ClosFault, closFaultsOf } from "../../core/acrn/clos/faults";
import { noopShared, showShared } from "../../core/acrn/features/sharing";
import { sharedCores } from "../../core/acrn/rt-vm/shared-cores";
import { readScenario } from "../../core/acrn/scenario";
import { scenarioFile } from "../../core/acrn/scenario-document";
import type { LaunchScript } from "../../core/acrn/types";
import type { Document, Documents } from "../../core/claims/types";
import type { Topology } from "../../core/hardware/types";
import type { Act } from "../../core/plan/acts";
import { launchScripts } from "../../resources/core-partition/scripts";
import type { Draft } from "../draft";

interface Source {
  text: string | undefined;
  file: string;
}

const sourceOf = (documents: Documents): Source => scenarioFile(documents.get("scenario") as Document);

/** What ACRN would build without a word although classes of the cache do not hold: errors alone. The board is asked only where RDT is on. */
export function cacheGaps(
  documents: Documents,
  topology: () => Topology,
  scripts: readonly LaunchScript[] = [],
): ClosFault[] {
  return cacheGapsIn(sourceOf(documents), topology, scripts);
}

function cacheGapsIn({ text, file }: Source, topology: () => Topology, scripts: readonly LaunchScript[]): ClosFault[] {
  if (text === undefined || !readScenario(text, file).rdtEnabled) return [];
  return closFaultsOf(text, file, topology(), scripts).filter(({ severity }) => severity === "error");
}

/** VMs that would share a pCPU under the noop scheduler, as a sentence. */
function noopGaps({ text, file }: Source): string[] {
  const shared = text === undefined ? [] : noopShared(text, file);
  if (shared.length === 0) return [];
  return [
    `the scheduler is noop, and VMs share pCPUs, of which the second never runs: ${showShared(shared)} (features.noop-shared): such an image is not installed. Give each VM pCPUs of its own, or take another scheduler.`,
  ];
}

/** Whole-host rules of cores: no CorePartition sees a VM that came otherwise. */
function coreGaps({ text, file }: Source): string[] {
  const twice = text === undefined ? [] : sharedCores(text, file);
  return twice.map(
    (said) =>
      `${said} (cores.shared): such an image is not installed. Give the real-time VM pCPUs of its own (CorePartition).`,
  );
}

/**
 * Obstacles of an Activation that may install an image.
 * @param image what the image was made from that comes or is to be confirmed; undefined: it will be made from the scenario source
 */
export function gapObstacles(
  draft: Draft,
  acts: readonly Act[],
  allow: readonly string[],
  image?: Draft["comes"],
): string[] {
  const comes = acts.some(({ act }) => act === "hypervisor-install") && allow.includes("hypervisor-install");
  if (!comes) return [];
  const source = image
    ? { text: image.scenario, file: `the scenario of image ${image.id}` }
    : sourceOf(draft.documents);
  const caches = cacheGapsIn(source, draft.topology, launchScripts(draft.snapshot)).map(
    ({ rule, message, hint }) => `${message} (${rule}): such an image is not installed. ${hint}`,
  );
  return [...caches, ...coreGaps(source), ...noopGaps(source)];
}
