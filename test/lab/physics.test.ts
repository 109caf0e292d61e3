import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { failure, until } from "../host/ssh/support";
import { which } from "../host/ssh/which";
import { needs } from "../support/needs";
import { RT, SCRIPT, STD, withCell } from "./support/cell";

const CPUS = /^processor\t: (\d+)$/gm;

describe("lab physics: a VM's life", function () {
  this.timeout(60_000);
  before(function () {
    needs(this, which("bash"), "no bash");
  });

  it(
    "the builder's script hands its CPU over and starts acrn-dm, which is there as a process and in the tree",
    withCell({}, async (cell) => {
      await cell.launch(RT);
      const pid = cell.pid(RT);
      assert.ok(existsSync(`/proc/${pid}`));
      const [program, ...args] = cell.read(`proc/${pid}/cmdline`).split("\0").slice(0, -1);
      assert.deepEqual([program, args[1], args.at(-1)], ["/usr/bin/acrn-dm", "6", RT]);
      assert.ok(args.includes("/usr/share/acrn/bios/OVMF.fd"), args.join(" "));
      assert.equal(cell.read(`proc/${pid}/comm`), "acrn-dm\n");
      const [state, parent] = cell
        .read(`proc/${pid}/stat`)
        .replace(/^.*\) /, "")
        .split(" ");
      assert.match(`${state}`, /^[RSD]$/);
      assert.match(cell.read(`proc/${parent}/cmdline`), new RegExp(`bash\0${SCRIPT[RT]}\0$`));
      assert.ok(cell.has(`run/acrn/mngr/${RT}.monitor.${pid}.socket`));
      await until(() => cell.read("sys/devices/system/cpu/offline") === "3\n", "CPU 3 is offline");
      assert.deepEqual(
        [...cell.read("proc/cpuinfo").matchAll(CPUS)].map((match) => match[1]),
        ["0", "1", "2"],
      );
      assert.equal(cell.read("sys/devices/virtual/misc/acrn_hsm/remove_cpu"), "3\n");
      assert.deepEqual(cell.events, [`launch ${RT}`]);
    }),
  );

  it(
    "power-off inside ends acrn-dm with success; the next launch is another boot of the guest",
    withCell({}, async (cell) => {
      await cell.launch(RT);
      const pid = cell.pid(RT);
      const boot = async () => (await cell.in(RT, "cat $PULUMI_ACRN_ROOT/proc/sys/kernel/random/boot_id")).out;
      const first = await boot();
      assert.equal((await cell.in(RT, "systemctl poweroff")).exit.code, 0);
      await cell.happened(`power-off ${RT}`);
      await until(() => cell.has("status"), "the script has ended");
      assert.equal(cell.read("status"), "0\n");
      assert.deepEqual(
        [cell.has(`proc/${pid}`), cell.has(`run/acrn/mngr/${RT}.monitor.${pid}.socket`)],
        [false, false],
      );
      assert.match((await failure(cell.in(RT, "true"))).code, /^ssh\./);
      await cell.launch(RT);
      assert.notEqual(await boot(), first);
      assert.deepEqual(
        cell.machine.vms().map(({ state }) => state),
        ["running"],
      );
    }),
  );

  it(
    "some guests take their time, and answer no more meanwhile",
    withCell({ guests: { [RT]: { address: "10.0.0.1", powerOff: { afterMs: 400 } } } }, async (cell) => {
      await cell.launch(RT);
      await cell.in(RT, "poweroff");
      await until(
        () => cell.lab.host("cell-1").guests.length === 1 && cell.machine.guests.route("10.0.0.1", 22) === "none",
        "it answers no more",
      );
      assert.deepEqual(
        cell.machine.vms().map(({ state }) => state),
        ["running"],
      );
      await cell.happened(`power-off ${RT}`);
    }),
  );

  it(
    "others never end",
    withCell({ guests: { [RT]: { address: "10.0.0.1", powerOff: "never" } } }, async (cell) => {
      await cell.launch(RT);
      await cell.in(RT, "shutdown -h now");
      await cell.happened(`hangs ${RT}`);
      assert.ok(existsSync(`/proc/${cell.pid(RT)}`));
      await failure(cell.in(RT, "true"));
    }),
  );

  it(
    "a killed acrn-dm leaves an orphan: a VM that nobody can end or start",
    withCell({}, async (cell) => {
      await cell.launch(RT);
      const pid = cell.pid(RT);
      await cell.on(`kill -9 ${pid}`);
      await cell.happened(`orphan ${RT}`);
      assert.deepEqual([cell.has(`proc/${pid}`), cell.has(`run/acrn/mngr/${RT}.monitor.${pid}.socket`)], [false, true]);
      const { err, exit } = await cell.on(`bash ${SCRIPT[RT]}`);
      assert.match(err, /failed to create VM POST_RT_VM1: it still runs, though its acrn-dm is gone/);
      assert.equal(exit.code, 1);
      await cell.in(RT, "poweroff");
      await cell.happened(`power-off ${RT} unheard`);
      assert.deepEqual(
        cell.machine.vms().map(({ state }) => state),
        ["orphan"],
      );
    }),
  );

  const signals: [signal: string, vm: typeof RT | typeof STD, event: string, status: string][] = [
    ["HUP", RT, `orphan ${RT}`, "0\n"],
    ["INT", RT, `orphan ${RT}`, "0\n"],
    ["HUP", STD, `stop ${STD}`, "0\n"],
    ["KILL", STD, `orphan ${STD}`, "137\n"],
  ];
  for (const [signal, vm, event, status] of signals)
    it(
      `SIG${signal} to the acrn-dm of ${vm}: ${event}, status ${status.trim()}`,
      withCell({}, async (cell) => {
        // not in the background, where sh ignores SIGINT and can never trap it again
        const ended = cell.on(`bash ${SCRIPT[vm]} >/dev/null; echo $?`);
        await cell.happened(`launch ${vm}`);
        await cell.on(`kill -TERM ${cell.pid(vm)}; kill -${signal} ${cell.pid(vm)}`);
        await cell.happened(event);
        assert.equal((await ended).out, status);
        assert.deepEqual(cell.events, [`launch ${vm}`, event]);
      }),
    );

  it(
    "a standard VM's reset goes to its acrn-dm, which makes it anew",
    withCell({}, async (cell) => {
      await cell.launch(STD);
      const pid = cell.pid(STD);
      const before = (await cell.in(STD, "cat $PULUMI_ACRN_ROOT/proc/sys/kernel/random/boot_id")).out;
      await cell.in(STD, "reboot");
      await cell.happened(`restart ${STD}`);
      await until(() => cell.machine.guests.route("192.168.1.11", 22) !== "none", "it answers again");
      assert.notEqual((await cell.in(STD, "cat $PULUMI_ACRN_ROOT/proc/sys/kernel/random/boot_id")).out, before);
      assert.equal(cell.pid(STD), pid);
    }),
  );

  it(
    "a guest has the kernel command line of -B, else of its folder, and keeps its files",
    withCell({}, async (cell) => {
      const cmdline = async () => (await cell.in(RT, "cat $PULUMI_ACRN_ROOT/proc/cmdline")).out;
      const args = (more: string) => `acrn-dm --cpu_affinity 6 --rtvm ${more} ${RT}`;
      await cell.start(args('-B "root=/dev/sda isolcpus=1" -k /boot/rt'), `launch ${RT}`);
      assert.equal(await cmdline(), "root=/dev/sda isolcpus=1\n");
      await cell.in(RT, "mkdir -p $PULUMI_ACRN_ROOT/boot; echo idle=poll >$PULUMI_ACRN_ROOT/boot/cmdline; poweroff");
      await cell.happened(`power-off ${RT}`);
      await cell.start(args(""), `launch ${RT}`);
      assert.equal(await cmdline(), "idle=poll\n");
    }),
  );

  it(
    "what the tree says at the start runs, without a process of the lab",
    withCell(
      { files: { "proc/4711/cmdline": `acrn-dm\0${"--cpu_affinity 6 --rtvm".replaceAll(" ", "\0")}\0${RT}\0` } },
      async (cell) => {
        const [vm] = cell.machine.vms();
        assert.deepEqual([vm?.name, vm?.pid, vm?.pcpus, vm?.state], [RT, 4711, [3], "running"]);
        await until(() => cell.machine.guests.route("192.168.1.10", 22) !== "none", "its guest answers");
        await cell.in(RT, "poweroff");
        await cell.happened(`power-off ${RT}`);
        assert.ok(!cell.has("proc/4711"));
      },
    ),
  );
});
