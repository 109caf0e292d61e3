import type { Topology } from "../hardware/types";
import type { Dialect } from "./types";

const OPTION = "--cpu_affinity";

/** The pCPUs that a running acrn-dm was given: APIC ids from v3.0 on, pCPU ids before (reference 6.2). Undefined: none, or the board does not tell. */
export function launchedOn(
  args: readonly string[],
  dialect: Dialect | undefined,
  topology: Topology,
): number[] | undefined {
  const at = args.findIndex((word) => word === OPTION || word.startsWith(`${OPTION}=`));
  const word = args[at] ?? "";
  const list = word.includes("=") ? word.slice(word.indexOf("=") + 1) : args[at + 1];
  if (at < 0 || !list || !/^\d+(,\d+)*$/.test(list)) return undefined;
  const ids = list.split(",").map(Number);
  const pcpus = dialect === "3.x" ? ids.map((id) => topology.pcpus.find((each) => each.apicId === id)?.id) : ids;
  return pcpus.every((id): id is number => id !== undefined) ? pcpus.sort((a, b) => a - b) : undefined;
}
