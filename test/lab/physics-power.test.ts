import assert from "node:assert/strict";
import { failure, until } from "../host/ssh/support";
import { which } from "../host/ssh/which";
import { needs } from "../support/needs";
import { type Cell, RT, RT_ARGS, SCRIPT, STD, STD_ARGS, withCell } from "./support/cell";

const RECORD = "usr/share/acrn/scenario.xml";
const ADD = "usr/share/acrn/conf/add";
const autostart = (vm: typeof RT | typeof STD, args = ""): Record<string, string> => ({
  [`${ADD}/${vm}.sh`]: `#!/bin/bash\nexec bash ${SCRIPT[vm]} "$@"\n`,
  [`${ADD}/${vm}.args`]: `${args}\n`,
});

/** Everything about a host that a new boot makes anew. */
async function assertFresh(cell: Cell, before: string): Promise<void> {
  assert.notEqual(cell.bootId, before);
  assert.deepEqual(cell.machine.state(), { power: "up", boots: 2, vms: [], offline: [] });
  assert.equal(cell.read("sys/devices/system/cpu/online"), "0-3\n");
  assert.equal(cell.read("proc/cpuinfo").match(/^processor/gm)?.length, 4);
  assert.equal((await cell.on("ls $PULUMI_ACRN_ROOT/run/acrn/mngr; ls -d $PULUMI_ACRN_ROOT/proc/[0-9]?*")).out, "");
  assert.deepEqual(cell.lab.processes(), []);
}

