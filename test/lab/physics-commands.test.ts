import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { builtHosts, layDown } from "../../examples/lab/hosts";
import { startLab } from "../../examples/lab/lab";
import { until } from "../host/ssh/support";
import { which } from "../host/ssh/which";
import { needs } from "../support/needs";
import { Cell, RT, RT_ARGS, SCRIPT, STD, STD_ARGS, withCell } from "./support/cell";

describe("lab physics: commands", function () {
  this.timeout(60_000);
  before(function () {
    needs(this, which("bash"), "no bash");
  });

  describe("refused launches", () => {
    let cell: Cell;
    before(async () => {
      cell = await Cell.start({ users: { root: {}, acrn: {} }, user: "root" });
      await cell.launch(RT);
    });
    after(() => cell.close());

    const rows: [title: string, args: string, refusal: RegExp][] = [
      ["a VM that runs", RT_ARGS, /failed to create VM POST_RT_VM1: it runs already/],
      [
        "a pCPU outside the booted image",
        `--cpu_affinity 0,2 ${STD}`,
        /invalid pCPUs \(0\); the booted image grants 1,2/,
      ],
      ["an APIC id that no CPU has", `--cpu_affinity 3 ${STD}`, /no CPU has the APIC id 3/],
      ["memory without unit", `-m 1024 ${STD}`, /invalid memsize '1024'/],
      ["an RTVM's core", "--cpu_affinity 6 OTHER", /pCPU 3 is POST_RT_VM1's, and one of them is real-time/],
      ["an option of older versions", `-U 00 ${STD}`, /unknown option -U/],
      ["no name", "-m 1G", /one VM name is wanted/],
      ["a name that is too long", "-m 1G SIXTEEN_LETTERS_", /more than 15 characters/],
    ];
    for (const [title, args, refusal] of rows)
      it(title, async () => {
        const before = cell.machine.vms();
        const { err, exit } = await cell.on(`acrn-dm ${args}`);
        assert.match(err, refusal);
        assert.match(cell.events.at(-1) ?? "", refusal);
        assert.deepEqual([exit.code, cell.machine.vms()], [1, before]);
      });
    it("without root", async () => {
      const { err } = await cell.on(`PULUMI_ACRN_LAB_UID=1000 acrn-dm ${STD_ARGS}`);
      assert.match(err, /could not open \/dev\/acrn_hsm/);
    });
    it("without the ACPI compiler, from v3.1 on", async () => {
      rmSync(cell.path("usr/bin/iasl"));
      assert.match((await cell.on(`acrn-dm ${STD_ARGS}`)).err, /iasl is not installed/);
    });
  });

  it(
    "--lapic_pt without --rtvm makes no RTVM on 3.x",
    withCell({}, async (cell) => {
      await cell.start(`acrn-dm --cpu_affinity 6 --lapic_pt ${RT} 2>>$HOME/said`, `launch ${RT}`);
      assert.equal(cell.machine.vms()[0]?.realtime, false);
      assert.match(cell.read("root/said"), /--lapic_pt is ignored/);
    }),
  );

  it(
    "2.x scripts name pCPUs, and --lapic_pt alone makes an RTVM",
    withCell({ host: 1, user: "root" }, async (cell) => {
      await cell.start("bash /home/acrn/launch_uos_id1.sh", `launch ${RT}`);
      const [vm] = cell.machine.vms();
      assert.deepEqual([vm?.realtime, vm?.pcpus], [true, [3]]);
    }),
  );

  describe("acrnctl", () => {
    it(
      "lists, starts, stops and forgets, but not an RTVM that runs",
      withCell(
        {
          files: {
            [`usr/share/acrn/conf/add/${STD}.sh`]: `acrn-dm ${STD_ARGS}\n`,
            [`usr/share/acrn/conf/add/${RT}.sh`]: `acrn-dm ${RT_ARGS}\n`,
          },
        },
        async (cell) => {
          const said = async (command: string) => {
            const { out, exit } = await cell.on(`acrnctl ${command}`);
            return [out, exit.code];
          };
          assert.deepEqual(await said("stop NOBODY"), ["can't find NOBODY\n", 255]);
          assert.deepEqual(await said(`stop ${STD}`), [`can't stop ${STD}(stopped)\n`, 255]);
          for (const vm of [STD, RT]) await cell.start(`acrnctl start ${vm}`, `launch ${vm}`);
          assert.deepEqual(await said(`start ${STD}`), [`can't start ${STD}(started)\n`, 255]);
          assert.deepEqual(await said(`stop ${STD}`), ["", 0]);
          assert.match(`${(await said(`stop -f ${RT}`))[0]}`, /Error happens/);
          assert.deepEqual(
            cell.machine.vms().map(({ name }) => name),
            [RT],
          );
          assert.deepEqual(await said(`del ${STD}`), ["", 0]);
          assert.deepEqual(await said("list"), [`${RT}\t\tstarted\n`, 0]);
          assert.match((await cell.on("PULUMI_ACRN_LAB_UID=1 acrnctl list")).out, /with root privileges/);
        },
      ),
    );
    it(
      "says so when there are none",
      withCell({}, async (cell) => {
        assert.equal((await cell.on("acrnctl list")).out, "There are no VMs\n");
      }),
    );
  });

  describe("systemd", () => {
    it(
      "a unit outlives its session, and says how it ended",
      withCell({ init: "systemd" }, async (cell) => {
        assert.ok(cell.has("run/systemd/system"));
        const { err } = await cell.on(`systemd-run --unit=rt --collect ${SCRIPT[RT]}`);
        assert.equal(err, "Running as unit: rt.service\n");
        await cell.happened(`launch ${RT}`);
        assert.match(cell.read(`proc/${cell.pid(RT)}/cgroup`), /\/system\.slice\/rt\.service$/m);
        assert.equal((await cell.on("systemctl is-active rt")).out, "active\n");
        assert.match((await cell.on("systemd-run --unit rt true")).err, /Unit rt.service was already loaded/);
        await cell.on("systemctl stop rt");
        await cell.happened(`orphan ${RT}`);
        const { out, exit } = await cell.on("systemctl is-active rt.service");
        assert.deepEqual([out, exit.code], ["inactive\n", 3]);
      }),
    );

    const rows: [command: string, input: string, out: string, code: number][] = [
      ["systemd-run -q --wait -- sh -c 'exit 4'", "", "", 4],
      ["systemd-run -q --pipe tr a b", "banana", "bbnbnb", 0],
      ["systemd-run -q --pty sh -c 'exit 5'", "", "", 5],
      [
        "systemd-run -q --wait --pipe -p WorkingDirectory=/root -E X=1 sh -c 'echo $X $(basename $PWD)'",
        "",
        "1 root\n",
        0,
      ],
      [
        "systemd-run -q --wait --unit=bad false; systemctl is-failed bad; systemctl show -p ActiveState,ExecMainStatus --value bad",
        "",
        "failed\nfailed\n1\n",
        0,
      ],
      ["systemd-run -q --wait -G --unit=bad2 false; systemctl is-failed bad2", "", "inactive\n", 3],
      ["systemctl stop nothing", "", "", 5],
    ];
    for (const [command, input, out, code] of rows)
      it(
        command,
        withCell({ init: "systemd" }, async (cell) => {
          const ended = await cell.on(command, input);
          assert.deepEqual([ended.out, ended.exit.code], [out, code]);
        }),
      );

    it(
      "is not there unless the host has it",
      withCell({}, async (cell) => {
        for (const command of ["systemctl is-active acrnd", "systemd-run true"]) {
          const { err, exit } = await cell.on(command);
          assert.deepEqual([exit.code, /not been booted with systemd/.test(err)], [1, true]);
        }
        assert.ok(!cell.has("run/systemd/system"));
      }),
    );
  });

  describe("scripts", () => {
    /** As ACRN's generator looks a processor up [launch_script_template.sh]: in the lines before its APIC id. */
    const LOOK_UP = `#!/bin/bash
processor=$(grep -B 15 "apicid.*: 6$" /proc/cpuinfo | grep "^processor" | head -n 1 | cut -d ' ' -f 2)
path="/sys/devices/system/cpu/cpu\${processor}"
echo 0 > \${path}/online
echo \${processor} > /sys/devices/virtual/misc/acrn_hsm/remove_cpu
echo "$0 $LINENO $*" > /root/seen 2> /dev/null
exec acrn-dm ${RT_ARGS}
`;
    const ways: [title: string, text: string, command: (path: string) => string][] = [
      ["bash SCRIPT", LOOK_UP, (path) => `bash ${path} a b`],
      ["bash -e /its/path/on/the/machine", LOOK_UP, () => "bash -e /root/x.sh a b"],
      ["by its own name", LOOK_UP, (path) => `${path} a b`],
      ["by its own name, in its folder", LOOK_UP, () => "cd $PULUMI_ACRN_ROOT/root; ./x.sh a b"],
      ["sh SCRIPT", LOOK_UP.replace("bash", "sh"), (path) => `sh ${path} a b`],
    ];
    for (const [title, text, command] of ways)
      it(
        `${title}: what it names is the host's`,
        withCell({ files: { "root/x.sh": text } }, async (cell) => {
          await cell.start(command(cell.path("root/x.sh")), `launch ${RT}`);
          await until(() => cell.machine.state().offline.includes(3), "its CPU is away");
          assert.match(cell.read("root/seen"), /x\.sh (6 )?a b|x\.sh \d* a b/);
          assert.deepEqual(cell.events, [`launch ${RT}`]);
        }),
      );

    it(
      "one that calls another by its path",
      withCell(
        {
          files: {
            "root/outer.sh": "#!/bin/bash\nexec /root/inner.sh one\n",
            "root/inner.sh": `#!/bin/sh\necho "$1" >/root/seen\nexec /usr/bin/acrn-dm ${RT_ARGS}\n`,
          },
        },
        async (cell) => {
          await cell.start("bash /root/outer.sh", `launch ${RT}`);
          assert.equal(cell.read("root/seen"), "one\n");
        },
      ),
    );

    it(
      "a CPU that was handed over stays away until the next boot",
      withCell({}, async (cell) => {
        const cpu = "$PULUMI_ACRN_ROOT/sys/devices/system/cpu/cpu2/online";
        await cell.on(`echo 0 >${cpu}`);
        await cell.on(`echo 1 >${cpu}`);
        await cell.on("true");
        assert.deepEqual(cell.machine.state().offline, []);
        await cell.on(`echo 0 >${cpu}; echo 2 >$PULUMI_ACRN_ROOT/sys/devices/virtual/misc/acrn_hsm/remove_cpu`);
        await cell.on(`echo 1 >${cpu}`);
        assert.equal((await cell.on(`cat ${cpu}`)).out, "0\n");
        await cell.machine.powerCut();
        assert.deepEqual(cell.machine.state().offline, []);
      }),
    );
  });

  it("two names of one folder are two ways to one machine", async () => {
    const dir = mkdtempSync(join(tmpdir(), "acrn-physics-"));
    const [plan] = builtHosts();
    assert.ok(plan);
    const spec = layDown(plan, join(dir, "tree"));
    const lab = await startLab({ dir: join(dir, "lab"), hosts: [spec, { ...spec, name: "alias" }] });
    try {
      assert.equal(lab.host("alias").machine, lab.host("cell-1").machine);
      await lab.host("alias").machine.powerCut();
      assert.deepEqual(lab.host("cell-1").machine.events, ["power-cut", "boot"]);
    } finally {
      await lab.close();
      rmSync(dir, { recursive: true });
    }
  });

  it(
    "a folder without ACRN's device has none, and no command of it reaches the machine underneath",
    withCell({ physics: false }, async (cell) => {
      assert.throws(() => cell.machine, /has no physics/);
      assert.match((await cell.on("reboot")).err, /this lab host has no physics/);
    }),
  );
});
