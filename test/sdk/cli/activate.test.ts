import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { type Cell, type CellOptions, RT, SCRIPT, withCell } from "../../lab/support/cell";
import { cli, declaration, type Ran, type Surroundings, spawnCli } from "./support";

const HOME = "/root/acrn-work/launch_rt.sh";
/** By its name in the lab's ssh_config, which knows its key. */
const GUEST = `${RT}=ssh:cell-1.${RT}`;

/** The RTVM of cell-1, launched by hand from a script in the user's folder. */
const launched = (work: (cell: Cell) => Promise<void>, options: CellOptions = {}) => {
  const files = { "etc/machine-id": `${randomUUID().replaceAll("-", "")}\n`, ...options.files };
  return withCell({ ...options, files }, async (cell) => {
    cell.write(HOME.slice(1), cell.read(SCRIPT[RT].slice(1)));
    await cell.start(`bash ${HOME}`, `launch ${RT}`);
    await work(cell);
  });
};

/** As on the command line, with the lab's ssh_config for nobody's own. */
function at(cell: Cell, command: string, argv: readonly string[], surroundings: Surroundings = {}): Promise<Ran> {
  return cli([command, "cell-1", ...argv, "--ssh-config", cell.lab.sshConfig], surroundings);
}

const file = (args: object) =>
  declaration({
    name: "cell-1",
    resources: [
      { type: "CorePartition", name: "cores", args: { vms: { [RT]: [3] } } },
      { type: "RtVm", name: "rt", args: { name: RT, partition: { ref: "cores" }, script: { edited: HOME }, ...args } },
    ],
  });

async function applied(cell: Cell, args: object): Promise<Ran> {
  const ran = await at(cell, "apply", [file(args), "--yes"]);
  assert.equal(ran.status, 0, ran.err);
  return ran;
}

