import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { AcrnError } from "../../provider/core/errors";
import { textOf } from "../../provider/core/snapshot";
import { folderTarget } from "../../provider/host/folder";
import { LEASE } from "../../provider/host/scripts/lock";
import { transactScript } from "../../provider/host/scripts/main";
import { Session } from "../../provider/host/session";
import { transact } from "../../provider/host/transaction";
import { needs } from "../support/needs";
import { change, listing, NOTHING, shells, tree } from "./helpers";

const boot = () => readFileSync("/proc/sys/kernel/random/boot_id", "utf8").trim();
const startOf = (pid: number) => readFileSync(`/proc/${pid}/stat`, "utf8").split(") ").at(-1)?.split(" ")[19] ?? "";
const START = { "etc/a": "a", "var/lib/x": "" };

function lockedBy(owner: string, name: string): string {
  const root = tree(START);
  mkdirSync(join(root, "var/lib/pulumi-acrn"));
  writeFileSync(join(root, "var/lib/pulumi-acrn/lock"), owner === "" ? "" : `${owner}\n${name}\n`);
  return root;
}

/** A machine whose lock is stale, and a transaction on it that goes on until `ended`. */
function withRunner(): { root: string; tx: string; ended(): Promise<unknown> } {
  const root = lockedBy(`${boot()} 4194999 1`, "a ghost");
  const sleeper = spawn("sleep", ["60"]);
  const pid = sleeper.pid ?? 0;
  const tx = join(root, "var/lib/pulumi-acrn/tx/ab");
  mkdirSync(tx, { recursive: true });
  writeFileSync(join(tx, "runner"), `${boot()} ${pid} ${startOf(pid)}\nrunner\n`);
  const exit = new Promise((resolve) => sleeper.once("exit", resolve));
  const ended = () => {
    sleeper.kill("SIGKILL");
    return exit;
  };
  return { root, tx, ended };
}

const go = (root: string, options = {}, shell?: { shell?: string; path?: string }) =>
  transact(folderTarget(root, shell), { ...NOTHING, files: ["/etc/a"] }, () => [change("/etc/a", "a", "b")], {
    owner: "me",
    lockWait: 0,
    ...options,
  });