describe("lab physics: power", function () {
  this.timeout(60_000);
  before(function () {
    needs(this, which("bash"), "no bash");
  });

  it(
    "a reset inside an RTVM takes the whole host down, and its neighbours with it",
    withCell({}, async (cell) => {
      const before = cell.bootId;
      await cell.launch(STD);
      await cell.launch(RT);
      await cell.in(RT, "reboot").catch(() => undefined); // its connection may end before its status comes
      await cell.happened("boot");
      await assertFresh(cell, before);
      const [reset, ...rest] = cell.events.slice(2);
      assert.equal(reset, `reset by ${RT}`);
      assert.equal(rest.pop(), "boot");
      assert.deepEqual(rest.sort(), [`orphan ${RT}`, `orphan ${STD}`], "which acrn-dm ends first is luck");
    }),
  );

  for (const command of ["reboot", "shutdown -r now", "systemctl reboot"])
    it(
      `${command} of the Service VM resets the host when no RTVM lives`,
      withCell({ init: "systemd" }, async (cell) => {
        const before = cell.bootId;
        await cell.launch(STD);
        cell.write("run/pulumi-acrn/vms/x", "started\n");
        await cell.on(command).catch(() => undefined);
        await cell.happened("boot");
        await assertFresh(cell, before);
        assert.ok(!cell.has("run/pulumi-acrn"));
      }),
    );

  for (const orphan of [false, true])
    it(
      `with ${orphan ? "an orphan" : "a live RTVM"} it only ends itself, and the host is dark until somebody presses the button`,
      withCell({}, async (cell) => {
        const before = cell.bootId;
        await cell.launch(RT);
        if (orphan) await cell.on(`kill -9 ${cell.pid(RT)}`);
        await cell.on("reboot").catch(() => undefined);
        await cell.happened("dark");
        await cell.machine.settled();
        assert.equal(cell.machine.state().power, "dark");
        assert.deepEqual(
          cell.machine.vms().map(({ state }) => state),
          ["orphan"],
        );
        assert.match((await failure(cell.on("true"))).code, /^ssh\./);
        await failure(cell.in(RT, "true"));
        await cell.machine.powerButton();
        await assertFresh(cell, before);
        assert.deepEqual(
          cell.events.slice(-4),
          ["reboot", ...(orphan ? [] : [`orphan ${RT}`]), "dark", "power-button", "boot"].slice(-4),
        );
      }),
    );

  it(
    "a power-off of the Service VM with a live RTVM ends dark too, else off",
    withCell({}, async (cell) => {
      await cell.launch(RT);
      await cell.on("poweroff").catch(() => undefined);
      await cell.happened("dark");
      await cell.machine.powerButton();
      await cell.on("poweroff").catch(() => undefined);
      await cell.happened("off");
      await cell.machine.settled();
      assert.equal(cell.machine.state().power, "off");
      await cell.machine.powerButton();
      assert.equal((await cell.on("echo up")).out, "up\n");
    }),
  );

  it(
    "the power may go at any event, also while a boot is under way",
    withCell({}, async (cell) => {
      const { machine } = cell;
      let cuts = 0;
      machine.listeners.add((event) => {
        if (!/^(launch|boot)/.test(event) || cuts >= 3) return;
        cuts++;
        void machine.powerCut();
      });
      await cell.launch(RT);
      await until(() => machine.events.filter((event) => event === "boot").length === 3, "three boots");
      await machine.settled();
      assert.deepEqual(machine.state(), { power: "up", boots: 4, vms: [], offline: [] });
      assert.equal((await cell.on("echo up")).out, "up\n");
      await failure(cell.in(RT, "true"));
      const first = machine.powerCut();
      const second = machine.powerButton();
      await Promise.all([first, second]);
      assert.deepEqual(machine.events.slice(-3), ["power-cut", "power-button", "boot"]);
      assert.equal((await cell.on("echo up")).out, "up\n");
    }),
  );

  const supervised = {
    [RECORD]: (text: string) => text.replace(/<SERVICE_VM_SUPERVISOR_ENABLED>n/, "<SERVICE_VM_SUPERVISOR_ENABLED>y"),
  };
  it(
    "in supervisor mode the Service VM outranks the RTVM: its reset is the machine's, the RTVM's is not",
    withCell({ files: supervised, init: "systemd" }, async (cell) => {
      await cell.launch(RT);
      await cell.in(RT, "reboot");
      await cell.happened(`restart ${RT}`);
      assert.equal((await cell.on(`acrnctl stop ${RT}`)).out, "");
      await cell.happened(`stop ${RT}`);
      await cell.launch(RT);
      await cell.on("reboot").catch(() => undefined);
      await cell.happened("boot");
      assert.ok(!cell.events.includes("dark"));
    }),
  );

  it(
    "with a pre-launched RTVM the Service VM can never reset the host",
    withCell({ files: { [RECORD]: (text) => text.replace("POST_LAUNCHED_VM", "PRE_LAUNCHED_VM") } }, async (cell) => {
      await cell.on("reboot").catch(() => undefined);
      await cell.happened("dark");
    }),
  );

  it(
    "a power cut leaves the files as they are; what the next boot runs is the record of then",
    withCell({}, async (cell) => {
      const before = cell.bootId;
      const wider = `acrn-dm --cpu_affinity 4 -m 1G --rtvm ${RT}`;
      const text = cell.read(RECORD);
      cell.write(RECORD, text.replace(/(POST_RT_VM1[\s\S]*?<pcpu_id>)3/, "$12"));
      cell.write("root/half", "written");
      assert.match((await cell.on(wider)).err, /it chooses invalid pCPUs \(2\); the booted image grants 3/);
      await cell.launch(RT);
      await cell.machine.powerCut();
      await assertFresh(cell, before);
      assert.equal(cell.read("root/half"), "written");
      await cell.start(wider, `launch ${RT}`);
      assert.deepEqual(
        cell.events.filter((event) => /^(power-cut|boot)$/.test(event)),
        ["power-cut", "boot"],
      );
    }),
  );

  it(
    "acrnd starts what stands in conf/add at each boot, with its arguments",
    withCell(
      {
        files: {
          ...autostart(RT),
          [`${ADD}/${STD}.sh`]: `#!/bin/bash\nacrn-dm $1 $2 -m 1G ${STD}\n`,
          [`${ADD}/${STD}.args`]: "--cpu_affinity 2\n",
        },
      },
      async (cell) => {
        assert.deepEqual(cell.events, []);
        await cell.machine.powerCut();
        await cell.happened(`launch ${RT}`);
        await cell.happened(`launch ${STD}`);
        assert.equal((await cell.on("acrnctl list | sort")).out, `${RT}\t\tstarted\n${STD}\t\tstarted\n`);
      },
    ),
  );

  it(
    "acrnd that is stopped kills what it started: an RTVM is an orphan then",
    withCell({ init: "systemd", files: { ...autostart(RT), ...autostart(STD) } }, async (cell) => {
      await cell.machine.powerCut();
      await cell.happened(`launch ${RT}`);
      await cell.happened(`launch ${STD}`);
      await cell.on("systemctl stop acrnd");
      await cell.happened(`orphan ${RT}`);
      await cell.happened(`stop ${STD}`);
      assert.equal((await cell.on("systemctl is-active acrnd")).out, "inactive\n");
    }),
  );

  it(
    "an acrnd that is disabled starts nothing",
    withCell({ init: "systemd", files: autostart(RT) }, async (cell) => {
      await cell.on("systemctl disable acrnd");
      await cell.machine.powerCut();
      assert.equal((await cell.on("systemctl is-active acrnd.service")).out, "inactive\n");
      assert.equal((await cell.on("acrnctl list")).out, `${RT}\t\tstopped\n`);
      await cell.on("systemctl start acrnd");
      await cell.happened(`launch ${RT}`);
    }),
  );

  it(
    "an unknown CLOS is the hypervisor's end: with RDT on, a VM that no POLICY names",
    withCell({ files: { [RECORD]: (text) => text.replace(/<RDT_ENABLED>n/, "<RDT_ENABLED>y") } }, async (cell) => {
      await cell.on(`acrn-dm ${STD_ARGS}`).catch(() => undefined);
      await cell.happened("dark");
      assert.deepEqual(cell.events.slice(0, 2), [`panic by ${STD} has no CLOS`, "panic"]);
    }),
  );

  it(
    "an RTVM on a CPU that the Service VM still has is told of",
    withCell({}, async (cell) => {
      await cell.start(`acrn-dm ${RT_ARGS}`, `launch ${RT}`);
      assert.deepEqual(cell.events, [`shared ${RT}: pCPU 3 is still the Service VM's`, `launch ${RT}`]);
      await until(() => cell.machine.vms().length === 1, "it runs all the same");
    }),
  );
});
