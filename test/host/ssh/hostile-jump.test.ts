import assert from "node:assert/strict";
import { once } from "node:events";
import { type AddressInfo, connect, createServer, type Server as TcpServer } from "node:net";
import { Server } from "ssh2";
import { ed25519 } from "../../../examples/lab/server/keys";
import { Pool, type PoolOptions } from "../../../provider/host/ssh/pool";
import { failure, run, until } from "./support";

const KEY = ed25519();
const SPEC = {
  host: "127.0.0.1",
  user: "u",
  password: "p",
  agent: false,
  sshConfig: false,
  hostKey: KEY.public.split(" ").slice(0, 2).join(" "),
} as const;

describe("ssh, an end that the other side never confirms", () => {
  const closing: (() => void)[] = [];
  afterEach(() => {
    for (const close of closing.splice(0)) close();
  });

  async function listening(server: Server | TcpServer): Promise<number> {
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    closing.push(() => server.close());
    return (server.address() as AddressInfo).port;
  }

  /** Commands say x; `hello` ends, `mute` is never answered, others go on for ever. */
  const target = () =>
    new Server({ hostKeys: [KEY.private] }, (client) => {
      closing.push(() => client.end());
      client.on("error", () => {}).on("authentication", (login) => login.accept());
      client.on("session", (accept) =>
        accept().on("exec", (start, _refuse, { command }) => {
          if (command === "mute") return;
          const channel = start();
          channel.write("x\n");
          if (command !== "hello") return;
          channel.exit(0);
          channel.end();
        }),
      );
    });

  /**
   * A jump host that lives and does not close its channel, as sshd while the target takes nothing of what it still holds for it
   * (channels.c: the output has to drain first). `mute`: nothing passes any more.
   */
  async function jumpHost(): Promise<{ port: number; mute: () => void }> {
    let open = true;
    const server = new Server({ hostKeys: [KEY.private] }, (client) => {
      closing.push(() => client.end());
      client.on("error", () => {}).on("authentication", (login) => login.accept());
      client.on("request", (_accept, reject) => reject?.());
      client.on("tcpip", (accept, _reject, { destPort }) => {
        const channel = accept();
        channel.close = () => {};
        const upstream = connect(destPort, "127.0.0.1").on("error", () => {});
        closing.push(() => upstream.destroy());
        channel.on("data", (data: Buffer) => open && upstream.write(data));
        upstream.on("data", (data) => open && channel.write(data));
      });
    });
    const port = await listening(server);
    const mute = (): void => {
      open = false;
    };
    return { port, mute };
  }

  describe("a jump host that does not close its channel", () => {
    const through = async (options: PoolOptions) => {
      const jump = await jumpHost();
      const port = await listening(target());
      const pool = new Pool({ retryMs: 1, ...options });
      return { jump, transport: pool.transport({ ...SPEC, port, jump: { ...SPEC, port: jump.port } }) };
    };

    it("a target that fell silent is lost all the same", async () => {
      const { jump, transport } = await through({ keepAliveMs: 20 });
      const process = await transport.exec("for ever");
      process.stdout.resume();
      jump.mute();
      const error = await failure(process.exit);
      assert.equal(error.code, "ssh.lost");
      assert.match(error.message, /keep-alive/);
    });

    it("a command that is not started is given up all the same", async () => {
      const { transport } = await through({ startMs: 50 });
      const error = await failure(transport.exec("mute"));
      assert.equal(error.code, "ssh.lost");
      assert.match(error.message, /did not start the command/);
      assert.equal((await run(transport, "hello")).out, "x\n", "over a new connection");
    });
  });

  it("a server that answers no goodbye keeps no socket of ours", async () => {
    const port = await listening(target());
    let gone = 0;
    const halfOpen = createServer({ allowHalfOpen: true }, (client) => {
      const upstream = connect(port, "127.0.0.1").on("error", () => {});
      closing.push(() => upstream.destroy());
      client.on("error", () => {}).on("data", (data) => upstream.write(data));
      client.on("end", () => {
        // our end has come; that the socket is gone shows only to who writes to it
        const asking = setInterval(() => client.write("?"), 10);
        client.on("close", () => {
          clearInterval(asking);
          gone++;
        });
        closing.push(() => client.destroy());
      });
      upstream.on("data", (data) => client.write(data));
    });
    const pool = new Pool({ idleMs: 10, closeMs: 10 });
    const transport = pool.transport({ ...SPEC, port: await listening(halfOpen) });
    assert.equal((await run(transport, "hello")).out, "x\n");
    await until(() => gone === 1, "the socket is closed");
  });
});
