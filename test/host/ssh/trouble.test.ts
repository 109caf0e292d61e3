import assert from "node:assert/strict";
import { type AddressInfo, createServer, type Server, type Socket } from "node:net";
import { AcrnError } from "../../../provider/core/errors";
import { isLost, isUnreachable, printable } from "../../../provider/host/ssh/errors";
import { Pool } from "../../../provider/host/ssh/pool";
import type { ConnectionSpec } from "../../../provider/host/ssh/spec";
import { failure, run, useLab } from "./support";

/** SSH_MSG_DISCONNECT before any encryption (RFC 4253, sections 6 and 11.1). */
function disconnect(why: string): string {
  const number = (value: number) => String.fromCharCode(0, 0, 0, value);
  const payload = `\x01${number(2)}${number(why.length)}${why}${number(0)}`;
  const padding = 8 - ((payload.length + 5) % 8) + 8;
  return `${number(1 + payload.length + padding)}${String.fromCharCode(padding)}${payload}${"\0".repeat(padding)}`;
}

describe("ssh trouble", () => {
  const lab = useLab(() => [
    { name: "cell" },
    { name: "down" },
    { name: "alone", maxSessions: 0 },
    { name: "behind", jump: "cell" },
  ]);
  const attempt = (name: string, changes: ConnectionSpec = {}) =>
    run(new Pool().transport(lab().connection(name, changes)), "true");

  /** A server that speaks as it is told. */
  async function withServer(
    onConnection: (socket: Socket) => void,
    work: (port: number) => Promise<void>,
  ): Promise<void> {
    const sockets: Socket[] = [];
    const server: Server = createServer((socket) => {
      sockets.push(socket.on("error", () => {}));
      onConnection(socket);
    });
    await new Promise<void>((settle) => server.listen(0, "127.0.0.1", settle));
    try {
      await work((server.address() as AddressInfo).port);
    } finally {
      for (const socket of sockets) socket.destroy();
      server.close();
    }
  }

  it("nothing listens", async () => {
    await lab().host("down").down();
    const error = await failure(attempt("down"));
    assert.equal(error.code, "ssh.connect.refused");
    assert.match(error.message, /connection refused\nNothing listens on port \d+/);
    assert.ok(isUnreachable(error));
    await lab().host("down").up();
    assert.equal((await attempt("down")).exit.code, 0);
  });

  it("a name that nobody knows", async () => {
    const error = await failure(attempt("cell", { host: "no-such-host.invalid" }));
    assert.equal(error.code, "ssh.dns");
    assert.ok(isUnreachable(error));
  });

  it("a server that never speaks", async () => {
    await withServer(
      () => {},
      async (port) => {
        const error = await failure(attempt("cell", { port, connectTimeout: 0.2 }));
        assert.equal(error.code, "ssh.connect.timeout");
        assert.match(error.message, /^connect: .*no answer within 0.2 s \(key exchange\)/);
      },
    );
  });

  const words: [name: string, text: string][] = [
    ["hangs up at once", ""],
    ["is no SSH server", "HTTP/1.1 400 Bad Request\r\n\r\n"],
    ["speaks SSH 1", "SSH-1.5-old\r\n"],
    ["goes mad after its greeting", `SSH-2.0-mad\r\n${"\xff".repeat(2000)}`],
    ["sends escapes in its greeting", "SSH-2.0-\u001b[2Jx\r\n\u001b]0;title\u0007"],
    ["hangs up with escapes", `SSH-2.0-x\r\n${disconnect("gone\u001b[2J\nfor good")}`],
  ];
  for (const [name, text] of words) {
    it(`a server that ${name}`, async () => {
      await withServer(
        (socket) => socket.end(text, "latin1"),
        async (port) => {
          const error = await failure(attempt("cell", { port, connectTimeout: 10 }));
          assert.equal(error.code, "ssh.handshake");
          assert.doesNotMatch(error.message, /[\x00-\x09\x0b-\x1f\x7f]/);
          assert.ok(isUnreachable(error));
        },
      );
    });
  }

  it("a server that opens no session at all", async () => {
    const error = await failure(attempt("alone"));
    assert.equal(error.code, "ssh.session");
    assert.match(error.message, /MaxSessions/);
  });

  it("a jump host that is down", async () => {
    const jump = lab().connection("down");
    await lab().host("down").down();
    const error = await failure(attempt("cell", { jump }));
    assert.equal(error.code, "ssh.connect.refused");
    assert.match(error.message, /via jump 127\.0\.0\.1: ssh:\/\/root@127\.0\.0\.1:\d+: connection refused/);
    await lab().host("down").up();
  });

  it("a target that is down behind its jump host", async () => {
    const jump = lab().connection("cell");
    const { port } = lab().host("behind");
    await lab().host("behind").down();
    const error = await failure(attempt("behind", { jump, port }));
    assert.ok(isUnreachable(error), error.code);
    assert.match(error.message, /127\.0\.0\.1 cannot connect to 127\.0\.0\.1:\d+/);
    await lab().host("behind").up();
  });

  it("a jump host that may not forward there", async () => {
    const error = await failure(attempt("cell", { host: "192.0.2.1", jump: lab().connection("cell") }));
    assert.ok(isUnreachable(error), error.code);
  });

  it("is told to all who wait for the same connection, and dialled once", async () => {
    await withServer(
      (socket) => socket.end(),
      async (port) => {
        const transport = new Pool().transport(lab().connection("cell", { port }));
        const errors = await Promise.all([1, 2, 3].map(() => failure(run(transport, "true"))));
        assert.equal(new Set(errors.map((error) => error.cause)).size, 1);
      },
    );
  });

  describe("words", () => {
    it("isUnreachable and isLost keep apart what was sent", () => {
      for (const code of [
        "ssh.dns",
        "ssh.connect.refused",
        "ssh.handshake",
        "ssh.auth",
        "ssh.key.encrypted",
        "ssh.host-key.changed",
      ]) {
        assert.ok(isUnreachable(new AcrnError(code, "x").within("y")) && !isLost(new AcrnError(code, "x")));
      }
      for (const error of [
        new AcrnError("ssh.lost", "x"),
        new AcrnError("ssh.spec", "x"),
        new AcrnError("ssh.session", "x"),
        new Error("ssh.dns"),
      ]) {
        assert.ok(!isUnreachable(error));
      }
    });
    it("printable takes away what a terminal would obey", () => {
      assert.equal(printable("a\u001b[31mb\r\nc\u202ed"), "a [31mb c d");
      assert.equal(printable("x".repeat(500)).length, 203);
    });
  });
});
