import assert from "node:assert/strict";
import { mkdirSync, readdirSync, readFileSync, readlinkSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { buildScript } from "../../../provider/core/acrn/image/recipes/script";
import type { AcrnError } from "../../../provider/core/errors";
import { folderTarget } from "../../../provider/host/folder";
import { type BuildOptions, build } from "../../../provider/host/image/build-session";
import { localTarget } from "../../../provider/host/image/local";
import type { RemoteProcess, Target } from "../../../provider/host/types";
import { needs } from "../../support/needs";
import { shells, temporary } from "../helpers";
import { until } from "../ssh/support";

/** Every byte, and more than one piece of the log's size. */
const BYTES = Buffer.from(Array.from({ length: 200_000 }, (_, at) => (at * 7 + (at >> 8)) % 256));
const NAMES = { board: "board-1", scenario: "shared" };
const INPUTS = new Map([
  ["board-1.xml", Buffer.from("<board/>\n")],
  ["shared.xml", BYTES],
]);

const order = (command: string) => ({ script: buildScript({ how: "command", command }, NAMES), inputs: INPUTS });

/** A machine with a /var/tmp, and what is left there. */
function machine(): { root: string; left: () => string[] } {
  const root = temporary();
  mkdirSync(join(root, "var/tmp"), { recursive: true });
  return { root, left: () => readdirSync(join(root, "var/tmp")) };
}

interface Cut {
  link: () => RemoteProcess;
  stop: AbortController;
  root: string;
}

const CUTS: readonly (readonly [string, (cut: Cut) => Promise<void>])[] = [
  [
    "link is cut",
    async ({ link }) => {
      for (const stream of [link().stdin, link().stdout, link().stderr]) stream.destroy();
    },
  ],
  ["caller breaks it off", async ({ stop }) => stop.abort()],
  [
    "shell is killed",
    async ({ root }) => {
      const [folder = ""] = readdirSync(join(root, "var/tmp"));
      process.kill(Number(folder.split(".")[2]), "SIGKILL");
      await sleep(0);
    },
  ],
];

for (const { name, shell } of shells())
  describe(`a build under ${name}`, function () {
    this.timeout(60_000);
    before(function () {
      needs(this, shell, `no ${name} on this machine`);
    });
    const on = (root: string): Target => folderTarget(root, shell);

    it("takes files and brings files, byte by byte, and tells what it says line by line", async () => {
      const { root, left } = machine();
      const said: string[] = [];
      const command =
        'cp "$SCENARIO_FILE" "$OUT/acrn.bin"; mkdir "$OUT/configs"; cp "$BOARD_FILE" "$OUT/configs/allocation.xml"; ' +
        'echo skipped >"$OUT/other"; ln -s /etc/passwd "$OUT/ACPI_VM0.bin"; echo one; sleep 1; echo two >&2; printf "three\\033[1m\\r\\nhalf"';
      const files = await build(on(root), order(command), { line: (line) => void said.push(line) });
      assert.deepEqual([...files.keys()].sort(), ["acrn.bin", "configs/allocation.xml"]);
      assert.deepEqual(Buffer.from(files.get("acrn.bin") ?? []), BYTES);
      assert.deepEqual(said, ["one", "two", "three\\x1b[1m", "half"]);
      assert.deepEqual(left(), []);
    });

    it("that fails tells its status and its end, and leaves nothing", async () => {
      const { root, left } = machine();
      const failing = build(on(root), order("echo something is missing; mkdir -p a/b; touch a/b/c; exit 7"));
      await assert.rejects(failing, (error: AcrnError) => {
        assert.equal(error.code, "build.failed");
        assert.match(error.message, /status 7[\s\S]*something is missing/);
        return true;
      });
      assert.deepEqual(left(), []);
    });

    it("without an acrn.bin is a failure", async () => {
      const { root, left } = machine();
      await assert.rejects(build(on(root), order("echo fine")), { code: "build.failed" });
      await assert.rejects(build(on(root), { ...order(""), script: "echo fine" }), { code: "build.result" });
      assert.deepEqual(left(), []);
    });

    it("whose log is endless is told in bounded pieces, and its end is there", async () => {
      const { root } = machine();
      let lines = 0;
      let last = "";
      const command = `head -c 20000000 /dev/zero | tr '\\000' x | fold -w 99; echo; echo the end; echo x >"$OUT/acrn.bin"`;
      await build(on(root), order(command), {
        line: (line) => {
          lines++;
          last = line;
          assert.ok(line.length <= 4000);
        },
      });
      assert.equal(last, "the end");
      assert.ok(lines > 100 && lines < 120_000, `${lines} lines`);
    });

    for (const [what, cut] of CUTS)
      it(`whose ${what} ends with all it started, and leaves nothing`, async () => {
        const { root, left } = machine();
        const { target, link } = cuttable(on(root));
        const stop = new AbortController();
        // a child in a process group of its own would survive a signal to the first one
        const command = `echo $$ >${root}/pid; sh -c 'trap "" TERM; sleep 300' & sleep 300`;
        const options: BuildOptions = { signal: stop.signal };
        const ended = assert.rejects(build(target, order(command), options));
        await until(
          () => readdirSync(root).includes("pid") && readFileSync(join(root, "pid"), "utf8") !== "",
          "a start",
        );
        await cut({ link, stop, root });
        await ended;
        await until(() => left().length === 0, `an end (left: ${left()})`);
        await until(() => !lives(Number(readFileSync(join(root, "pid"), "utf8"))), "the end of what it started");
      });

    it("finds what a killed guard left, and leaves alone what somebody lives in", async () => {
      const { root, left } = machine();
      const ns = /\d+/.exec(readlinkSync("/proc/self/ns/pid"))?.[0];
      const mine = /^\d+ \(.*\) (?:\S+ ){19}(\d+)/.exec(readFileSync("/proc/self/stat", "utf8"))?.[1];
      const dead = `pulumi-acrn-build.${ns}.999999999.1.abcdef`;
      const living = `pulumi-acrn-build.${ns}.${process.pid}.${mine}.abcdef`;
      for (const folder of [dead, living]) mkdirSync(join(root, "var/tmp", folder));
      await build(on(root), order('echo x >"$OUT/acrn.bin"'));
      assert.deepEqual(left(), [living]);
    });
  });

/** A zombie has ended; when it is reaped is its parent's business. */
function lives(pid: number): boolean {
  try {
    return !/\) [ZX] /.test(readFileSync(`/proc/${pid}/stat`, "utf8"));
  } catch {
    return false;
  }
}

function cuttable({ transport, elevation }: Target): { target: Target; link: () => RemoteProcess } {
  let process: RemoteProcess | undefined;
  const exec: Target["transport"]["exec"] = async (command, options) => {
    process = await transport.exec(command, options);
    return process;
  };
  const link = () => process as RemoteProcess;
  return { target: { transport: { label: transport.label, exec }, elevation }, link };
}

describe("a build on this machine", () => {
  it("knows nothing of the engine's secrets", async () => {
    const target = localTarget({ ...process.env, TMPDIR: temporary(), PULUMI_CONFIG_PASSPHRASE: "hunter2" });
    const files = await build(target, order('env >"$OUT/acrn.bin"'));
    const env = Buffer.from(files.get("acrn.bin") ?? []).toString();
    assert.match(env, /^PATH=/m);
    assert.doesNotMatch(env, /hunter2/);
  });
});
