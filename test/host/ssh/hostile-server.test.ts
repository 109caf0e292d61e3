import assert from "node:assert/strict";
import { once } from "node:events";
import { type AddressInfo, connect, createServer, type Socket } from "node:net";
import { buffer } from "node:stream/consumers";
import { setTimeout as sleep } from "node:timers/promises";
import { type Connection, Server, type ServerChannel, utils } from "ssh2";
import { ed25519 } from "../../../examples/lab/server/keys";
import { Pool, type PoolOptions } from "../../../provider/host/ssh/pool";
import { failure, run, until } from "./support";

const KEY = ed25519();
const PIN = KEY.public.split(" ").slice(0, 2).join(" ");

describe("ssh, a server that means no good", () => {
  const closing: (() => void)[] = [];
  afterEach(() => {
    for (const close of closing.splice(0)) close();
  });

  const transport = (port: number, options: PoolOptions = {}, connectTimeout = 10) =>
    new Pool({ retryMs: 1, ...options }).transport({
      host: "127.0.0.1",
      port,
      user: "u",
      password: "p",
      agent: false,
      sshConfig: false,
      hostKey: PIN,
      connectTimeout,
    });

  /** A real SSH server that treats a command as it is told, and how many sessions it has open. */
  async function sshServer(onExec: (channel: ServerChannel, client: Connection) => void): Promise<number> {
    const server = new Server({ hostKeys: [KEY.private] }, (client) => {
      closing.push(() => client.end());
      client.on("error", () => {}).on("authentication", (login) => login.accept());
      client.on("session", (accept) => accept().on("exec", (start) => onExec(start(), client)));
    });
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    closing.push(() => server.close());
    return (server.address() as AddressInfo).port;
  }

  /** A TCP server that says what it is told. */
  async function tcpServer(onConnection: (socket: Socket) => void): Promise<number> {
    const server = createServer((socket) => {
      closing.push(() => socket.destroy());
      onConnection(socket.on("error", () => {}));
    });
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    closing.push(() => server.close());
    return (server.address() as AddressInfo).port;
  }

  /** Without the CHANNEL_CLOSE that ssh2's server sends by itself. */
  const neverClose = (channel: ServerChannel) => {
    channel.close = () => {};
    return channel;
  };

  describe("never closes a session", () => {
    it("that is over: its place is free again, and nothing keeps us", async () => {
      let open = 0;
      const port = await sshServer((channel) => {
        open++;
        neverClose(channel).write("x\n");
        channel.exit(4);
        channel.eof();
      });
      const shared = transport(port, { closeMs: 20, idleMs: 20 });
      for (let round = 0; round < 12; round++) {
        const { out, exit } = await run(shared, "true");
        assert.deepEqual([out, exit.code], ["x\n", 4]);
      }
      assert.equal(open, 12);
    });

    it("that we give up: it is lost, and nothing keeps us", async () => {
      const port = await sshServer((channel) => neverClose(channel).write("x\n"));
      const process = await transport(port, { closeMs: 20 }).exec("true");
      await once(process.stdout, "readable");
      process.stdout.destroy();
      assert.equal((await failure(process.exit)).code, "ssh.lost");
    });

    it("though its output goes on for longer than that", async () => {
      const port = await sshServer(async (channel) => {
        channel.exit(0);
        for (let part = 0; part < 8; part++) {
          channel.write(`${part}\n`);
          await sleep(20);
        }
        channel.end();
      });
      const { out } = await run(transport(port, { closeMs: 10 }), "true");
      assert.equal(out, "0\n1\n2\n3\n4\n5\n6\n7\n", "cut off before its end");
    });
  });

  it("closes a session without a word", async () => {
    const port = await sshServer((channel) => channel.close());
    const error = await failure(run(transport(port), "true"));
    assert.match(error.message, /^session: .*without telling its exit status/);
  });

  it("changes its host key when keys are renewed", async () => {
    const other = utils.parseKey(ed25519().private);
    const port = await sshServer((_channel, client) => {
      // how ssh2 keeps the keys of a server; there is no public way to change them under a connection
      (client as unknown as { _protocol: { _hostKeys: object } })._protocol._hostKeys = { "ssh-ed25519": other };
      client.rekey();
    });
    const process = await transport(port).exec("true");
    const error = await failure(process.exit);
    assert.equal(error.code, "ssh.lost");
    assert.match(error.message, /verification failed/i);
  });

  it("speaks one byte at a time", async () => {
    const port = await sshServer((channel) => {
      channel.write("slow\n");
      channel.exit(0);
      channel.end();
    });
    const slow = await tcpServer(async (socket) => {
      const upstream = connect({ host: "127.0.0.1", port });
      closing.push(() => upstream.destroy());
      socket.pipe(upstream.on("error", () => {}));
      for await (const chunk of upstream) {
        for (const byte of chunk as Buffer) {
          socket.write(Buffer.from([byte]));
          await new Promise((settle) => setImmediate(settle));
        }
      }
    });
    assert.equal((await run(transport(slow), "true")).out, "slow\n");
  });

  describe("floods us before it has shown who it is", () => {
    const floods: [string, string][] = [
      ["with lines", `${"x".repeat(1000)}\r\n`],
      ["with one endless line", "x".repeat(1000)],
      ["with nothing but line ends", "\r\n".repeat(500)],
    ];
    for (const [name, text] of floods) {
      it(name, async () => {
        let sent = 0;
        const port = await tcpServer((socket) => {
          const more = (): void => {
            while (!socket.destroyed && socket.write(text)) sent += text.length;
          };
          socket.on("drain", more);
          more();
        });
        const error = await failure(transport(port, {}, 5).exec("true"));
        assert.equal(error.code, "ssh.handshake");
        assert.match(error.message, /^connect: /);
        assert.ok(error.message.length < 2_000, "the flood is in the error");
        await until(() => sent < 64 * 1024 * 1024, "it was stopped");
      });
    }
  });

  it("asks for a password again and again", async () => {
    const server = new Server({ hostKeys: [KEY.private] }, (client) => {
      client.on("error", () => {});
      client.on("authentication", (login) => {
        if (login.method !== "keyboard-interactive") return login.reject(["keyboard-interactive"]);
        const ask = (): void => login.prompt([{ prompt: "Password: ", echo: false }], () => ask());
        ask();
      });
    });
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    closing.push(() => server.close());
    const error = await failure(transport((server.address() as AddressInfo).port, {}, 1).exec("true"));
    assert.equal(error.code, "ssh.connect.timeout");
    assert.match(error.message, /\(login\)/);
  });

  it("sends a session's output for ever: as much is taken as is read", async () => {
    const port = await sshServer((channel) => {
      const more = (): void => {
        while (channel.write(Buffer.alloc(64 * 1024))) {}
      };
      channel.on("drain", more).on("error", () => {});
      more();
    });
    const process = await transport(port, { closeMs: 50 }).exec("yes");
    await once(process.stdout, "readable");
    process.stdout.destroy();
    await failure(process.exit);
    assert.ok((await buffer(process.stderr)).length === 0);
  });
});
