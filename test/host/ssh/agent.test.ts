import assert from "node:assert/strict";
import { createServer, type Server, type Socket } from "node:net";
import { join } from "node:path";
import { type ParsedKey, utils } from "ssh2";
import { ed25519 } from "../../../examples/lab/server/keys";
import { listKeys } from "../../../provider/host/ssh/auth/agent-list";
import { guarded, type SigningLog } from "../../../provider/host/ssh/auth/signing";
import { Pool } from "../../../provider/host/ssh/pool";
import { failure, run, until, useFolder, useLab } from "./support";

const string = (bytes: Buffer | string): Buffer => {
  const length = Buffer.alloc(4);
  length.writeUInt32BE(Buffer.byteLength(bytes));
  return Buffer.concat([length, Buffer.from(bytes)]);
};
/** SSH_AGENT_IDENTITIES_ANSWER (draft-miller-ssh-agent, section 4.4). */
const answer = (keys: [blob: Buffer, comment: string][], count = keys.length): Buffer => {
  const head = Buffer.from([12, 0, 0, 0, count]);
  return string(Buffer.concat([head, ...keys.flatMap(([blob, comment]) => [string(blob), string(comment)])]));
};

describe("ssh agent", () => {
  const key = ed25519();
  const blob = Buffer.from(key.public.split(" ")[1] as string, "base64");
  const lab = useLab(() => [{ name: "cell", authorizedKeys: [key.public] }]);
  const folder = useFolder();
  const servers: Server[] = [];
  const sockets: Socket[] = [];
  after(() => {
    for (const socket of sockets) socket.destroy();
    for (const server of servers) server.close();
  });

  /** An agent that answers each message as it is told, by the message's type (11 list, 13 sign). */
  async function agent(answers: (type: number, socket: Socket) => void): Promise<string> {
    const path = join(folder(), `agent${servers.length}`);
    const server = createServer((socket) => {
      sockets.push(socket.on("error", () => {}));
      socket.on("data", (message) => answers(message[4] as number, socket));
    });
    servers.push(server);
    await new Promise<void>((settle) => server.listen(path, settle));
    return path;
  }
  const attempt = (socket: string, connectTimeout = 10) => {
    const { privateKeyFile: _, ...spec } = lab().connection("cell");
    return failure(
      run(new Pool().transport({ ...spec, agent: socket, connectTimeout, privateKey: ed25519().private }), "true"),
    );
  };

  describe("its list", () => {
    const rows: [string, Buffer | undefined, [Buffer, string][] | undefined][] = [
      ["empty", answer([]), []],
      [
        "two keys",
        answer([
          [blob, "a"],
          [blob, "b"],
        ]),
        [
          [blob, "a"],
          [blob, "b"],
        ],
      ],
      ["failure", string(Buffer.from([5])), undefined],
      ["nothing in the message", string(""), undefined],
      ["fewer keys than it says", answer([[blob, "a"]], 2), undefined],
      ["a length beyond the message", string(Buffer.from([12, 0, 0, 0, 1, 255, 255, 255, 255, 0])), undefined],
      ["a message of 2 GB", Buffer.from([0x7f, 255, 255, 255, 12]), undefined],
      ["it ends in between", undefined, undefined],
    ];
    for (const [name, bytes, expected] of rows) {
      it(name, async () => {
        const path = await agent((_type, socket) => (bytes ? socket.write(bytes) : socket.end(Buffer.from([0, 0]))));
        if (!expected) return void (await assert.rejects(listKeys(path), /no answer/));
        assert.deepEqual(
          (await listKeys(path)).map((key) => [key.blob, key.comment]),
          expected,
        );
      });
    }

    it("comes byte by byte", async () => {
      const path = await agent(async (_type, socket) => {
        for (const byte of answer([[blob, "slow"]])) {
          socket.write(Buffer.from([byte]));
          await new Promise((settle) => setImmediate(settle));
        }
      });
      assert.equal((await listKeys(path))[0]?.comment, "slow");
    });
  });

  describe("trouble with it is told", () => {
    const listed = answer([[blob, "my\u001b[2J key"]]);
    const certificate = Buffer.concat([string("ssh-ed25519-cert-v01@openssh.com"), string("rest")]);
    const token = Buffer.concat([string("sk-ssh-ed25519@openssh.com"), string("rest")]);
    const rows: [string, (type: number, socket: Socket) => void, RegExp][] = [
      [
        "it refuses to sign",
        (type, socket) => socket.write(type === 11 ? listed : string(Buffer.from([5]))),
        /agent key SHA256:\S+ \(my \[2J key\): the ssh-agent did not sign/,
      ],
      [
        "it ends instead of signing",
        (type, socket) => (type === 11 ? socket.write(listed) : socket.destroy()),
        /did not sign/,
      ],
      [
        "it answers with nonsense",
        (type, socket) => socket.write(type === 11 ? listed : string(Buffer.from([14, 9]))),
        /did not sign/,
      ],
      [
        "it is locked or empty",
        (_type, socket) => socket.write(answer([])),
        /shows no key \(empty, or locked: ssh-add -X\)/,
      ],
      [
        "it holds a certificate",
        (_type, socket) => socket.write(answer([[certificate, "c"]])),
        /a user certificate is not supported/,
      ],
      [
        "it holds a FIDO key",
        (_type, socket) => socket.write(answer([[token, "t"]])),
        /type sk-ssh-ed25519@openssh.com is not supported/,
      ],
    ];
    for (const [name, answers, says] of rows) {
      it(name, async () => {
        const error = await attempt(await agent(answers));
        assert.equal(error.code, "ssh.auth");
        assert.match(error.message, says);
        assert.doesNotMatch(error.message, /\u001b/);
      });
    }

    it("it hangs when it is to list", async () => {
      const error = await attempt(await agent(() => {}), 1);
      assert.equal(error.code, "ssh.auth");
      assert.match(error.message, /the ssh-agent at \S+ has not answered within 1 s/);
    });

    it("it hangs when it is to sign", async () => {
      const error = await attempt(await agent((type, socket) => type === 11 && socket.write(listed)), 1);
      assert.equal(error.code, "ssh.auth");
      assert.match(error.message, /has not signed with agent key SHA256:.* within 1 s.*\nConfirm the key there/);
      await until(() => sockets.every((socket) => socket.destroyed), "no connection to an agent stays");
    });
  });

  describe("an rsa key signs", () => {
    const rsa = utils.parseKey(utils.generateKeyPairSync("rsa", { bits: 2048 }).private) as ParsedKey;
    const both = ["rsa-sha2-512", "rsa-sha2-256"];
    const rows: [string, allowed: string[], hash: string | undefined, note: RegExp | undefined][] = [
      ["with SHA-256", both, "sha256", undefined],
      ["with SHA-512", both, "sha512", undefined],
      ["never with SHA-1", both, "sha1", /SHA-1/],
      [
        "never with what PubkeyAcceptedAlgorithms leaves out",
        ["rsa-sha2-256"],
        "sha512",
        /rsa-sha2-512 is not allowed/,
      ],
    ];
    for (const [name, allowed, hash, note] of rows) {
      it(name, () => {
        const log: SigningLog = { notes: [], waiting: undefined };
        const signature: unknown = guarded(rsa, "key k", allowed, log).sign(Buffer.from("data"), hash as "sha256");
        assert.equal(signature instanceof Error, note !== undefined);
        assert.match(log.notes.join(), note ?? /^$/);
      });
    }

    it("with SHA-512 whatever is asked, where that alone is allowed", () => {
      const signer = guarded(rsa, "key k", ["rsa-sha2-512"], { notes: [], waiting: undefined });
      assert.equal(signer.type, "rsa-sha2-512");
      assert.ok(rsa.verify(Buffer.from("data"), signer.sign(Buffer.from("data")), "sha512"));
    });
  });
});
