import assert from "node:assert/strict";
import type { PowerOff } from "../../examples/lab/lab";
import { withLab } from "../support/engine-lab";
import { RtCell } from "../support/engine-rt";
import { EngineStack } from "../support/engine-stack";

const RT = "POST_RT_VM1";
const HOME = "/root/acrn-work/launch_rt.sh";

const program = (guest: string, { memory = "2G", pcpus = "[3]" } = {}) => `
const host = new AcrnHost("cell", { connection: at.cell });
const cores = new CorePartition("cores", { host, vms: { ${RT}: ${pcpus} } });
new RtVm("rt", { host, name: "${RT}", partition: cores, memory: "${memory}", script: { edited: "${HOME}" } });
new Activation("act", {
  host, allow: ["rtvm-power-cycle"], guests: { ${RT}: ${guest} }, limits: { powerOff: 20, launch: 20, reboot: 30 },
});`;

const SSH = `{ ssh: guests.cell.${RT} }`;

describe("engine: what an Activation does not do", function () {
  const guest: { address: string; powerOff: PowerOff } = { address: "192.168.1.10", powerOff: "at-once" };
  const lab = withLab(this, [
    {
      name: "cell",
      init: "systemd",
      scripts: true,
      bootMs: 50,
      shutdownMs: 20,
      vms: [
        { kind: "service", cpus: [0, 1] },
        { kind: "post-rt", name: RT, cpus: [3] },
        { kind: "post", name: "POST_STD_VM1", cpus: [1, 2] },
      ],
      guests: { [RT]: guest },
    },
  ]);
  let stack: EngineStack;
  let cell: RtCell;

  before(async () => {
    stack = await EngineStack.create(lab(), "refusals");
    cell = new RtCell(lab(), "cell");
    const generated = "usr/share/acrn/launch-scripts/engine-board/shared/launch_user_vm_id1.sh";
    cell.write(HOME.slice(1), lab().read("cell", generated));
    await cell.launch(HOME, RT);
  });

  /** Row by row: how the guest was to be shut down, and why it is not. */
  const rows: { what: string; guest: string; says: RegExp }[] = [
    { what: "a command that fails", guest: '{ command: "exit 7" }', says: /that shuts it down failed \(status 7\)/ },
    { what: "life_mngr, which is not there", guest: "{ lifeMngr: true }", says: /life_mngr did not pass it on/ },
    {
      what: "an address that is the host itself",
      guest: '{ ssh: { ...at.cell, jump: "none" } }',
      says: /that address is the host itself/,
    },
  ];
  for (const { what, guest, says } of rows)
    it(`${what}: the VM runs on, and nothing is to come back`, async () => {
      const before = cell.running(RT);
      stack.program(program(guest));
      const { text } = await stack.fails("up");
      assert.match(text, says);
      assert.deepEqual([cell.running(RT), cell.interrupted], [before, []]);
      assert.equal(cell.machine.state().power, "up");
      assert.ok(!lab().has("cell", "var/lib/pulumi-acrn/cycling"));
    });

  it("an image that is installed and not booted: the VM might not start again", async () => {
    stack.program(program(SSH, { pcpus: "[3, 4]" }).replace('["rtvm-power-cycle"]', "[]"));
    await stack.ok("up");
    cell.install();
    const before = cell.running(RT);
    stack.program(program(SSH, { pcpus: "[3, 4]" }));
    const { text } = await stack.fails("up");
    assert.match(text, /an image is installed that was not there at this boot .*reboot first/);
    assert.deepEqual([cell.running(RT), cell.interrupted], [before, []]);
    await cell.reboot(RT);
    await cell.launch(HOME, RT);
  });

  it("an acrn-dm that is killed while its guest goes down: no proof, so it is not launched again, and it is said", async () => {
    guest.powerOff = { afterMs: 15_000 };
    stack.program(program(SSH, { pcpus: "[3, 4]", memory: "3G" }));
    const before = cell.machine.events.length;
    const pid = cell.running(RT)?.pid;
    assert.ok(pid);
    const marked = () => lab().has("cell", `var/lib/pulumi-acrn/cycling/${RT}`);
    const run = await stack.run(["up"], {
      during: async () => {
        while (!marked()) await new Promise((settle) => setTimeout(settle, 50));
        await new Promise((settle) => setTimeout(settle, 3000)); // by then the guest has agreed
        process.kill(pid, "SIGKILL");
      },
    });
    assert.notEqual(run.status, 0, run.text);
    assert.match(run.text, /the acrn-dm of POST_RT_VM1 is gone, and nothing proves that the guest is off/);
    assert.match(run.text, /Look at it on the spot/);
    const events = cell.machine.events.slice(before);
    assert.deepEqual(
      events.filter((event) => /launch|reboot|dark/.test(event)),
      [],
      "ACRN would refuse a second instance, and a reboot would take the machine off the net",
    );
  });
});
