import assert from "node:assert/strict";
import { type ChildProcessByStdio, execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, readdirSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import type { Readable } from "node:stream";
import { Pool } from "../../provider/host/ssh/pool";
import { run, useFolder } from "../host/ssh/support";

const MAIN = resolve(__dirname, "../../examples/lab/main.ts");

describe("npm run lab", () => {
  const folder = useFolder();
  const dir = () => join(folder(), "lab");
  const args = (...more: string[]) => [
    "-r",
    "ts-node/register/transpile-only",
    MAIN,
    "--port",
    "0",
    "--dir",
    dir(),
    ...more,
  ];

  /** Starts it, and returns what it printed up to the last line of its greeting. */
  async function start(...more: string[]): Promise<[ChildProcessByStdio<null, Readable, null>, string]> {
    const child = spawn(process.execPath, args(...more), { stdio: ["ignore", "pipe", "inherit"] });
    let text = "";
    for await (const chunk of child.stdout.iterator({ destroyOnReturn: false })) {
      text += String(chunk);
      if (text.includes("The files of the hosts")) return [child, text];
    }
    return assert.fail(`it ended: ${text}`);
  }

  async function stop(child: ChildProcessByStdio<null, Readable, null>): Promise<void> {
    child.stdout.resume();
    child.kill("SIGINT");
    assert.deepEqual(await once(child, "exit"), [0, null]);
  }

  it("serves its hosts until Ctrl-C, keeps them only when told to, and runs once", async () => {
    const [first, greeting] = await start("--keep");
    const listed = [...greeting.matchAll(/^ {2}(\S+) +\w+@127\.0\.0\.1:\d+ /gm)].map((match) => match[1] as string);
    assert.ok(
      ["cell-1", "cell-2", "cell-3"].every((name) => listed.includes(name)),
      greeting,
    );
    for (const alias of listed) {
      const transport = new Pool().transport({ alias, sshConfig: join(dir(), "ssh_config"), agent: false });
      const { out } = await run(
        transport,
        'head -c 5 "$PULUMI_ACRN_ROOT/usr/share/acrn/scenario.xml"; echo "|$(basename "$PULUMI_ACRN_ROOT")"',
      );
      assert.match(out, new RegExp(`^\\S{3,5}.*\\|${alias}\n$`, "s"));
    }
    assert.throws(
      () => execFileSync(process.execPath, args(), { stdio: "pipe" }),
      /A lab runs in this folder already \(pid \d+\)/,
    );
    const mark = join(dir(), "trees/cell-1/etc/mark");
    writeFileSync(mark, "");
    await stop(first);

    const [second] = await start("--keep");
    assert.ok(existsSync(mark));
    await stop(second);
    const [third] = await start();
    assert.ok(!existsSync(mark));
    await stop(third);
    assert.deepEqual(readdirSync(folder()), []);
  }).timeout(60_000);
});
