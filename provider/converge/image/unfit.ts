import { closFaultsOf } from "../../core/acrn/clos/faults";
import { noopShared, showShared } from "../../core/acrn/features/sharing";
import { sharedCores } from "../../core/acrn/rt-vm/shared-cores";
import type { LaunchScript } from "../../core/acrn/types";
import { AcrnError } from "../../core/errors";
import type { Topology } from "../../core/hardware/types";
import type { BuiltFrom } from "./source";

/**
 * The door before the build: what ACRN would build without a word.
 * @throws AcrnError `image.rules`
 */
export function refuseUnfit(
  { scenario }: Pick<BuiltFrom, "scenario">,
  topology: () => Topology,
  scripts: readonly LaunchScript[] = [],
): void {
  const { text, file } = scenario;
  const faults = closFaultsOf(text, file, topology(), scripts).filter(({ severity }) => severity === "error");
  const lines = faults.map(
    ({ rule, line, message, hint }) => `${rule}${line > 0 ? `, line ${line}` : ""}: ${message} ${hint}`,
  );
  if (faults.length > 0) throw unfit(lines, file, "A CacheClos puts the classes right.", faults[0]?.line);
  const twice = sharedCores(text, file);
  if (twice.length > 0) throw unfit(twice, file, "A CorePartition gives a real-time VM pCPUs that no other has.");
  const shared = noopShared(text, file);
  if (shared.length === 0) return;
  const said = `its scheduler is noop, and VMs share pCPUs, of which the second never runs: ${showShared(shared)}`;
  throw unfit(
    [said],
    file,
    "A CorePartition gives each VM pCPUs of its own; HypervisorFeatures takes another scheduler.",
  );
}

function unfit(said: readonly string[], file: string, hint: string, line = 0): AcrnError {
  return new AcrnError("image.rules", `the scenario is not fit to be built: ${said.join("\n")}`, {
    where: { file, ...(line > 0 ? { line } : {}) },
    hint: `Nothing was built. ${hint}`,
  });
}
