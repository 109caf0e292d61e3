import { readFileSync } from "node:fs";
import type { FolderShell } from "../../../provider/host/folder";
import { folderTarget } from "../../../provider/host/folder";
import { transactScript } from "../../../provider/host/scripts/main";
import { transact } from "../../../provider/host/transaction";
import type { Tally } from "../../support/tally";
import { judgeTold, nextContact, type Told, toldBy } from "./judge";
import { inLanes, LANES } from "./lanes";
import { type Fault, type Plant, planted, type Who } from "./stubs";
import { OWNER, REQUEST, type World } from "./world";

/** Who is killed: the shell that commits, the one that holds the lock, or both at once, as by the machine's OOM killer. */
export type Victim = "runner" | "holder" | "both";

/** What becomes of the command that the killed shell waits for: it never starts, or it ends its work as an orphan. */
export type Command = "dies" | "goes on";

/** One sweep: a world, a shell on the machine (stubbed), and who dies how. */
export interface Sweep {
  world: World;
  shell: FolderShell;
  victim: Victim;
  command: Command;
}

/** The holder first: where it is to die too, it must not begin to recover. */
const PIDS: Record<Victim, string> = {
  runner: "$FAULT_RUNNER",
  holder: "$FAULT_HOLDER",
  both: "$FAULT_HOLDER $FAULT_RUNNER",
};

/** Kills at every command that the victim runs in a whole transaction; its own or, where both die, the runner's. */
export async function killAtCommands({ world, shell, victim, command }: Sweep, tally: Tally): Promise<void> {
  const who: Who = victim === "holder" ? "holder" : "runner";
  const calls = await planted(world, async (plant) => {
    await run(world, plant.root, shell);
    return plant.calls(who);
  });
  const act = `kill -9 ${PIDS[victim]}${command === "dies" ? "" : '; real "$@"'}`;
  await inLanes(calls.keys(), LANES, async (at) => {
    const fault: Fault = { who, nth: at + 1, act };
    const what = `${who} ${at + 1}: ${calls[at]?.slice(0, 60)}`;
    await planted(world, async (plant) => {
      const reached = await tryOne(world, plant, shell, what, tally, { fault });
      if (!reached) tally.add("lost", `${what}: never came to it`);
    });
  });
}

/** Kills the runner, or both, after each step of the journal: what a command never stands for. */
export async function killAtSteps({ world, shell, victim }: Sweep, tally: Tally): Promise<void> {
  const steps = await planted(world, async ({ root }) => {
    await run(world, root, shell, `case $0 in */run) say "$1" >>"$R.faults/steps";; esac`);
    return readFileSync(`${root}.faults/steps`, "utf8").trimEnd().split("\n");
  });
  await inLanes(steps, LANES, (step) =>
    planted(world, async (plant) => {
      const hook = `case $0.$1 in */run.'${step}') kill -9 ${PIDS[victim]};; esac`;
      await tryOne(world, plant, shell, step, tally, { hook });
    }),
  );
}

/** One try and the next contact. Returns whether it came to the fault. */
async function tryOne(
  world: World,
  plant: Plant,
  shell: FolderShell,
  what: string,
  tally: Tally,
  { fault, hook = "" }: { fault?: Fault; hook?: string },
): Promise<boolean> {
  const { root } = plant;
  if (fault) plant.fault(fault);
  const told: Told = await run(world, root, shell, hook).then(() => "new", toldBy);
  const reached = !fault || plant.reached(fault);
  plant.disarm();
  await nextContact(folderTarget(root, shell));
  const { end, why } = judgeTold(root, world, told);
  tally.add(end, `${what}: ${why}`);
  return reached;
}

const run = (world: World, root: string, shell: FolderShell, hook = "") =>
  transact(folderTarget(root, shell), REQUEST, () => world.changes, OWNER, {
    script: transactScript(hook),
    pause: 1,
    id: "00ab",
  });
