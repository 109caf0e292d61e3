import { scriptsOf } from "../../../provider/converge/activate/scripts";
import type { Draft } from "../../../provider/converge/draft";
import { after } from "../../../provider/converge/final";
import { planResource } from "../../../provider/converge/plan-resource";
import { type Home, homesOf, liveScript } from "../../../provider/core/acrn/rt-vm/homes";
import type { CorePartitionArgs } from "../../../provider/resources/core-partition";
import { corePartitionKind } from "../../../provider/resources/core-partition";
import { launchScripts } from "../../../provider/resources/core-partition/scripts";
import { rtVmKind } from "../../../provider/resources/rt-vm";
import { rtVmSchema } from "../../../provider/resources/rt-vm/schema";

/** An RtVm for a VM that the host starts by a script of its own. */
export interface FoundRtVm {
  name: string;
  /** A script in a user's folder, that stays theirs; undefined: one is written. */
  edited?: string;
  /** Which script there is now. */
  remark: string;
  /** Why its rules refuse it as it is; empty: a preview of it works. */
  refused: string[];
}

/** VMs of the partition that some launch script of the host starts, each with the script that counts. */
export function foundRtVms(draft: Draft, { vms }: CorePartitionArgs): FoundRtVm[] {
  const scripts = launchScripts(draft.snapshot);
  return Object.keys(vms).flatMap((name) => {
    const homes = homesOf(name, scriptsOf(draft, name).script ?? "", scripts);
    if (homes.length === 0 || !rtVmSchema.shape.name.safeParse(name).success) return [];
    const live = liveScript(name, draft.evidence, draft.snapshot, homes);
    const edited = theirs(homes, live);
    const remark = remarkOf(name, edited, live, homes);
    return [{ name, ...(edited === undefined ? {} : { edited }), remark, refused: [] }];
  });
}

/** The script of a user's own that runs now, else the only one that there is. */
function theirs(homes: readonly Home[], live: string | undefined): string | undefined {
  const own = homes.filter(isTheirs).map(({ path }) => path);
  if (live !== undefined) return own.find((path) => path === live);
  return own.length === 1 ? own[0] : undefined;
}

/** Neither dpkg's nor acrnd's, nor one that another stack has had written. */
function isTheirs({ path, role }: Home): boolean {
  return (role === "other" || role === "canonical") && !path.startsWith("/var/lib/pulumi-acrn/");
}

function remarkOf(
  name: string,
  edited: string | undefined,
  live: string | undefined,
  homes: readonly { path: string }[],
) {
  const runs = live === undefined ? "" : ", which runs now";
  if (edited !== undefined)
    return `${name} is started by ${edited}${live === edited ? ", which runs now" : ""}: of it only what is declared here changes.`;
  const now = live ?? homes.map(({ path }) => path).join(", ");
  return `${name} gets a launch script of its own, as ACRN's generator would write it; there is ${now}${runs}.`;
}

/** Files that the plan of it has to see. */
export function filesOf(found: readonly FoundRtVm[], args: CorePartitionArgs): string[] {
  return found.flatMap((vm) => rtVmKind.files?.(argsOf(vm, args)) ?? []);
}

/** By the very planner that a preview will ask, on the cores as the partition leaves them. */
export function judged(draft: Draft, found: readonly FoundRtVm[], args: CorePartitionArgs): FoundRtVm[] {
  const who = (kind: string) => ({ stack: "(init)", kind, urns: [`(init) ${kind}`] });
  const cores = planResource(draft, corePartitionKind, who(corePartitionKind.type), args);
  const then = after(draft, cores);
  return found.map((vm) => {
    try {
      const { refusals } = planResource(then, rtVmKind, who(rtVmKind.type), argsOf(vm, args));
      return { ...vm, refused: refusals.map(({ tip, message }) => `${tip}: ${message}`) };
    } catch (error) {
      return { ...vm, refused: [(error as Error).message] };
    }
  });
}

function argsOf({ name, edited }: FoundRtVm, { vms }: CorePartitionArgs) {
  const partition = { pcpus: { [name]: vms[name] } };
  return rtVmSchema.parse({ name, partition, ...(edited === undefined ? {} : { script: { edited } }) });
}
