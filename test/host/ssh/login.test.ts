import assert from "node:assert/strict";
import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { utils } from "ssh2";
import { ed25519 } from "../../../examples/lab/server/keys";
import { systemEnvironment } from "../../../provider/host/ssh/env";
import { isUnreachable } from "../../../provider/host/ssh/errors";
import { Pool } from "../../../provider/host/ssh/pool";
import type { ConnectionSpec } from "../../../provider/host/ssh/spec";
import { needs } from "../../support/needs";
import { everything, failure, run, until, useFolder, useLab } from "./support";
import { which } from "./which";

const PASSWORD = "correct horse 42";
const PASSPHRASE = "battery staple 43";

describe("ssh login", () => {
  const keys = {
    ed25519: ed25519(),
    ecdsa: utils.generateKeyPairSync("ecdsa", { bits: 256 }),
    rsa: utils.generateKeyPairSync("rsa", { bits: 2048 }),
    locked: ed25519({ passphrase: PASSPHRASE, cipher: "aes256-ctr", rounds: 4 }),
    stranger: ed25519(),
  };
  const lab = useLab(() => [
    {
      name: "keys",
      authorizedKeys: [keys.ed25519, keys.ecdsa, keys.rsa, keys.locked].map((pair) => pair.public),
      users: { root: {}, acrn: { password: PASSWORD, authorizedKeys: [] } },
    },
    { name: "pam", authorizedKeys: [], password: PASSWORD, keyboardInteractive: true },
    { name: "both", authorizedKeys: [keys.ed25519.public], password: PASSWORD, twoFactor: true },
  ]);
  const folder = useFolder();
  const file = (name: keyof typeof keys) => join(folder(), name);
  before(() => {
    for (const [name, pair] of Object.entries(keys)) {
      writeFileSync(join(folder(), name), pair.private, { mode: 0o600 });
      writeFileSync(join(folder(), `${name}.pub`), `${pair.public}\n`);
    }
  });

  /** Without the lab's own key. */
  const connection = (host: string, changes: ConnectionSpec): ConnectionSpec => {
    const { privateKeyFile: _, ...rest } = lab().connection(host);
    return { ...rest, ...changes };
  };
  const attempt = (host: string, changes: ConnectionSpec) =>
    run(new Pool().transport(connection(host, changes)), "echo in");
  const secrets = [PASSWORD, PASSPHRASE, ...Object.values(keys).map((pair) => pair.private.split("\n")[3] as string)];

  describe("works", () => {
    const rows: [name: string, host: string, changes: () => ConnectionSpec][] = [
      ["with a key file: ed25519", "keys", () => ({ privateKeyFile: file("ed25519") })],
      ["with a key file: ecdsa", "keys", () => ({ privateKeyFile: file("ecdsa") })],
      ["with a key file: rsa", "keys", () => ({ privateKeyFile: file("rsa") })],
      ["with a key as text", "keys", () => ({ privateKey: keys.ed25519.private })],
      ["with an encrypted key", "keys", () => ({ privateKeyFile: file("locked"), passphrase: PASSPHRASE })],
      ["with an encrypted key as text", "keys", () => ({ privateKey: keys.locked.private, passphrase: PASSPHRASE })],
      ["with a password", "keys", () => ({ user: "acrn", password: PASSWORD })],
      [
        "with a password after keys that are refused",
        "keys",
        () => ({ user: "acrn", privateKeyFile: file("rsa"), password: PASSWORD }),
      ],
      ["with a password asked for by PAM", "pam", () => ({ password: PASSWORD })],
      ["with key and password in a row", "both", () => ({ privateKeyFile: file("ed25519"), password: PASSWORD })],
    ];
    for (const [name, host, changes] of rows) {
      it(name, async () => assert.equal((await attempt(host, changes())).out, "in\n"));
    }
  });

  describe("fails, says why, and keeps secrets", () => {
    const wrong = "an entirely wrong password";
    type Row = [name: string, host: string, changes: () => ConnectionSpec, code: string, says: RegExp];
    const rows: Row[] = [
      [
        "a key that nobody knows",
        "keys",
        () => ({ privateKeyFile: file("stranger") }),
        "ssh.auth",
        /tried: key .*stranger; the server accepts publickey\n.*authorized_keys/s,
      ],
      [
        "a wrong password",
        "keys",
        () => ({ user: "acrn", password: wrong }),
        "ssh.auth",
        /tried: password; the server accepts publickey, password/,
      ],
      [
        "a wrong password for PAM",
        "pam",
        () => ({ password: wrong }),
        "ssh.auth",
        /tried: password \(keyboard-interactive\)/,
      ],
      [
        "a user that is not there",
        "keys",
        () => ({ user: "nobody-here", privateKeyFile: file("ed25519") }),
        "ssh.auth",
        /login as nobody-here refused/,
      ],
      ["nothing to offer", "pam", () => ({ sshConfig: false }), "ssh.auth", /there was nothing to try/],
      [
        "only the password of two",
        "both",
        () => ({ password: PASSWORD }),
        "ssh.auth",
        /the password was not asked for; the server accepts publickey\n.*privateKeyFile/s,
      ],
      [
        "a wrong password after the right key",
        "both",
        () => ({ privateKeyFile: file("ed25519"), password: wrong }),
        "ssh.auth",
        /accepted, but more is asked for/,
      ],
      [
        "an encrypted key without passphrase",
        "keys",
        () => ({ privateKeyFile: file("locked") }),
        "ssh.key.encrypted",
        /locked is encrypted.*\n.*ssh-add .*locked/,
      ],
      [
        "an encrypted key as text",
        "keys",
        () => ({ privateKey: keys.locked.private }),
        "ssh.key.encrypted",
        /the given privateKey is encrypted/,
      ],
      [
        "a wrong passphrase",
        "keys",
        () => ({ privateKeyFile: file("locked"), passphrase: wrong }),
        "ssh.key.passphrase",
        /does not open/,
      ],
      [
        "a key file that is not there",
        "keys",
        () => ({ privateKeyFile: "/no/such/key" }),
        "ssh.key.unreadable",
        /\/no\/such\/key/,
      ],
      [
        "a public key file",
        "keys",
        () => ({ privateKeyFile: `${file("ed25519")}.pub` }),
        "ssh.key.unusable",
        /only a public key/,
      ],
      ["no key at all", "keys", () => ({ privateKey: "hello" }), "ssh.key.unusable", /cannot be used/],
      [
        "an agent that is not there",
        "keys",
        () => ({ agent: "/no/such/agent" }),
        "ssh.auth",
        /the ssh-agent at \/no\/such\/agent did not answer/,
      ],
    ];
    for (const [name, host, changes, code, says] of rows) {
      it(name, async () => {
        const home = folder(); // no default keys of whoever runs this
        const pool = new Pool({
          env: { ...systemEnvironment(), home },
        });
        const error = await failure(run(pool.transport(connection(host, changes())), "echo in"));
        assert.equal(error.code, code);
        assert.match(error.message, says);
        assert.ok(isUnreachable(error) && error.hint);
        for (const secret of [...secrets, wrong])
          assert.ok(!everything(error).includes(secret), "a secret in the error");
      });
    }

    it("a password is not offered to a server that was not told of one", async () => {
      const error = await failure(attempt("pam", { privateKeyFile: file("ed25519") }));
      assert.doesNotMatch(error.message, /tried:.*password/);
    });
  });

  describe("with an ssh-agent", () => {
    let agent: ChildProcess | undefined;
    const socket = () => join(folder(), "agent.sock");
    const add = (name: keyof typeof keys) =>
      execFileSync("ssh-add", [file(name)], { env: { ...process.env, SSH_AUTH_SOCK: socket() }, stdio: "pipe" });

    before(async function () {
      needs(this, which("ssh-agent") && which("ssh-add"), "no ssh-agent");
      agent = spawn("ssh-agent", ["-D", "-a", socket()], { stdio: "ignore" });
      await until(() => existsSync(socket()), "the agent listens");
    });
    after(() => agent?.kill());
    beforeEach(() =>
      execFileSync("ssh-add", ["-D"], { env: { ...process.env, SSH_AUTH_SOCK: socket() }, stdio: "pipe" }),
    );

    for (const name of ["ed25519", "ecdsa", "rsa"] as const) {
      it(`that holds the ${name} key`, async () => {
        add(name);
        assert.equal((await attempt("keys", { agent: socket(), sshConfig: false })).out, "in\n");
      });
    }

    it("that holds several, the right one last", async () => {
      for (const name of ["stranger", "ed25519"] as const) add(name);
      assert.equal((await attempt("both", { agent: socket(), password: PASSWORD })).out, "in\n");
    });

    it("that holds the encrypted key which is named as a file", async () => {
      const plain = utils.parseKey(keys.locked.private, PASSPHRASE);
      assert.ok(!(plain instanceof Error));
      const opened = join(folder(), "opened");
      writeFileSync(opened, keys.locked.private, { mode: 0o600 });
      execFileSync("ssh-keygen", ["-q", "-p", "-P", PASSPHRASE, "-N", "", "-f", opened], { stdio: "pipe" });
      execFileSync("ssh-add", [opened], { env: { ...process.env, SSH_AUTH_SOCK: socket() }, stdio: "pipe" });
      assert.equal((await attempt("keys", { agent: socket(), privateKeyFile: file("locked") })).out, "in\n");
    });

    it("names its keys when all are refused", async () => {
      add("stranger");
      const error = await failure(attempt("keys", { agent: socket(), privateKeyFile: file("stranger") }));
      assert.match(error.message, /tried: agent key SHA256:[\w+/]{43}.*; the server/);
      assert.doesNotMatch(error.message, /tried:.*,/, "the same key was tried twice");
    });

    it("is asked for no other key under IdentitiesOnly", async () => {
      for (const name of ["ed25519", "stranger"] as const) add(name);
      const config = join(folder(), "only");
      writeFileSync(config, `Host 127.0.0.1\n IdentitiesOnly yes\n IdentityFile ${file("stranger")}\n`);
      const error = await failure(attempt("keys", { agent: socket(), sshConfig: config }));
      assert.equal(error.message.match(/SHA256:/g)?.length, 1);
    });

    it("comes after a key that an option names", async () => {
      add("stranger");
      const error = await failure(attempt("pam", { agent: socket(), privateKeyFile: file("rsa") }));
      assert.match(error.message, /tried: key .*rsa, agent key/);
    });
  });

  it("uses the key files of ssh_config", async () => {
    const config = join(folder(), "config");
    const { port } = lab().host("keys");
    const known = lab().knownHosts;
    writeFileSync(
      config,
      `Host k\n HostName 127.0.0.1\n Port ${port}\n User root\n IdentityFile ${file("stranger")}\n IdentityFile ${file("ecdsa")}\n UserKnownHostsFile ${known}\n IdentityAgent none\n`,
    );
    assert.equal((await run(new Pool().transport({ alias: "k", sshConfig: config }), "echo in")).out, "in\n");
    assert.equal(readFileSync(file("ecdsa"), "utf8"), keys.ecdsa.private);
  });
});