describe("sdk/cli activate", function () {
  this.timeout(120_000);

  it(
    "says without --allow what is written and not running; with it, does that, and then nothing waits",
    launched(async (cell) => {
      assert.match((await applied(cell, { memory: "2G" })).out, /to make it run: rtvm-power-cycle of POST_RT_VM1/);
      const before = cell.pid(RT);
      const told = await at(cell, "activate", []);
      assert.equal(told.status, 0, told.err);
      assert.match(
        told.err,
        /1 of 1 changes are written and not running: rtvm-power-cycle of POST_RT_VM1 .*; --allow rtvm-power-cycle does what/,
      );
      assert.equal(cell.pid(RT), before);
      const argv = ["--allow", "rtvm-power-cycle", "--guest", GUEST, "--launch-limit", "20"];
      const asked = await at(cell, "activate", argv, { answer: "n" });
      assert.equal(asked.status, 1);
      assert.match(asked.err, /Do this on .*\? \[y\/N\]/);
      assert.match(
        asked.out,
        /^1\. rtvm-power-cycle of POST_RT_VM1: powered off inside .*proof: acrn-dm \d+ ends by itself/m,
      );
      assert.equal(cell.pid(RT), before);
      const ran = await at(cell, "activate", [...argv, "--yes"]);
      assert.equal(ran.status, 0, ran.err);
      assert.match(ran.out, new RegExp(`^POST_RT_VM1 was power-cycled: acrn-dm ${cell.pid(RT)}$`, "m"));
      assert.match(ran.err, /asking the guest to power off/);
      assert.ok(cell.machine.vms()[0]?.args.join(" ").includes("-m 2048M"));
      const again = await at(cell, "activate", argv);
      assert.equal(again.status, 0, again.err);
      assert.match(again.out, /^Nothing waits/m);
    }),
  );

  it(
    "tells the same as data",
    launched(async (cell) => {
      await applied(cell, { memory: "2G" });
      const { status, out } = await at(cell, "activate", ["--json"]);
      const { forbidden, steps, done, pending } = JSON.parse(out);
      assert.deepEqual([status, steps, done], [0, [], []]);
      assert.deepEqual(
        forbidden.map(({ act, target }: { act: string; target: string }) => [act, target]),
        [["rtvm-power-cycle", RT]],
      );
      assert.ok(pending.some(({ field }: { field: string }) => field.includes(HOME)));
    }),
  );

  it(
    "does nothing while something stands in the way: nobody said how the guest is shut down",
    launched(async (cell) => {
      await applied(cell, { memory: "2G" });
      const { status, err } = await at(cell, "activate", ["--allow", "rtvm-power-cycle", "--yes"]);
      assert.equal(status, 1);
      assert.match(
        err,
        /error: nobody said how POST_RT_VM1 is shut down.*\nNothing was interrupted\. \[power\.obstacle\]/,
      );
      assert.equal(cell.machine.vms().length, 1);
    }),
  );

  it(
    "a guest that never goes down: status 3, and where everything stands",
    launched(
      async (cell) => {
        await applied(cell, { memory: "2G" });
        const pid = cell.pid(RT);
        const argv = ["--allow", "rtvm-power-cycle", "--guest", GUEST, "--power-off-limit", "2", "--yes"];
        const { status, err } = await at(cell, "activate", argv);
        assert.equal(status, 3, err);
        assert.match(err, new RegExp(`did not power off within 2 s: acrn-dm ${pid} is still alive`));
        assert.doesNotMatch(err, /old or new, never between/, "no file was written");
        assert.equal(cell.pid(RT), pid);
      },
      { guests: { [RT]: { address: "192.168.1.10", powerOff: "never" } } },
    ),
  );

  it(
    "does what is left after a run that died while it held launches",
    launched(async (cell) => {
      await applied(cell, { memory: "2G" });
      cell.write("run/pulumi-acrn/hold", "");
      const { status, err } = await at(cell, "activate", ["--allow", "rtvm-power-cycle", "--guest", GUEST, "--yes"]);
      assert.equal(status, 0, err);
      assert.ok(!cell.has("run/pulumi-acrn/hold"));
    }),
  );

  it(
    "interrupted while the guest goes down: says so, and the next run starts it",
    launched(
      async (cell) => {
        await applied(cell, { memory: "2G" });
        const argv = ["--allow", "rtvm-power-cycle", "--guest", GUEST, "--yes"];
        const { child, ended } = spawnCli(["activate", "cell-1", ...argv, "--ssh-config", cell.lab.sshConfig]);
        const goesDown = new Promise((settle) =>
          child.stderr?.on("data", (chunk: Buffer) => chunk.includes("powering off") && settle(undefined)),
        );
        await Promise.race([goesDown, ended]);
        child.kill("SIGINT");
        const { status, err } = await ended;
        assert.equal(status, 3, err);
        assert.match(err, /interrupted: what was begun goes on by itself/);
        await cell.happened(`power-off ${RT}`);
        const again = await at(cell, "activate", argv);
        assert.equal(again.status, 0, again.err);
        assert.match(again.out, /^POST_RT_VM1 was (started|power-cycled): acrn-dm \d+$/m);
        assert.ok(cell.machine.vms()[0]?.args.join(" ").includes("-m 2048M"));
      },
      { guests: { [RT]: { address: "192.168.1.10", powerOff: { afterMs: 8000 } } } },
    ),
  );

  it(
    "inspect shows what runs, from which script, and what makes the rest run",
    launched(async (cell) => {
      await applied(cell, { memory: "2G" });
      const { status, out } = await at(cell, "inspect", []);
      assert.equal(status, 0);
      assert.match(out, new RegExp(`^ {2}POST_RT_VM1 +running +acrn-dm ${cell.pid(RT)} is alive$`, "m"));
      assert.match(out, /^ {2}POST_STD_VM1 +off +it has no acrn-dm$/m);
      assert.match(out, /^ {2}\/root\/acrn-work\/launch_rt\.sh:\d+ +POST_RT_VM1 +APIC id 6 +canonical \(runs now\)$/m);
      assert.match(out, /^ {2}to make it run: rtvm-power-cycle of POST_RT_VM1 \(interrupts this VM alone\)$/m);
    }),
  );

  it(
    "plan shows the change in the script, and a rule's refusal at its place in the file",
    launched(async (cell) => {
      const planned = await at(cell, "plan", [file({ memory: "2G" })]);
      assert.equal(planned.status, 2, planned.err);
      assert.match(planned.out, /^- {4}-m 1024M\n\+ {4}-m 2048M$/m);
      const refused = await at(cell, "plan", [file({ lapicPassthrough: false })]);
      assert.equal(refused.status, 1);
      assert.match(refused.err, /cell\.yaml:1:\d+: T01: POST_RT_VM1 would be an RTVM without LAPIC passthrough/);
      const missing = await at(cell, "plan", [file({ script: { edited: "/opt/none.sh" } })]);
      assert.equal(missing.status, 1);
      assert.match(missing.err, /cell\.yaml:1:\d+: there is no launch script \/opt\/none\.sh to edit/);
    }),
  );

  const wrong: [string, string[], RegExp][] = [
    ["an act that there is none of", ["--allow", "reboot"], /allow/],
    ["a way to shut down that there is none of", ["--guest", `${RT}=telnet:x`], /does not say how a VM is shut down/],
    ["a limit that is no number", ["--launch-limit", "soon"], /limits\.launch/],
  ];
  for (const [name, argv, words] of wrong)
    it(`refuses ${name} before it reaches anybody`, async () => {
      const { status, err } = await cli(["activate", "nobody.invalid", ...argv]);
      assert.equal(status, 1);
      assert.match(err, words);
    });
});