for (const { name, shell } of shells())
  describe(`lock under ${name}`, function () {
    this.timeout(60_000);
    before(function () {
      needs(this, shell, `no ${name} on this machine`);
    });

    const dead: [title: string, owner: () => string][] = [
      ["another boot", () => `00000000-0000-0000-0000-000000000000 ${process.pid} ${startOf(process.pid)}`],
      ["a pid that is gone", () => `${boot()} 4194999 1`],
      ["a pid that is another process by now", () => `${boot()} ${process.pid} 1`],
      ["nobody: the power went before its bytes were on the disk", () => ""],
      ["garbage", () => "x"],
    ];
    for (const [title, owner] of dead)
      it(`takes over a lock of ${title}`, async () => {
        const root = lockedBy(owner(), "a ghost");
        await go(root, {}, shell);
        assert.deepEqual(listing(root), listing(tree({ ...START, "etc/a": "b" })));
      });

    it("lets one of many take over a dead lock; the others wait (two at once would lose a count or meet a changed file)", async () => {
      const root = lockedBy(`${boot()} 4194999 1`, "a ghost");
      const count = () =>
        transact(
          folderTarget(root, shell),
          { ...NOTHING, files: ["/etc/a"] },
          (fresh) => {
            const now = textOf(fresh, "/etc/a") ?? "";
            return [change("/etc/a", now, `${now}a`)];
          },
          { owner: "me", lockWait: 30_000 },
        );
      await Promise.all(Array.from({ length: 5 }, count));
      assert.deepEqual(listing(root), listing(tree({ ...START, "etc/a": "aaaaaa" })));
    });

    it("takes over when the one who took over died between", async () => {
      const root = lockedBy(`${boot()} 4194999 1`, "a ghost");
      writeFileSync(
        join(root, `var/lib/pulumi-acrn/lock.${boot()}-4194999-1`),
        `${boot()} 4194998 1\na second ghost\n`,
      );
      await go(root, {}, shell);
      assert.deepEqual(listing(root), listing(tree({ ...START, "etc/a": "b" })));
    });

    it("leaves nothing of those who were killed beside the lock", async () => {
      for (const name of [".lock.999999", `lock.${boot()}-4194999-1`, "dirs.t"]) {
        const root = tree({ ...START, [`var/lib/pulumi-acrn/${name}`]: "left\n" });
        await go(root, {}, shell);
        assert.deepEqual(listing(root), listing(tree({ ...START, "etc/a": "b" })), name);
      }
    });

    it("ends when something in its folder can neither be removed nor is ours", async () => {
      const root = tree({ ...START, "var/lib/pulumi-acrn/.lock.kept/x": "" });
      await go(root, {}, shell);
      assert.ok(existsSync(join(root, "var/lib/pulumi-acrn/.lock.kept/x")));
      assert.ok(!existsSync(join(root, "var/lib/pulumi-acrn/lock")));
    });

    it("waits for a living owner, by name, and gives up", async () => {
      const root = lockedBy(`${boot()} ${process.pid} ${startOf(process.pid)}`, "alice \x1b[31m@laptop");
      const before = listing(root);
      const heard: string[] = [];
      await assert.rejects(
        go(root, { lockWait: 300, progress: (text: string) => heard.push(text) }, shell),
        (error) => {
          assert.ok(error instanceof AcrnError);
          assert.equal(error.code, "lock.held");
          assert.match(error.message, /alice .*31m@laptop.*nothing was changed/);
          return true;
        },
      );
      assert.match(heard.join(), /waiting for the lock of alice/);
      assert.deepEqual(listing(root), before);
    });

    const lease = (seconds: number) => transactScript().replace(`-lt ${LEASE}`, () => `-lt ${seconds}`);
    async function silentClient(root: string, heard: RegExp): Promise<Session> {
      const silent = await Session.start(folderTarget(root, shell), lease(5));
      silent.send("o a client that died\ngo\n");
      assert.match(await silent.line(), heard);
      return silent;
    }

    it("takes over from a living owner whose client has said nothing for too long", async () => {
      const root = tree(START);
      const silent = await silentClient(root, /^locked /);
      await go(root, { lockWait: 40_000 }, shell);
      assert.deepEqual(listing(root), listing(tree({ ...START, "etc/a": "b" })));
      await silent.close();
    });

    // once is enough: it takes ten seconds, and differs from the one above in when the lease begins
    if (name === "dash")
      it("takes over from one whose client has gone silent while it waited for a runner", async () => {
        const { root, ended } = withRunner();
        const silent = await silentClient(root, /^busy a transaction that goes on/);
        await ended();
        await go(root, { lockWait: 40_000 }, shell);
        assert.deepEqual(listing(root), listing(tree({ ...START, "etc/a": "b" })));
        await silent.close();
      });

    it("does not judge of an owner in another container", async () => {
      const root = lockedBy(`${boot()}-1 4194999 1`, "a container");
      await assert.rejects(
        go(root, {}, shell),
        (error) => error instanceof AcrnError && error.code === "lock.held" && /container/.test(error.message),
      );
    });

    it("waits for a runner that goes on without its starter", async () => {
      const { root, tx, ended } = withRunner();
      await assert.rejects(
        go(root, { lockWait: 200 }, shell),
        (error) => error instanceof AcrnError && error.code === "lock.held",
      );
      assert.ok(existsSync(tx));
      await ended();
      await go(root, { lockWait: 5000 }, shell);
      assert.deepEqual(listing(root), listing(tree({ ...START, "etc/a": "b" })));
    });
  });
