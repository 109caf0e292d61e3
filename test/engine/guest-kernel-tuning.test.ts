import assert from "node:assert/strict";
import type { Tree } from "../../examples/lab/tree";
import { until } from "../host/ssh/support";
import { GuestTree } from "../support/engine-guest";
import { LEDGER, withLab } from "../support/engine-lab";
import { RtCell } from "../support/engine-rt";
import type { Run } from "../support/engine-run";
import { EngineStack, previewOf } from "../support/engine-stack";

const RT = "POST_RT_VM1";
const HOME = "/root/acrn-work/launch_rt.sh";
const DEFAULT = "etc/default/grub";
/** On Ubuntu this one wins over the file that everybody edits. */
const FRAGMENT = "etc/default/grub.d/50-cloudimg-settings.cfg";
const SYSCTL = "etc/sysctl.d/zz-pulumi-acrn.conf";
const MIGRATION = "proc/sys/kernel/timer_migration";
const ALLOW = ["rtvm-power-cycle", "guest-reboot"];

/** What goes down and comes up. */
const POWER = /^(?:launch|power-off|stop|restart|orphan|triple|hangs|reset|reboot|poweroff|dark|boot|panics)/;

const TIPS = (cpus: string) =>
  `isolcpus=nohz,domain,${cpus} idle=poll rcu_nocbs=${cpus} rcu_nocb_poll mce=off processor.max_cstate=0 intel_idle.max_cstate=0 intel_pstate=disable`;

interface Changes {
  /** Arguments of the tuning inside the real-time VM, and of the other machine's. */
  rt?: string;
  metal?: string;
  pcpus?: string;
  allow?: readonly string[];
  /** Seconds that a trial's boot may wait to be confirmed. */
  limit?: number;
}

/** The system of a real-time VM, and a machine without ACRN: both in each run, because a run costs seconds. */
const program = ({ rt = "", metal = 'rtCpus: "1-3"', pcpus = "[3, 4]", allow = [], limit = 120 }: Changes = {}) => `
const { Guest, GuestKernelTuning } = require("pulumi-acrn");
const host = new AcrnHost("cell", { connection: at.cell });
const cores = new CorePartition("cores", { host, vms: { ${RT}: ${pcpus} } });
const vm = new RtVm("vm", { host, name: "${RT}", partition: cores, script: { edited: "${HOME}" } });
const act = { allow: ${JSON.stringify(allow)}, limits: { powerOff: 60, launch: 20, reboot: ${limit} } };
const guest = new Guest("rt-os", { via: host, vm, connection: guests.cell.${RT} });
new GuestKernelTuning("rt", { guest, partition: cores, ${rt} });
new Activation("rt-act", { host: guest, ...act });
const own = new Guest("metal-os", { connection: at.metal });
new GuestKernelTuning("metal", { guest: own, ${metal} });
new Activation("metal-act", { host: own, ...act });`;

