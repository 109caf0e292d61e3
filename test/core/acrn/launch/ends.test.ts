// biome-ignore-all lint/suspicious/noTemplateCurlyInString: these are shell scripts
import assert from "node:assert/strict";
import { once } from "node:events";
import { statSync, writeFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { ownedScript } from "../../../../provider/core/acrn/launch";
import { BOOT, Machine } from "./machine";
import { rtvm } from "./vm";

/** A device model that runs until the test says so, or is over. */
const UNTIL_GO = 'until [ -e "$ROOT/go" ] || [ ! -d "$ROOT" ]; do sleep 0.02; done';

/** Waits, without a limit of its own: mocha has one. */
async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await sleep(10);
}

async function started(machine: Machine): Promise<number> {
  await until(() => machine.args !== undefined && machine.record("RT1") !== undefined);
  const record = new RegExp(`^started ${BOOT} (\\d+)\n$`).exec(machine.record("RT1") ?? "");
  assert.ok(record, machine.record("RT1"));
  return Number(record[1]);
}

const alive = (pid: number): boolean => {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
};

describe("owned launch script: how the VM ended", function () {
  this.timeout(60_000);
  let machine: Machine;

  beforeEach(() => {
    machine = new Machine();
  });

  afterEach(() => {
    machine.close();
  });

  const rows: [string, string, number][] = [
    ["power-off inside", "exit 0", 0],
    ["acrn-dm fails", "exit 3", 3],
    ["acrn-dm is killed", "kill -9 $$", 137],
    ["acrn-dm is terminated", "kill -TERM $$", 143],
    ["acrn-dm was never there", 'exec "$ROOT/bin/nothing"', 127],
  ];
  for (const [name, body, status] of rows)
    it(`${name}: the record and the script say ${status}`, () => {
      machine.deviceModel(body);
      const { status: ended } = machine.run(ownedScript(rtvm()));
      assert.deepEqual([ended, machine.record("RT1")], [status, `ended ${BOOT} ${status}\n`]);
    });

  it("the record is for everybody to read, whatever the umask, and nothing is left beside it", () => {
    const script = ownedScript(rtvm()).replace("set -u", "set -u; umask 077");
    assert.equal(machine.run(script).status, 0);
    assert.equal(statSync(machine.path("/run/pulumi-acrn/vms/RT1")).mode & 0o777, 0o644);
    assert.deepEqual(machine.list("/run/pulumi-acrn"), ["vms"]);
    assert.deepEqual(machine.list("/run/pulumi-acrn/vms"), ["RT1"]);
  });

  it("while it runs the record names the launcher, also where the one before ended well", async () => {
    machine.write("/run/pulumi-acrn/vms/RT1", `ended ${BOOT} 0\n`);
    machine.deviceModel(UNTIL_GO);
    const front = machine.start(ownedScript(rtvm()));
    await until(() => machine.record("RT1")?.startsWith("started") ?? false);
    assert.ok(alive(await started(machine)));
    machine.write("/go", "");
    await once(front, "exit");
    assert.equal(machine.record("RT1"), `ended ${BOOT} 0\n`);
  });

  for (const signal of ["SIGKILL", "SIGTERM", "SIGINT", "SIGHUP"] as const)
    it(`who waits is ended by ${signal}: the VM goes on, and its end is recorded`, async () => {
      machine.deviceModel(`${UNTIL_GO}; exit 5`);
      const front = machine.start(ownedScript(rtvm()));
      const launcher = await started(machine);
      assert.notEqual(front.pid, launcher);
      front.kill(signal);
      // bash in a pipeline takes SIGINT for the pipeline's: then it waits on, which is right too.
      if (signal !== "SIGINT") await once(front, "exit");
      assert.ok(alive(launcher));
      assert.match(machine.record("RT1") ?? "", /^started/);
      machine.write("/go", "");
      await until(() => machine.record("RT1") === `ended ${BOOT} 5\n`);
      await until(() => !alive(launcher));
    });

  for (const [signal, status] of [
    ["SIGHUP", 129],
    ["SIGINT", 130],
  ] as const)
    it(`${signal} to the unit: acrn-dm ends with 0, and that is no proof`, async () => {
      machine.deviceModel(`trap 'exit 0' ${signal.slice(3)}; ${UNTIL_GO}`);
      const front = machine.start(ownedScript(rtvm()));
      const launcher = await started(machine);
      await until(() => (machine.read("/args") ?? "") !== "");
      process.kill(-launcher, signal);
      await once(front, "exit");
      assert.deepEqual([machine.record("RT1"), front.exitCode], [`ended ${BOOT} ${status}\n`, status]);
    });

  it("the launcher outlives a SIGTERM, to record what comes of acrn-dm", async () => {
    machine.deviceModel(UNTIL_GO);
    const front = machine.start(ownedScript(rtvm()));
    process.kill(await started(machine), "SIGTERM");
    machine.write("/go", "");
    await once(front, "exit");
    assert.equal(machine.record("RT1"), `ended ${BOOT} 0\n`);
  });

  it("a script that is written anew while its VM runs changes nothing for it", async () => {
    machine.deviceModel(UNTIL_GO);
    const front = machine.start(ownedScript(rtvm()));
    await started(machine);
    writeFileSync(machine.path("/launch.sh"), `echo "$0" >${machine.path("/broken")}\n`.repeat(2000));
    machine.write("/go", "");
    await once(front, "exit");
    assert.deepEqual([machine.record("RT1"), machine.read("/broken")], [`ended ${BOOT} 0\n`, undefined]);
  });

  it("what the VM prints comes out, and a console on stdio finds no terminal but a place to write to", () => {
    machine.deviceModel('[ ! -t 0 ] && echo from the guest >&0; echo "and in $PWD"');
    const { status, stdout } = machine.run(ownedScript(rtvm()));
    assert.deepEqual([status, stdout], [0, "from the guest\nand in /work\n"]);
  });
});

describe("owned launch script under systemd", function () {
  this.timeout(60_000);

  it("runs in a unit of its own, from a path with a dollar sign, in the caller's directory", () => {
    const machine = new Machine();
    try {
      machine.write("/run/systemd/system/x", "");
      // As systemd does: variables expanded, `$$` a dollar sign, nothing of the caller's environment.
      machine.program(
        "systemd-run",
        `printf '%s\\n' "$@" >"$ROOT/unit"
declare -a set=()
while [[ $1 == --* ]]; do [[ $1 != --setenv=* ]] || set+=("\${1#--setenv=}"); shift; done
dollar='$$'; one='$'
exec -c "$ROOT/bin/bash" -c 'for pair in "\${@:3}"; do export "$pair"; done; exec "$1" "$2"' unit "$1" "\${2//"$dollar"/"$one"}" "\${set[@]}" </dev/null`,
      );
      machine.deviceModel('echo "$PWD" >"$ROOT/cwd"; exit 4');
      const path = machine.install(ownedScript(rtvm()), "my $HOME launch.sh");
      const { status, stderr } = machine.runFile(path);
      assert.deepEqual([status, stderr], [4, ""]);
      assert.equal(machine.record("RT1"), `ended ${BOOT} 4\n`);
      assert.equal(machine.away(machine.read("/cwd") ?? ""), "/work\n");
      const unit = machine.away(machine.read("/unit") ?? "").split("\n");
      for (const word of [
        "--property=KillMode=process",
        "--property=SendSIGKILL=no",
        "--unit=pulumi-acrn-vm-RT1",
        "--collect",
        "--wait",
        "/my $$HOME launch.sh",
      ])
        assert.ok(unit.includes(word), word);
    } finally {
      machine.close();
    }
  });
});
