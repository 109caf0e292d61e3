import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { type AddressInfo, createServer, connect as dialTcp, type Socket } from "node:net";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { AcrnError } from "../../../provider/core/errors";
import { systemEnvironment } from "../../../provider/host/ssh/env";
import { lasting, passing, withRetries } from "../../../provider/host/ssh/link/retry";
import { Pool } from "../../../provider/host/ssh/pool";
import { resolve } from "../../../provider/host/ssh/resolve";
import { failure, run, useLab } from "./support";

const COMMON = { agent: false, sshConfig: false } as const;
const to = (changes: object = {}) => ({
  ...resolve({ host: "cell", user: "root", ...COMMON }, systemEnvironment()),
  ...changes,
});

describe("ssh connect retry", () => {
  describe("is for what may pass", () => {
    const cut = () => passing(new AcrnError("ssh.handshake", "hung up"));
    const other = (code: string) => () => new AcrnError(code, "no");
    const rows: [name: string, error: () => unknown, changes: object, tries: number][] = [
      ["a server that hung up", cut, {}, 3],
      ["a server that hung up, ConnectionAttempts 5", cut, { connectionAttempts: 5 }, 5],
      ["a server that hung up, ConnectionAttempts 1", cut, { connectionAttempts: 1 }, 1],
      ["nothing listens", other("ssh.connect.refused"), {}, 1],
      ["nothing listens, ConnectionAttempts 4", other("ssh.connect.refused"), { connectionAttempts: 4 }, 4],
      ["no way there, ConnectionAttempts 2", other("ssh.connect.unreachable"), { connectionAttempts: 2 }, 2],
      ["no answer", other("ssh.connect.timeout"), {}, 1],
      ["no SSH server", other("ssh.handshake"), { connectionAttempts: 4 }, 1],
      ["a login that was refused", other("ssh.auth"), { connectionAttempts: 4 }, 1],
      ["a key that cannot be used", other("ssh.key.encrypted"), { connectionAttempts: 4 }, 1],
      ["a host key that changed", other("ssh.host-key.changed"), { connectionAttempts: 4 }, 1],
      ["a jump host that was tried already", () => lasting(cut()), { connectionAttempts: 4 }, 1],
      ["a bug", () => new TypeError("x"), { connectionAttempts: 4 }, 1],
    ];
    for (const [name, error, changes, tries] of rows) {
      it(`${name}: ${tries}`, async () => {
        let seen = 0;
        const work = withRetries(to(changes), { retryMs: 1 }, async () => {
          seen++;
          throw error();
        });
        await assert.rejects(work, tries > 1 ? /attempt \d of \d: / : /^(?!.*attempt \d)/);
        assert.equal(seen, tries);
      });
    }

    it("and ends when the time for all is used up", async () => {
      let seen = 0;
      const work = withRetries(to({ connectTimeout: 0.001 }), { retryMs: 50 }, async () => {
        seen++;
        throw cut();
      });
      await assert.rejects(work, /^AcrnError: hung up/);
      assert.equal(seen, 1);
    });

    it("and gives each try the whole ConnectTimeout where ConnectionAttempts is configured", async () => {
      const times: number[] = [];
      const work = withRetries(to({ connectionAttempts: 3, connectTimeout: 2 }), { retryMs: 1 }, async (timeoutMs) => {
        times.push(timeoutMs);
        throw cut();
      });
      await assert.rejects(work);
      assert.deepEqual(times, [2000, 2000, 2000]);
    });

    it("and waits no longer than Node's timers can, which take a longer time as none", async () => {
      const month = to({ connectionAttempts: 1, connectTimeout: 31 * 86_400 });
      assert.equal(await withRetries(month, {}, async (timeoutMs) => timeoutMs), 2 ** 31 - 1);
    });
  });

  describe("over the wire", () => {
    const lab = useLab(() => [{ name: "cell" }]);

    /** In front of the lab: does something else with the first connections. */
    async function behind(
      first: ((socket: Socket) => void)[],
      work: (port: number, count: () => number) => Promise<void>,
    ) {
      const sockets: Socket[] = [];
      let count = 0;
      const server = createServer((client) => {
        sockets.push(client.on("error", () => {}));
        const act = first[count++];
        if (act) return act(client);
        const upstream = dialTcp({ host: "127.0.0.1", port: lab().host("cell").port }).on("error", () => {});
        sockets.push(upstream);
        client.pipe(upstream).pipe(client);
      });
      await new Promise<void>((settle) => server.listen(0, "127.0.0.1", settle));
      try {
        await work((server.address() as AddressInfo).port, () => count);
      } finally {
        for (const socket of sockets) socket.destroy();
        server.close();
      }
    }
    const attempt = (port: number, changes: object = {}) => {
      const hostKey = lab().host("cell").hostKeys[0] as string;
      return run(
        new Pool({ retryMs: 1 }).transport(lab().connection("cell", { port, hostKey, ...changes })),
        "echo in",
      );
    };
    const passes: [string, (socket: Socket) => void][] = [
      ["hangs up at once", (socket) => socket.end()],
      ["resets the connection", (socket) => socket.resetAndDestroy()],
      ["is full", (socket) => socket.end("Exceeded MaxStartups\r\n")],
      ["hangs up after its greeting", (socket) => socket.end("SSH-2.0-restarting\r\n")],
    ];
    for (const [name, act] of passes) {
      it(`a server that ${name}, twice`, async () => {
        await behind([act, act], async (port, count) => {
          assert.equal((await attempt(port)).out, "in\n");
          assert.equal(count(), 3);
        });
      });
    }

    it("not for a server of another kind, whose words are shown", async () => {
      await behind([(socket) => socket.end("HTTP/1.1 400 Bad\u001b[2J Request\r\n\r\n")], async (port, count) => {
        const error = await failure(attempt(port));
        assert.equal(error.code, "ssh.handshake");
        assert.match(error.message, /^connect: .*saying: HTTP\/1.1 400 Bad \[2J Request \(key exchange\)\n/);
        assert.equal(count(), 1);
      });
    });

    it("not after a refused login", async () => {
      await behind([], async (port, count) => {
        const error = await failure(
          attempt(port, { user: "nobody-here", privateKeyFile: lab().connection("cell").privateKeyFile }),
        );
        assert.equal(error.code, "ssh.auth");
        assert.equal(count(), 1);
      });
    });

    it("gives up after three, and says so", async () => {
      const act = (socket: Socket) => socket.end("Exceeded MaxStartups\r\n");
      await behind([act, act, act, act], async (port, count) => {
        const error = await failure(attempt(port));
        assert.match(error.message, /^connect: attempt 3 of 3: .*saying: Exceeded MaxStartups/);
        assert.equal(count(), 3);
      });
    });

    it("of a jump host is not multiplied by the target's", async () => {
      const act = (socket: Socket) => socket.end();
      await behind([act, act, act, act, act, act], async (port, count) => {
        const jump = lab().connection("cell", { port });
        const error = await failure(attempt(lab().host("cell").port, { jump }));
        assert.match(error.message, /via jump 127\.0\.0\.1: attempt 3 of 3/);
        assert.equal(count(), 3);
      });
    });

    it("of a jump host that is down is not multiplied by ConnectionAttempts", async () => {
      await lab().host("cell").down();
      const config = join(lab().dir, "three attempts");
      writeFileSync(config, "Host *\n ConnectionAttempts 3\n");
      const pool = new Pool({ retryMs: 1 });
      const jump = lab().connection("cell");
      const error = await failure(pool.transport({ ...jump, host: "127.0.0.1", sshConfig: config, jump }).exec("true"));
      await lab().host("cell").up();
      assert.equal(error.code, "ssh.connect.refused");
      assert.doesNotMatch(error.message, /attempt/, "the jump host has no ConnectionAttempts of its own");
    });

    it("waits for a machine that comes back, with ConnectionAttempts", async () => {
      const host = lab().host("cell");
      await host.down();
      const config = join(lab().dir, "attempts");
      writeFileSync(config, "Host *\n ConnectionAttempts 100\n");
      const spec = { ...lab().connection("cell"), sshConfig: config };
      const back = run(new Pool({ retryMs: 5 }).transport(spec), "echo back");
      await sleep(100); // the first attempts have been refused
      await host.up();
      assert.equal((await back).out, "back\n");
    });
  });
});
