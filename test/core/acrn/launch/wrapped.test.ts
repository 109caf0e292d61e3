// biome-ignore-all lint/suspicious/noTemplateCurlyInString: these are shell scripts
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { LAUNCH_EXIT, wrappedScript } from "../../../../provider/core/acrn/launch";
import { needs } from "../../../support/needs";
import { BOOT, Machine } from "./machine";

const VM = { name: "RT1", realtime: true };
const CALL = 'dm_params=(-m 1G "a b" RT1)\nacrn-dm "${dm_params[@]}"\n';

describe("a unit around a launch script that is not ours", function () {
  this.timeout(60_000);
  let machine: Machine;

  beforeEach(() => {
    machine = new Machine();
  });

  afterEach(() => {
    machine.close();
  });

  const run = (script: string) => {
    machine.write("/home/it's.sh", script);
    return machine.run(wrappedScript(VM, "/home/it's.sh"));
  };

  const rows: [string, string, string, number, string][] = [
    ["power-off inside", CALL, "exit 0", 0, "ended 0"],
    [
      "acrn-dm is killed, and the script ends well all the same",
      `${CALL}umount /data0\n`,
      "kill -9 $$",
      0,
      "ended 137",
    ],
    ["the script gives up before", "exit 9\n", "", 9, "started"],
    [
      "the script goes past the function",
      `exec ${CALL.split("\n")[1]?.replace("${dm_params[@]}", "RT1")}\n`,
      "exit 0",
      0,
      "started",
    ],
    ["as a background job that is waited for", `${CALL.trimEnd()} &\nwait\n`, "exit 3", 0, "ended 3"],
  ];
  for (const [name, script, body, status, record] of rows)
    it(`${name}: ${record}`, () => {
      machine.deviceModel(body);
      const ended = run(script);
      assert.deepEqual([ended.status, ended.stderr], [status, ""]);
      assert.equal(
        machine
          .record("RT1")
          ?.replace(` ${BOOT}`, "")
          .trim()
          .replace(/^(started) \d+$/, "$1"),
        record,
      );
    });

  it("the script gets its words, the caller's directory and no terminal; what it prints comes out", () => {
    machine.deviceModel('echo "$PWD" >&0');
    assert.equal(run(CALL).stdout, "/work\n");
    assert.deepEqual(machine.args, ["-m", "1G", "a b", "RT1"]);
  });

  for (const [signal, status] of [
    ["SIGHUP", 129],
    ["SIGINT", 130],
  ] as const)
    it(`${signal} to the unit: acrn-dm ends with 0, and that is no proof`, async () => {
      machine.deviceModel(`trap 'exit 0' ${signal.slice(3)}; until [ ! -d "$ROOT" ]; do sleep 0.02; done`);
      machine.write("/home/l.sh", CALL);
      const front = machine.start(wrappedScript(VM, "/home/l.sh"));
      let launcher: number | undefined;
      while (launcher === undefined || !machine.args) {
        await sleep(10);
        launcher = Number(/^started \S+ (\d+)/.exec(machine.record("RT1") ?? "")?.[1] ?? Number.NaN) || undefined;
      }
      process.kill(-groupOf(launcher), signal);
      await once(front, "exit");
      assert.equal(machine.record("RT1"), `ended ${BOOT} ${status}\n`);
    });

  it("checks first: the script, the host, and that it does not run yet", () => {
    assert.equal(machine.run(wrappedScript(VM, "/home/none.sh")).status, LAUNCH_EXIT.noFile);
    machine.write("/proc/77/cmdline", "acrn-dm\0RT1\0");
    assert.equal(run(CALL).status, LAUNCH_EXIT.running);
    machine.program("id", "echo 1000");
    assert.equal(run(CALL).status, LAUNCH_EXIT.notRoot);
    assert.equal(machine.args, undefined);
  });

  it("bash and shellcheck find nothing", function () {
    needs(this, spawnSync("shellcheck", ["--version"]).status === 0, "no shellcheck");
    const input = wrappedScript(VM, "/home/it's.sh");
    assert.equal(spawnSync("shellcheck", ["--shell=bash", "-"], { input, encoding: "utf8" }).stdout, "");
  });
});

/** setsid made a group of the unit, which the script belongs to: the fifth field of proc_pid_stat(5). */
function groupOf(pid: number): number {
  const [, , group] = readFileSync(`/proc/${pid}/stat`, "utf8")
    .replace(/^.*\) /s, "")
    .split(" ");
  return Number(group);
}
