import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { createHash, randomBytes } from "node:crypto";
import { once } from "node:events";
import { writeFileSync } from "node:fs";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { Server } from "ssh2";
import { ed25519 } from "../../../examples/lab/server/keys";
import { isLost, isUnreachable } from "../../../provider/host/ssh/errors";
import { Pool } from "../../../provider/host/ssh/pool";
import { failure, run, silentProxy, until, useLab } from "./support";

describe("ssh transport", () => {
  const lab = useLab(() => [
    { name: "plain" },
    { name: "narrow", maxSessions: 2 },
    { name: "behind", jump: "plain" },
    { name: "slow", delayMs: 300 },
  ]);
  const transport = (name: string, pool = new Pool()) => pool.transport(lab().connection(name));

  describe("exec", () => {
    const rows: [string, string, Partial<{ out: string; err: string; code: number; signal: string }>][] = [
      ["output", "printf 'a\\nb'", { out: "a\nb", code: 0 }],
      ["both outputs", "echo o; echo e >&2", { out: "o\n", err: "e\n", code: 0 }],
      ["an exit code", "exit 37", { code: 37 }],
      ["a command that is not there", "no-such-command-here 2>/dev/null", { code: 127 }],
      ["death by signal", "kill -TERM $$", { signal: "SIGTERM" }],
      ["the login shell's own quoting", `printf '%s|' "a b" 'c"d' $((1+1))`, { out: 'a b|c"d|2|', code: 0 }],
      ["no terminal", "[ -t 0 ] || [ -t 1 ] || echo none", { out: "none\n", code: 0 }],
      ["the prefix set on the target's side", 'test -n "$PULUMI_ACRN_ROOT" && echo set', { out: "set\n", code: 0 }],
    ];
    for (const [name, command, expected] of rows) {
      it(name, async () => {
        const { out, err, exit } = await run(transport("plain"), command);
        assert.deepEqual(
          { out, err, code: exit.code, signal: exit.signal },
          { out: "", err: "", code: undefined, signal: undefined, ...expected },
        );
      });
    }

    it("carries 5 MB both ways unchanged", async () => {
      const payload = randomBytes(5_000_000);
      const process = await transport("plain").exec("cat");
      process.stdin.end(payload);
      process.stderr.resume();
      const hash = createHash("sha256");
      for await (const chunk of process.stdout) hash.update(chunk as Buffer);
      assert.equal(hash.digest("hex"), createHash("sha256").update(payload).digest("hex"));
      assert.deepEqual(await process.exit, { code: 0 });
    });

    it("carries 5 MB on both outputs at once", async () => {
      const { out, err, exit } = await run(
        transport("plain"),
        "head -c 5000000 /dev/zero & head -c 5000000 /dev/zero >&2; wait",
      );
      assert.deepEqual([out.length, err.length, exit.code], [5_000_000, 5_000_000, 0]);
    });

    it("ends when the command does not read its input", async () => {
      const process = await transport("plain").exec("echo done; exit 4");
      const closed = new Promise((settle) => process.stdin.once("close", settle));
      process.stdin.write(Buffer.alloc(20_000_000));
      process.stderr.resume();
      assert.equal(await text(process.stdout), "done\n");
      assert.deepEqual(await process.exit, { code: 4 });
      await closed; // a pipeline into it would settle too
    });
  });

  describe("connections", () => {
    it("one for many callers, also while it is dialled", async () => {
      const pool = new Pool();
      const host = lab().host("plain");
      const before = host.connections;
      const results = await Promise.all(
        Array.from({ length: 20 }, (_, index) => run(transport("plain", pool), `echo ${index}`)),
      );
      assert.deepEqual(
        results.map(({ out }) => out),
        Array.from({ length: 20 }, (_, index) => `${index}\n`),
      );
      assert.equal(host.connections - before, 1);
    });

    it("waits where the server allows fewer sessions than we would open", async () => {
      const host = lab().host("narrow");
      const shared = transport("narrow");
      const results = await Promise.all(Array.from({ length: 7 }, () => run(shared, "sleep 0.05; echo x")));
      assert.deepEqual(
        results.map(({ out }) => out),
        Array.from({ length: 7 }, () => "x\n"),
      );
      assert.equal(host.connections, 1);
    });

    it("is closed when idle, and made again when needed", async () => {
      const host = lab().host("plain");
      await until(() => host.live === 0, "older tests' connections end");
      const shared = transport("plain", new Pool({ idleMs: 30 }));
      await run(shared, "true");
      assert.equal(host.live, 1);
      await until(() => host.live === 0, "the idle connection ends");
      assert.equal((await run(shared, "echo again")).out, "again\n");
    });

    it("is not closed while a command runs without a word", async () => {
      const shared = transport("plain", new Pool({ idleMs: 30 }));
      assert.equal((await run(shared, "sleep 0.3; echo late")).out, "late\n");
    });

    it("survives the idle close at any moment", async () => {
      const shared = transport("plain", new Pool({ idleMs: 1 }));
      for (let round = 0; round < 40; round++) {
        assert.equal((await run(shared, "echo x")).out, "x\n");
        await new Promise((settle) => setTimeout(settle, round % 4));
      }
    });

    it("lets the process end by itself, long before it is idle for too long", async () => {
      const child = spawn(
        process.execPath,
        [
          "-r",
          "ts-node/register/transpile-only",
          join(__dirname, "idle-child.ts"),
          JSON.stringify(lab().connection("behind", { alias: "behind", sshConfig: lab().sshConfig })),
        ],
        { stdio: ["ignore", "pipe", "inherit"] },
      );
      const said = text(child.stdout);
      const [code] = await once(child, "exit"); // else the test times out
      assert.deepEqual([code, await said], [0, "done x\n"]);
    });
  });

  describe("loss", () => {
    it("rejects what runs, and dials again for what comes", async () => {
      const host = lab().host("plain");
      const shared = transport("plain");
      const process = await shared.exec("echo started; sleep 60");
      await once(process.stdout, "readable");
      host.drop();
      const error = await failure(process.exit);
      assert.equal(error.code, "ssh.lost");
      assert.ok(isLost(error) && !isUnreachable(error));
      const before = host.connections;
      assert.equal((await run(shared, "echo back")).out, "back\n");
      assert.equal(host.connections - before, 1);
    });

    it("lets what runs on the machine run on", async () => {
      const host = lab().host("plain");
      const process = await transport("plain").exec("sleep 61 >/dev/null 2>&1 & echo $!; wait");
      const [pid] = await once(process.stdout, "data");
      host.drop();
      await failure(process.exit);
      await new Promise((settle) => setTimeout(settle, 100));
      assert.ok(lab().processes().includes(Number(pid)), "the command was killed");
    });

    it("leaves no rejection unheard", async () => {
      const unheard: unknown[] = [];
      const listener = (reason: unknown) => unheard.push(reason);
      process.on("unhandledRejection", listener);
      const started = await transport("plain").exec("sleep 60");
      lab().host("plain").drop();
      await until(() => started.stdin.destroyed, "the loss arrives");
      await new Promise((settle) => setTimeout(settle, 50));
      process.off("unhandledRejection", listener);
      assert.deepEqual(unheard, []);
    });

    it("does not wait for ever for a server that lives and starts nothing", async () => {
      const key = ed25519();
      const server = new Server({ hostKeys: [key.private] }, (client) => {
        client.on("error", () => {}).on("authentication", (login) => login.accept());
        client.on("session", (accept) => accept().on("exec", () => {}));
      });
      await new Promise<void>((settle) => server.listen(0, "127.0.0.1", settle));
      const { port } = server.address() as AddressInfo;
      const options = { host: "127.0.0.1", port, user: "u", password: "p", agent: false, sshConfig: false } as const;
      const pool = new Pool({ keepAliveMs: 20, startMs: 200 });
      const hostKey = key.public.split(" ").slice(0, 2).join(" ");
      const error = await failure(pool.transport({ ...options, hostKey }).exec("true"));
      server.close();
      assert.equal(error.code, "ssh.lost");
      assert.match(error.message, /did not start the command/);
    });

    it("fails a write that waits", async () => {
      const started = await transport("plain").exec("sleep 60");
      const ended = new Promise((settle) => started.stdin.once("close", settle));
      started.stdin.write(Buffer.alloc(30_000_000));
      await new Promise((settle) => setTimeout(settle, 100));
      lab().host("plain").drop();
      await ended;
      assert.equal((await failure(started.exit)).code, "ssh.lost");
    });

    it("notices a peer that fell silent", async () => {
      const host = lab().host("plain");
      const proxy = await silentProxy(host.port);
      try {
        const pool = new Pool({ keepAliveMs: 40 });
        const shared = pool.transport(
          lab().connection("plain", { port: proxy.port, hostKey: host.hostKeys[0] as string }),
        );
        const started = await shared.exec("sleep 60");
        proxy.fallSilent();
        const error = await failure(started.exit);
        assert.equal(error.code, "ssh.lost");
        assert.match(error.message, /keep-alive/);
      } finally {
        proxy.close();
      }
    });

    it("does not mistake times beyond Node's timers for none", async () => {
      const config = join(lab().dir, "months");
      writeFileSync(config, "Host *\n ConnectTimeout 31d\n ServerAliveInterval 31d\n");
      const shared = new Pool().transport({ ...lab().connection("slow"), sshConfig: config });
      assert.equal((await run(shared, "sleep 1; echo alive")).out, "alive\n");
    });

    it("does not mistake a quiet command for a silent peer", async () => {
      const shared = new Pool({ keepAliveMs: 50 }).transport(lab().connection("plain"));
      assert.equal((await run(shared, "sleep 1; echo alive")).out, "alive\n");
    });
  });

  describe("jump host", () => {
    const viaConfig = (pool: Pool) => pool.transport({ alias: "behind", sshConfig: lab().sshConfig, agent: false });

    it("of ssh_config", async () => {
      const shared = viaConfig(new Pool());
      assert.match(shared.label, /^ssh:\/\/root@127\.0\.0\.1:\d+ \(via plain\)$/);
      const [a, b] = [lab().host("plain").connections, lab().host("behind").connections];
      assert.equal((await run(shared, 'basename "$PULUMI_ACRN_ROOT"')).out, "behind\n");
      assert.deepEqual([lab().host("plain").connections - a, lab().host("behind").connections - b], [1, 1]);
    });

    it("as a specification, shared by two targets", async () => {
      const pool = new Pool();
      const before = lab().host("plain").connections;
      const jump = lab().connection("plain");
      const names = ["behind", "narrow"];
      const results = await Promise.all(
        names.map((name) => run(pool.transport(lab().connection(name, { jump })), 'basename "$PULUMI_ACRN_ROOT"')),
      );
      assert.deepEqual(
        results.map(({ out }) => out.trim()),
        names,
      );
      assert.equal(lab().host("plain").connections - before, 1);
    });

    it("loses the target with the jump host", async () => {
      const shared = viaConfig(new Pool());
      const started = await shared.exec("sleep 60");
      lab().host("plain").drop();
      assert.equal((await failure(started.exit)).code, "ssh.lost");
      assert.equal((await run(shared, "echo back")).out, "back\n");
    });

    it("stays while only its target is idle, then both end", async () => {
      await until(() => lab().host("plain").live === 0, "older tests' connections end");
      await run(viaConfig(new Pool({ idleMs: 40 })), "true");
      assert.equal(lab().host("plain").live, 1);
      await until(() => lab().host("behind").live === 0 && lab().host("plain").live === 0, "both end");
    });
  });
});
