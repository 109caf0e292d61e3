import { rtVmWorld } from "../faults/rt-vm-world";
import { fullAtCommands } from "../faults/support/full";
import { type Command, killAtCommands, killAtSteps, type Victim } from "../faults/support/kill";
import { mayMount, NO_MOUNT } from "../faults/support/mounts";
import { powerCuts } from "../faults/support/power";
import { seeded } from "../faults/support/seeded";
import { stubbed } from "../faults/support/stubs";
import type { World } from "../faults/support/world";
import { shells, temporary } from "../host/helpers";
import { needs, optional } from "../support/needs";
import { Tally } from "../support/tally";

const VICTIMS: readonly Victim[] = ["runner", "holder", "both"];
const COMMANDS: readonly Command[] = ["dies", "goes on"];

/** What test/faults/rt-vm.test.ts takes samples of. */
for (const { name, shell } of shells())
  describe(`faults at every command of an RtVm, ${name}`, function () {
    this.timeout(3_600_000);
    let world: World;
    before(async function () {
      needs(this, shell, `no ${name} on this machine`);
      world = await rtVmWorld();
    });

    for (const victim of VICTIMS)
      for (const command of COMMANDS)
        it(`kill: ${victim}, the command ${command}`, async () => {
          const tally = new Tally(`RtVm: kill, ${name}, ${victim}, command ${command}`);
          const sweep = { world, shell: stubbed(shell ?? {}), victim, command };
          await killAtCommands(sweep, tally);
          if (victim !== "holder") await killAtSteps(sweep, tally);
          tally.check();
        });

    it("full disk", async function () {
      optional(this, mayMount(temporary()), NO_MOUNT);
      const tally = new Tally(`RtVm: full disk, ${name}`);
      await fullAtCommands({ world, shell: stubbed(shell ?? {}), where: "var/lib", stride: 1 }, tally);
      tally.check();
    });

    it("power cut, twenty draws a command", async () => {
      const tally = new Tally(`RtVm: power cut, ${name}`);
      await powerCuts(world, shell ?? {}, tally, seeded(2), 20);
      tally.check();
    });
  });
