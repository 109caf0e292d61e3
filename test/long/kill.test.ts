import { bootWorld } from "../faults/support/boot-world";
import { fullAtCommands } from "../faults/support/full";
import { type Command, killAtCommands, killAtSteps, type Victim } from "../faults/support/kill";
import { mayMount, NO_MOUNT } from "../faults/support/mounts";
import { powerCuts } from "../faults/support/power";
import { seeded } from "../faults/support/seeded";
import { stubbed } from "../faults/support/stubs";
import { smallWorld, type World } from "../faults/support/world";
import { shells, temporary } from "../host/helpers";
import { needs, optional } from "../support/needs";
import { Tally } from "../support/tally";

const WORLDS: [name: string, make: () => Promise<World>][] = [
  ["first", () => smallWorld("first")],
  ["again", () => smallWorld("again")],
  ["what boots and launches", bootWorld],
];
const VICTIMS: readonly Victim[] = ["runner", "holder", "both"];
const COMMANDS: readonly Command[] = ["dies", "goes on"];
const FOLDERS = ["var/lib", "etc/default"];

/** What the tests of every day take samples of: every world, under every shell, with every fault. */
for (const { name, shell } of shells())
  for (const [kind, make] of WORLDS)
    describe(`faults at every command of ${kind}, ${name}`, function () {
      this.timeout(3_600_000);
      let world: World;
      before(async function () {
        needs(this, shell, `no ${name} on this machine`);
        world = await make();
      });

      for (const victim of VICTIMS)
        for (const command of COMMANDS)
          it(`kill: ${victim}, the command ${command}`, async () => {
            const tally = new Tally(`kill, ${name}, ${kind}, ${victim}, command ${command}`);
            const sweep = { world, shell: stubbed(shell ?? {}), victim, command };
            await killAtCommands(sweep, tally);
            if (victim !== "holder") await killAtSteps(sweep, tally);
            tally.check();
          });

      for (const where of FOLDERS)
        it(`full disk: ${where}`, async function () {
          optional(this, mayMount(temporary()), NO_MOUNT);
          optional(
            this,
            where === "var/lib" || (kind !== "first" && kind !== "again"),
            "that world writes nothing there",
          );
          const tally = new Tally(`full disk, ${name}, ${kind}, ${where}`);
          await fullAtCommands({ world, shell: stubbed(shell ?? {}), where, stride: 1 }, tally);
          tally.check();
        });

      it("power cut, twenty draws a command", async () => {
        const tally = new Tally(`power cut, ${name}, ${kind}`);
        await powerCuts(world, shell ?? {}, tally, seeded(2), 20);
        tally.check();
      });
    });
