import { planResource } from "../../../provider/converge/plan-resource";
import { readBoard } from "../../../provider/core/acrn/board";
import { closVms } from "../../../provider/core/acrn/clos/layout";
import { SOURCE_PATH } from "../../../provider/core/acrn/scenario-document";
import { cacheClosKind } from "../../../provider/resources/cache-clos";
import type { CacheClosArgs } from "../../../provider/resources/cache-clos/schema";
import { hostOf, type Real } from "../../resources/reals";

const who = { stack: "s", kind: "CacheClos", urns: ["urn:clos"] };

/** The scenario source with a cache class for each real-time VM (or for the first VM); undefined where the board has no CAT, or no class fits. */
export function withClasses(real: Real): string | undefined {
  const vms = closVms(real.scenario, real.file, readBoard(real.board, real.folder));
  const realtime = vms.filter((vm) => vm.realtime);
  const chosen = realtime.length > 0 ? realtime : vms.slice(0, 1);
  const classes = Object.fromEntries(chosen.map(({ key }, at) => [`c${at}`, { vms: { [key]: "all" }, l2: 4 }]));
  const memory = hostOf(real);
  const args = cacheClosKind.schema.parse({ classes }) as CacheClosArgs;
  const planned = planResource(memory.draft(), cacheClosKind, who, args, "id");
  if (planned.refusals.length > 0) return undefined;
  memory.apply(planned);
  return memory.files.get(SOURCE_PATH);
}