describe("engine: GuestKernelTuning", function () {
  const lab = withLab(this, [
    {
      name: "cell",
      init: "systemd",
      scripts: true,
      vms: [
        { kind: "service", cpus: [0, 1] },
        { kind: "post-rt", name: RT, cpus: [3, 4] },
      ],
      guests: { [RT]: { address: "192.168.1.10", layout: "debian", cpus: 2, secondMs: 20 } },
    },
    { name: "metal", os: { layout: "ubuntu", cpus: 4, secondMs: 20 }, bootMs: 50, shutdownMs: 20 },
  ]);
  let stack: EngineStack;
  let cell: RtCell;
  let rt: GuestTree;
  let metal: GuestTree;
  let untouched: Record<"cell" | "rt" | "metal", Tree>;
  let lines: string[];

  before(async () => {
    stack = await EngineStack.create(lab(), "tuning");
    cell = new RtCell(lab(), "cell");
    const generated = "usr/share/acrn/launch-scripts/engine-board/shared/launch_user_vm_id1.sh";
    cell.write(HOME.slice(1), lab().read("cell", generated));
    const host = lab().tree("cell");
    await cell.launch(HOME, RT);
    rt = GuestTree.inside(lab(), "cell", RT);
    metal = GuestTree.of(lab(), "metal");
    // with its first command after a boot the lab writes what the kernel shows
    await cell.in(RT, "true");
    await onMetal("true");
    untouched = { cell: host, rt: rt.tree(), metal: metal.tree() };
    lines = [rt.line, metal.line];
  });

  const onMetal = (command: string) => new RtCell(lab(), "metal").on(command);
  const events = () => [cell.machine.events, lab().lab.host("metal").bare.events] as const;
  const given = (changes: Changes) => stack.program(program(changes));
  const pending = (name: string) => JSON.stringify(stack.resource(name).outputs.pending);

  async function up(changes: Changes): Promise<string> {
    given(changes);
    return (await stack.ok("up")).text;
  }

  /** What went down and came up in the meantime: of the host with its VM, and of the other machine. */
  async function power(work: () => Promise<unknown>): Promise<[cell: string[], metal: string[]]> {
    const from = events().map(({ length }) => length);
    await work();
    const [first = [], second = []] = events().map((all, at) => all.slice(from[at]).filter((e) => POWER.test(e)));
    return [first, second];
  }

  /** Both lines were tried and are gone, each machine by itself; nothing of them is the default. */
  async function bothWentBack(changes: Changes): Promise<string> {
    given({ ...changes, allow: ALLOW, limit: 5 });
    const { text } = await stack.fails("up", "--continue-on-error");
    for (const name of ["rt-act", "metal-act"])
      assert.match(text, new RegExp(`Activation \\(${name}\\):(?:\\n {4}.*)*\\n.*error: ${WENT_BACK}`), text);
    assert.ok(rt.line.endsWith(` quiet ${TIPS("1")}`), rt.line);
    assert.ok(metal.line.endsWith(` ${TIPS("1-3")}`), metal.line);
    for (const text of [rt.read(DEFAULT), metal.read(FRAGMENT), rt.read("boot/grub/grub.cfg")])
      assert.doesNotMatch(text, /gone|blacklist/);
    return text;
  }

  const planOf = (run: Run, name: string) =>
    previewOf(run).steps.find(({ urn }) => urn.endsWith(`::${name}`))?.newState?.inputs?.plan as string[];

  it("a first preview shows it file by file and key by key, and writes nothing", async () => {
    given({});
    const preview = await stack.ok("preview", "--json");
    for (const [name, entry] of [
      ["rt", /^trial\[\/boot\/grub\/custom\.cfg\] entry: \(absent\) => entry pulumi-acrn-trial-\w+, which only an Act/],
      ["metal", /^unit\[rsyslog\.service\] file: \(absent\) => masked$/],
    ] as const) {
      const plan = planOf(preview, name);
      assert.ok(plan.includes("procsys[kernel.timer_migration] value: 1 => 0"), plan.join("\n"));
      assert.ok(plan.includes("sysctl sysctl[kernel.timer_migration]: (absent) => 0"), plan.join("\n"));
      assert.ok(plan.includes("unit[systemd-journald.service] file: (absent) => masked"), plan.join("\n"));
      assert.ok(
        plan.some((line) => entry.test(line)),
        plan.join("\n"),
      );
    }
    const shown = previewOf(preview)
      .diagnostics.map(({ message }) => message)
      .join("\n");
    assert.match(shown, /^\+\tlinux \/boot\/vmlinuz\S+ .* quiet isolcpus=nohz,domain,1 idle=poll .* reboot=t pulumi/m);
    assert.match(shown, /^\+kernel\.timer_migration = 0$/m);
    assert.deepEqual(rt.written(untouched.rt), []);
    assert.deepEqual(metal.written(untouched.metal), []);
  });

  it("allowed nothing, it writes an entry that nothing selects, and says which act boots it", async () => {
    const grub = [rt.read(DEFAULT), metal.read(FRAGMENT), rt.read("boot/grub/grub.cfg")];
    let text = "";
    const went = await power(async () => {
      text = await up({});
    });
    assert.deepEqual(went, [[], []]);
    assert.match(text, /written and not running: rtvm-power-cycle of POST_RT_VM1 .*allow: \["rtvm-power-cycle"\]/);
    assert.match(text, /written and not running: guest-reboot .*allow: \["guest-reboot"\]/);
    assert.deepEqual([rt.read(DEFAULT), metal.read(FRAGMENT), rt.read("boot/grub/grub.cfg")], grub);
    assert.match(rt.read("boot/grub/custom.cfg"), /--id 'pulumi-acrn-trial-/);
    assert.match(pending("rt"), /nothing boots it by itself; an Activation on this guest does.*"rtvm-power-cycle"/);
    assert.match(pending("metal"), /or by hand: `grub-reboot pulumi-acrn-trial-\w+ && reboot`.*"guest-reboot"/);
    assert.match(pending("rt"), /"\/proc\/sys says so".*kernel\.timer_migration/);
    assert.equal(rt.read(MIGRATION), "0\n");
  });

  it("allowed, it is booted once, confirmed and made the default; no reset inside the real-time VM", async () => {
    let text = "";
    const went = await power(async () => {
      text = await up({ allow: ALLOW });
    });
    assert.deepEqual(went, [
      [`power-off ${RT}`, `launch ${RT}`],
      ["reboot", "boot"],
    ]);
    assert.equal(text.match(/^ {4}the new kernel line booted and answered$/gm)?.length, 2, text);
    assert.ok(rt.line.includes(` quiet ${TIPS("1")} `), rt.line);
    assert.ok(metal.line.includes(` console=ttyS0 ${TIPS("1-3")} `), metal.line);
    assert.ok(rt.read(DEFAULT).includes(`"quiet ${TIPS("1")}"`));
    assert.ok(metal.read(FRAGMENT).includes(`console=ttyS0 ${TIPS("1-3")}"`));
    await stack.ok("preview", "--expect-no-changes");
  });

  it("drift is seen by a refresh, and mended by one up that interrupts nothing", async () => {
    rt.edit(DEFAULT, "isolcpus=nohz,domain,1", "isolcpus=1");
    metal.edit(SYSCTL, /^kernel.*\n/m, "");
    await stack.ok("refresh");
    const settings = (name: string) => stack.resource(name).inputs.settings as Record<string, unknown>;
    assert.equal(settings("rt")["kernelArg isolcpus"], "1");
    assert.equal(settings("metal")["sysctl kernel.timer_migration"], "(not set)");
    const went = await power(async () => {
      const text = await up({ allow: ALLOW });
      assert.match(text, /^ {4}-GRUB_CMDLINE.* isolcpus=1 .*\n {4}\+GRUB_CMDLINE.* isolcpus=nohz,domain,1 /m);
      assert.match(text, /^ {4}\+kernel\.timer_migration = 0$/m);
    });
    assert.deepEqual(went, [[], []]);
    assert.ok(rt.read(DEFAULT).includes(TIPS("1")));
    assert.match(metal.read(SYSCTL), /^kernel\.timer_migration = 0$/m);
    await stack.ok("preview", "--expect-no-changes", "--refresh");
  });

  it("a root that is not there, and a system without its network: both are back with the old line, which stays", async () => {
    const went = await power(() =>
      bothWentBack({
        rt: 'kernelArgs: { root: "UUID=gone" }, trial: { tripleFault: true }',
        metal: 'rtCpus: "1-3", kernelArgs: { "modprobe.blacklist": "virtio_net" }',
      }),
    );
    const off = [`power-off ${RT}`, `launch ${RT}`];
    assert.deepEqual(went[0], [...off, `triple fault in ${RT}`, ...off]);
    assert.deepEqual(went[1], ["reboot", "boots without a network", "dark", "reboot", "boot"]);
    const preview = await stack.ok("preview", "--json");
    assert.match(planOf(preview, "rt-act").join("\n"), /with the new kernel line once .* root=UUID=gone/);
    assert.match(pending("rt"), /nothing boots it by itself/);
  });

  it("the other way round: a real-time VM that nobody reaches powers itself off, and its host launches it again", async () => {
    const went = await power(() =>
      bothWentBack({
        rt: 'kernelArgs: { "modprobe.blacklist": "virtio_net" }',
        metal: 'rtCpus: "1-3", kernelArgs: { root: "UUID=gone" }',
      }),
    );
    const off = [`power-off ${RT}`, `launch ${RT}`];
    assert.deepEqual(went, [
      [...off, ...off],
      ["reboot", "panics: no root UUID=gone", "boot"],
    ]);
  });

  it("overrides, with null and false among them, and another profile", async () => {
    await up({
      allow: ALLOW,
      rt: 'kernelArgs: { quiet: null, mce: "ignore_ce", intel_pstate: false }, services: { "syslog.socket": false }',
      metal: 'rtCpus: [2, 3], profile: "acrn-tips+rt", kernelArgs: { console: null }',
    });
    assert.deepEqual(stack.resource("rt").inputs.kernelArgs, { quiet: null, mce: "ignore_ce", intel_pstate: false });
    assert.match(rt.line, / ro isolcpus=nohz,domain,1 idle=poll .* mce=ignore_ce (?!.*intel_pstate)/);
    assert.throws(() => rt.read("etc/systemd/system/syslog.socket"), /ENOENT/);
    assert.match(metal.line, / ro isolcpus=nohz,domain,managed_irq,2-3 .* nohz_full=2-3 irqaffinity=0-1 /);
    assert.doesNotMatch(metal.line, /console=/);
    assert.equal(metal.read("sys/devices/virtual/workqueue/cpumask"), "3\n");
    await stack.ok("preview", "--expect-no-changes");
  });

  it("mistakes stand on their property; more vCPUs than the guest runs with wait for its next launch", async () => {
    given({ metal: 'rtCpus: "4-N"' });
    assert.match((await stack.fails("preview")).text, /property rtCpus value \{4-N\}.*"4-N" is neither a number nor/);
    given({ rt: 'profile: "tuned"' });
    assert.match((await stack.fails("preview")).text, /property profile value \{tuned\}/);
    given({ pcpus: "[3, 4, 5]" });
    const larger = await stack.ok("preview", "--json");
    assert.deepEqual(planOf(larger, "rt"), []);
    const said = previewOf(larger).diagnostics.find(({ urn }) => urn?.endsWith("::rt"));
    assert.match(said?.message ?? "", /T10: the guest runs with CPU 0-1 and its partition also gives it CPU 2/);
  });

  it("destroy gives every byte back, and the next boot the old line", async () => {
    assert.deepEqual(await power(() => stack.ok("destroy")), [[], []]);
    assert.deepEqual([rt.read(MIGRATION), metal.read(MIGRATION)], ["1\n", "1\n"]);
    assert.deepEqual([rt.left(untouched.rt), metal.left(untouched.metal), cell.left(untouched.cell)], [[], [], []]);
    assert.ok(!lab().has("cell", LEDGER));
    const [{ length: before }, { length: metalBefore }] = events();
    await onMetal("reboot").catch(() => undefined);
    await cell.in(RT, "poweroff").catch(() => undefined);
    await cell.happened(new RegExp(`^power-off ${RT}$`), before);
    await cell.launch(HOME, RT);
    await until(() => events()[1].slice(metalBefore).includes("boot"), "the machine is back");
    assert.deepEqual([rt.line, metal.line], lines);
  });
});

const WENT_BACK =
  "the new kernel line \\(pulumi-acrn-trial-\\w+\\) was tried and did not come up: the guest is back on its old line by itself";
