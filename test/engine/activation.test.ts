import assert from "node:assert/strict";
import type { PowerOff } from "../../examples/lab/lab";
import type { Tree } from "../../examples/lab/tree";
import { withLab } from "../support/engine-lab";
import { RtCell } from "../support/engine-rt";
import type { Run } from "../support/engine-run";
import { changesOf, EngineStack, previewOf } from "../support/engine-stack";

const RT = "POST_RT_VM1";
const HOME = "/root/acrn-work/launch_rt.sh";
const PASSWORD = "correct-horse-7";

type Changes = Partial<Record<"pcpus" | "memory" | "guests" | "autostart" | "more", string>> & { allow?: string[] };

const SSH = `{ ${RT}: { ssh: { ...guests.cell.${RT}, password: pulumi.secret("${PASSWORD}") } } }`;

const program = ({
  allow = [],
  pcpus = "[3]",
  memory = "2G",
  guests = SSH,
  autostart = "undefined",
  more = "",
}: Changes = {}) => `
const host = new AcrnHost("cell", { connection: at.cell });
const cores = new CorePartition("cores", { host, vms: { ${RT}: ${pcpus} } });
const rt = new RtVm("rt", { host, name: "${RT}", partition: cores, memory: "${memory}", script: { edited: "${HOME}" }, autostart: ${autostart} });
new Activation("act", {
  host, allow: ${JSON.stringify(allow)}, guests: ${guests}, limits: { powerOff: 3, launch: 20, reboot: 30 },
});
${more}`;

