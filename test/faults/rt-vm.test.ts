import { shells, temporary } from "../host/helpers";
import { needs, optional } from "../support/needs";
import { Tally } from "../support/tally";
import { rtVmWorld } from "./rt-vm-world";
import { fullAtCommands } from "./support/full";
import { killAtCommands } from "./support/kill";
import { mayMount, NO_MOUNT } from "./support/mounts";
import { powerCuts } from "./support/power";
import { seeded } from "./support/seeded";
import { stubbed } from "./support/stubs";

/** Samples, under dash alone; the whole product is test/long/rt-vm.test.ts. */
const [{ shell } = { shell: undefined }] = shells().filter(({ name }) => name === "dash");

describe("faults in the transaction of an RtVm", function () {
  this.timeout(600_000);
  before(function () {
    needs(this, shell, "no dash on this machine");
  });

  it("the runner killed at every command: old or new", async () => {
    const tally = new Tally("RtVm: kill, dash, runner, command dies");
    await killAtCommands(
      { world: await rtVmWorld(), shell: stubbed(shell ?? {}), victim: "runner", command: "dies" },
      tally,
    );
    tally.check();
  });

  it("a disk that is full from a command on: old or new, and with room the next run succeeds", async function () {
    optional(this, mayMount(temporary()), NO_MOUNT);
    const tally = new Tally("RtVm: full disk, dash, var/lib");
    await fullAtCommands({ world: await rtVmWorld(), shell: stubbed(shell ?? {}), where: "var/lib", stride: 6 }, tally);
    tally.check();
  });

  it("the power cut before every command: the tree of then boots and launches", async () => {
    const tally = new Tally("RtVm: power cut, dash");
    await powerCuts(await rtVmWorld(), shell ?? {}, tally, seeded(1), 0);
    tally.check();
  });
});
