import { readFileSync } from "node:fs";
import { join } from "node:path";
import { builtHosts, layDown } from "../../../examples/lab/hosts";
import { emptyLedger } from "../../../provider/core/claims/ledger";
import { folderTarget } from "../../../provider/host/folder";
import { transact } from "../../../provider/host/transaction";
import type { FileChange } from "../../../provider/host/types";
import { change, listing, temporary } from "../../host/helpers";
import { copiesOf, LEDGER_PATH, OWNER, REQUEST, SOURCE_PATH, type World } from "./world";

const SCRIPT = "/usr/share/acrn/launch-scripts/cell-1-board/shared/launch_user_vm_id1.sh";
const SETTINGS = "/etc/default/grub.d/acrn.cfg";
const GONE = "/etc/default/grub.d/old.cfg";

/**
 * A lab host on which one transaction does everything that one can: makes files, replaces some, removes one, and these are what the host
 * boots and launches by. No resource of today writes a launch script or GRUB's settings; the transaction does not care.
 */
export async function bootWorld(): Promise<World> {
  const template = temporary();
  const plan = builtHosts()[0];
  if (!plan) throw new Error("the lab has no hosts");
  layDown({ ...plan, tree: { ...plan.tree, extra: { ...plan.tree.extra, [GONE]: "GRUB_TIMEOUT=1\n" } } }, template);
  const copies = copiesOf(template);
  const changes = changesOf(template);
  const declared = await copies.within(async (copy) => {
    await transact(folderTarget(copy), REQUEST, () => changes, OWNER);
    return listing(copy);
  });
  const unplanned = () => {
    throw new Error("this world has changes and no resource that makes them");
  };
  return { ...copies, changes, old: listing(template), new: declared, plan: unplanned };
}

function changesOf(root: string): FileChange[] {
  const text = (path: string) => readFileSync(join(root, path), "utf8");
  const record = text("usr/share/acrn/scenario.xml");
  const edit = (path: string, from: string, to: string) => change(path, text(path), text(path).replace(from, to));
  return [
    change(SOURCE_PATH, null, record.replace("SCHED_BVT", "SCHED_NOOP")),
    edit(SCRIPT, "-m 1024M", "-m 2048M"),
    edit(SETTINGS, 'GRUB_CMDLINE_ACRN=""', 'GRUB_CMDLINE_ACRN="isolcpus=3"'),
    change(GONE, text(GONE), null),
    change(LEDGER_PATH, null, `${JSON.stringify(emptyLedger)}\n`, "0600"),
  ];
}