describe("engine: Activation", function () {
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
  let untouched: Tree;
  const said: string[] = [];

  before(async () => {
    stack = await EngineStack.create(lab(), "activation");
    cell = new RtCell(lab(), "cell");
    cell.write(
      HOME.slice(1),
      lab().read("cell", "usr/share/acrn/launch-scripts/engine-board/shared/launch_user_vm_id1.sh"),
    );
    untouched = lab().tree("cell");
    await cell.launch(HOME, RT);
  });

  async function up(changes: Changes, ...args: string[]): Promise<Run> {
    stack.program(program(changes));
    const run = await stack.ok("up", ...args);
    said.push(run.text);
    return run;
  }

  /** It fails, for a reason, and what ran runs on. */
  async function refused(changes: Changes, why: RegExp): Promise<Run> {
    const [before, interrupted] = [cell.running(RT), cell.interrupted];
    stack.program(program(changes));
    const run = await stack.fails("up");
    said.push(run.text);
    assert.match(run.text, why);
    assert.deepEqual(cell.running(RT), before);
    assert.deepEqual(cell.interrupted, interrupted);
    return run;
  }

  it("allowed nothing, it says in preview and up what is not running and what would make it, and interrupts nothing", async () => {
    const before = cell.running(RT);
    stack.program(program());
    const preview = await stack.ok("preview", "--json");
    said.push(preview.text);
    const lines = previewOf(preview).diagnostics.filter(({ urn }) => urn?.endsWith("::act"));
    const LEFT = /changes are written and not running: rtvm-power-cycle of POST_RT_VM1 .*allow: \["rtvm-power-cycle"\]/;
    assert.match(lines.map(({ message }) => message).join("\n"), LEFT);
    const run = await up({});
    assert.match(run.text, LEFT);
    assert.match(lab().read("cell", HOME.slice(1)), /-m 2048M/);
    assert.deepEqual([cell.running(RT), cell.interrupted], [before, []]);
    await stack.ok("preview", "--expect-no-changes");
  });

  it("nobody said how the guest is shut down: nothing is begun", async () => {
    const run = await refused(
      { allow: ["rtvm-power-cycle"], guests: "{}" },
      /nobody said how POST_RT_VM1 is shut down/,
    );
    assert.match(run.text, /stands in the way/);
  });

  it("a guest that cannot be reached: it runs on", async () => {
    const guests = `{ ${RT}: { ssh: { ...guests.cell.${RT}, host: "192.168.1.99", connectTimeout: 5 } } }`;
    await refused({ allow: ["rtvm-power-cycle"], guests }, /192\.168\.1\.99/);
    assert.ok(!lab().has("cell", "var/lib/pulumi-acrn/cycling"), "nobody was asked, so nothing is to come back");
  });

  it("two Activations for one host are refused, both by name", async () => {
    const more = `const again = new AcrnHost("again", { connection: at.cell });
new Activation("other", { host: again, allow: ["rtvm-power-cycle"], guests: ${SSH} });`;
    await refused({ more }, /two Activation for one machine: (act and other|other and act)/);
  });

  it("a resource that is made after it throws, and says what to do", async () => {
    const more = `new RtVm("late", { host, name: "${RT}", partition: cores });`;
    await refused(
      { more },
      /late comes after act, the Activation of cell, which would not see it: make the Activation last/,
    );
  });

  it("allowed, with --target for it alone: the VM is powered off inside and started again, once", async () => {
    const before = cell.running(RT);
    const type = "pulumi-nodejs:dynamic/acrn:Activation";
    const run = await up({ allow: ["rtvm-power-cycle"] }, "--target", `urn:pulumi:activation::engine::${type}::act`);
    assert.match(run.text, /rtvm-power-cycle of POST_RT_VM1: powered off inside \(.*proof: acrn-dm \d+ ends by itself/);
    assert.match(run.text, /POST_RT_VM1 was power-cycled: acrn-dm \d+/);
    assert.equal(cell.running(RT)?.memory, "2048M");
    assert.notEqual(cell.running(RT)?.pid, before?.pid);
    assert.deepEqual(cell.interrupted, [`power-off ${RT}`]);
    await up({ allow: ["rtvm-power-cycle"] });
    assert.deepEqual(cell.interrupted, [`power-off ${RT}`]);
    await stack.ok("preview", "--expect-no-changes");
  });

  it("an image that is installed: a reboot, and a power cut before it, bring the VM back on its new cores", async () => {
    const allow = ["rtvm-power-cycle", "host-reboot"];
    const waits = await up({ allow, pcpus: "[3, 4]", autostart: "true" });
    assert.match(waits.text, /hypervisor-install/);
    assert.deepEqual(cell.running(RT)?.pcpus, [3]);
    cell.install();
    const told = await stack.ok("preview", "--json");
    assert.ok(changesOf(previewOf(told)).includes("act: update"), told.text);
    const before = cell.machine.events.length;
    const run = await up({ allow, pcpus: "[3, 4]", autostart: "true" });
    assert.match(run.text, /the host was rebooted, and POST_RT_VM1 runs again/);
    const events = cell.machine.events.slice(before);
    assert.deepEqual(events, [`power-off ${RT}`, "reboot", "boot", `launch ${RT}`]);
    assert.deepEqual(cell.running(RT)?.pcpus, [3, 4]);
    await stack.ok("up");
    await stack.ok("preview", "--expect-no-changes");
    assert.deepEqual(cell.machine.events.length, before + 4, "once");
  });

  it("a guest that never goes down: its acrn-dm is left alone, and the message says where everything stands", async () => {
    guest.powerOff = "never";
    const before = cell.running(RT);
    stack.program(program({ allow: ["rtvm-power-cycle"], pcpus: "[3, 4]", autostart: "true", memory: "3G" }));
    const run = await stack.fails("up");
    assert.match(run.text, /POST_RT_VM1 did not power off within 3 s: acrn-dm \d+ is still alive/);
    assert.deepEqual(cell.running(RT), before);
    guest.powerOff = "at-once";
  });

  it("an orphan: whether it runs cannot be told, so nothing is begun, neither a power cycle nor a reboot", async () => {
    await cell.machine.powerCut();
    await cell.happened(new RegExp(`^launch ${RT}$`), cell.machine.events.lastIndexOf("boot"));
    await cell.on(`kill -9 ${cell.running(RT)?.pid}`);
    await cell.happened(new RegExp(`^orphan ${RT}$`), cell.machine.events.lastIndexOf("boot"));
    const changes = { allow: ["rtvm-power-cycle", "host-reboot"], pcpus: "[3, 4, 5]", autostart: "true" };
    const orphaned = cell.interrupted;
    await up(changes);
    assert.deepEqual(cell.interrupted, orphaned);
    cell.install();
    await refused(changes, /whether POST_RT_VM1 runs cannot be told/);
  });

  it("the guest's password is in no preview, no log and no state", () => {
    for (const [where, text] of [...said.map((text) => ["an output", text]), ["the state", stack.stateText()]] as const)
      assert.ok(!text.includes(PASSWORD), where);
    assert.ok(JSON.stringify(stack.resource("act").inputs.guests).includes("ciphertext"));
  });

  it("destroy gives every byte back", async () => {
    const interrupted = cell.interrupted;
    await stack.ok("destroy");
    assert.deepEqual(cell.left(untouched), []);
    assert.deepEqual(cell.interrupted, interrupted);
  });
});
