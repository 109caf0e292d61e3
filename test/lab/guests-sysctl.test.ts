import assert from "node:assert/strict";
import { applyAtBoot } from "../../examples/lab/server/physics/guest/sysctl/command";
import { allSettings, pathOf, settingsOf } from "../../examples/lab/server/physics/guest/sysctl/fragments";
import { readValue } from "../../examples/lab/server/physics/guest/sysctl/values";
import { tree } from "../host/helpers";
import { withBare } from "./support/bare";

describe("lab guests: sysctl", function () {
  this.timeout(60_000);

  const names: [name: string, path: string][] = [
    ["kernel.timer_migration", "kernel/timer_migration"],
    ["kernel/timer_migration", "kernel/timer_migration"],
    ["net.ipv4.conf.enp3s0/200.forwarding", "net/ipv4/conf/enp3s0.200/forwarding"],
    ["net/ipv4/conf/enp3s0.200/forwarding", "net/ipv4/conf/enp3s0.200/forwarding"],
  ];
  for (const [name, path] of names) it(`${name} is /proc/sys/${path}`, () => assert.equal(pathOf(name), path));

  it("lines of a fragment", () => {
    const bad: number[] = [];
    const text = "# a\n; b\n\n a.b=1\n-c.d =  2 3  \ne/f = x=y\nnonsense\n";
    const found = settingsOf(text, "/f", (_, number) => bad.push(number));
    assert.deepEqual(
      found.map(({ key, value, optional }) => [key, value, optional]),
      [
        ["a/b", "1", false],
        ["c/d", "2 3", true],
        ["e/f", "x=y", false],
      ],
    );
    assert.deepEqual(bad, [7]);
  });

  /** Fragments, and what each of the two programs makes of them. */
  const orders: [title: string, files: Record<string, string>, systemd: string, procps: string][] = [
    ["the later name wins", { "etc/sysctl.d/10-a.conf": "1", "usr/lib/sysctl.d/90-b.conf": "2" }, "2", "2"],
    ["of one name /etc's counts", { "etc/sysctl.d/50-a.conf": "1", "usr/lib/sysctl.d/50-a.conf": "2" }, "1", "1"],
    ["and before /run's", { "etc/sysctl.d/50-a.conf": "1", "run/sysctl.d/50-a.conf": "2" }, "1", "1"],
    ["and /run's before the packages'", { "run/sysctl.d/50-a.conf": "1", "usr/lib/sysctl.d/50-a.conf": "2" }, "1", "1"],
    ["an empty one takes it away", { "etc/sysctl.d/50-a.conf": "", "usr/lib/sysctl.d/50-a.conf": "2" }, "60", "60"],
    ["only .conf counts", { "etc/sysctl.d/99-a.conf.bak": "1" }, "60", "60"],
    ["sysctl.conf is procps's, and its last", { "etc/sysctl.conf": "1", "etc/sysctl.d/zz.conf": "2" }, "2", "1"],
  ];
  for (const [title, files, systemd, procps] of orders)
    it(`order: ${title}`, () => {
      for (const [by, expected] of [
        ["systemd", systemd],
        ["procps", procps],
      ] as const) {
        const texts = Object.entries(files).map(([path, value]) => [path, value && `vm.swappiness = ${value}\n`]);
        const dir = tree({ "proc/sys/vm/swappiness": "60\n", ...Object.fromEntries(texts) });
        applyAtBoot(dir, by);
        assert.equal(readValue(dir, "vm/swappiness"), expected, `${by}: ${JSON.stringify(allSettings(dir, by))}`);
      }
    });

  it(
    "what is written to a running kernel is lost, what a fragment says is in force after a boot",
    withBare({ layout: "debian" }, async (bare) => {
      assert.equal(
        await bare.out("sysctl -w kernel.timer_migration=0 vm.stat_interval=10"),
        "kernel.timer_migration = 0\nvm.stat_interval = 10\n",
      );
      assert.equal(bare.read("proc/sys/kernel/timer_migration"), "0\n");
      bare.write("etc/sysctl.d/90-ours.conf", "kernel.timer_migration = 0\n");
      await bare.reboot();
      assert.equal(await bare.out("sysctl -n kernel.timer_migration vm.stat_interval"), "0\n1\n");
    }),
  );

  it(
    "sysctl.conf counts at Debian's boot by its link, in the order of the link's name",
    withBare({ layout: "debian" }, async (bare) => {
      bare.write("etc/sysctl.conf", "vm.swappiness = 1\n");
      bare.write("etc/sysctl.d/90-ours.conf", "vm.swappiness = 2\n");
      bare.write("etc/sysctl.d/99-zz.conf", "vm.swappiness = 3\n");
      await bare.reboot();
      assert.equal(await bare.out("sysctl -n vm.swappiness"), "3\n");
      await bare.out("sysctl -q --system");
      assert.equal(await bare.out("sysctl -n vm.swappiness"), "1\n", "procps reads it last, whatever a link says");
    }),
  );

  const commands: [command: string, code: number, out: string, err: RegExp][] = [
    ["sysctl kernel.numa_balancing", 1, "", /cannot stat \/proc\/sys\/kernel\/numa_balancing: No such file/],
    ["sysctl -e kernel.numa_balancing", 0, "", /^$/],
    ["sysctl -w kernel.timer_migration=7", 1, "", /setting key "kernel\.timer_migration": Invalid argument/],
    ["sysctl -w kernel.sched_rt_runtime_us=-1", 0, "kernel.sched_rt_runtime_us = -1\n", /^$/],
    ["sysctl -q -w 'kernel.printk=3 1 1 7'; sysctl -n kernel.printk", 0, "3\t1\t1\t7\n", /^$/],
    ["sysctl -q kernel/panic=5; sysctl kernel.panic", 0, "kernel.panic = 5\n", /^$/],
  ];
  it(
    "commands, on a kernel with PREEMPT_RT",
    withBare({ layout: "debian" }, async (bare) => {
      for (const [command, code, out, err] of commands) {
        const said = await bare.on(command);
        assert.deepEqual([said.exit.code, said.out], [code, out], command);
        assert.match(said.err, err);
      }
    }),
  );

  it(
    "NUMA balancing is there on a kernel without PREEMPT_RT",
    withBare({ layout: "debian", kernels: ["6.1.0-18-amd64"] }, async (bare) => {
      assert.equal(
        await bare.out("sysctl kernel.numa_balancing; uname -v"),
        "kernel.numa_balancing = 1\n#1 SMP PREEMPT_DYNAMIC lab\n",
      );
    }),
  );
});
