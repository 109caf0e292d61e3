import assert from "node:assert/strict";
import { execFileSync, execSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { utils } from "ssh2";
import { isUnreachable } from "../../../provider/host/ssh/errors";
import { fingerprint } from "../../../provider/host/ssh/known-hosts/keys";
import { Pool } from "../../../provider/host/ssh/pool";
import type { ConnectionSpec } from "../../../provider/host/ssh/spec";
import { needs } from "../../support/needs";
import { failure, run, useLab } from "./support";
import { which } from "./which";

describe("ssh host key", () => {
  const lab = useLab(() => [
    {
      name: "several",
      extraHostKeys: [
        utils.generateKeyPairSync("ecdsa", { bits: 256 }).private,
        utils.generateKeyPairSync("rsa", { bits: 2048 }).private,
      ],
    },
    { name: "renewed" },
    { name: "behind", jump: "several" },
  ]);
  const host = () => lab().host("several");
  const name = () => `[127.0.0.1]:${host().port}`;
  const key = (index: 0 | 1 | 2) => host().hostKeys[index] as string;
  const print = (line: string) => fingerprint(Buffer.from(line.split(" ")[1] as string, "base64"));
  const stranger = utils.generateKeyPairSync("ed25519").public.split(" ").slice(0, 2).join(" ");

  const knownHosts = (text: string): ConnectionSpec => {
    const path = join(lab().dir, "own known_hosts");
    writeFileSync(path, text);
    return { knownHosts: path };
  };
  const attempt = (changes: ConnectionSpec, to = "several") =>
    run(new Pool().transport(lab().connection(to, changes)), "echo in");

  describe("is accepted", () => {
    const rows: [string, () => ConnectionSpec][] = [
      ["as ed25519", () => knownHosts(`${name()} ${key(0)}\n`)],
      ["as ecdsa, though the server prefers ed25519", () => knownHosts(`${name()} ${key(1)}\n`)],
      ["as rsa", () => knownHosts(`${name()} ${key(2)}\n`)],
      ["beside an outdated key of another type", () => knownHosts(`${name()} ${stranger}\n${name()} ${key(0)}\n`)],
      ["by a pattern", () => knownHosts(`[127.0.0.*]:* ${key(0)}\n`)],
      ["noted without port", () => knownHosts(`127.0.0.1 ${key(1)}\n`)],
      ["pinned as a key", () => ({ ...knownHosts(""), hostKey: `${key(0)} root@cell` })],
      ["pinned as a key that the server does not prefer", () => ({ ...knownHosts(""), hostKey: key(2) })],
      ["pinned as ssh-keyscan prints it", () => ({ ...knownHosts(""), hostKey: `${name()} ${key(1)}` })],
      ["pinned as a fingerprint", () => ({ ...knownHosts(""), hostKey: print(key(0)) })],
      ["pinned, whatever known_hosts says", () => ({ ...knownHosts(`${name()} ${stranger}`), hostKey: key(0) })],
    ];
    for (const [title, changes] of rows) {
      it(title, async () => assert.equal((await attempt(changes())).out, "in\n"));
    }

    it("hashed by ssh-keygen -H", async function () {
      needs(this, which("ssh-keygen"), "no ssh-keygen");
      const spec = knownHosts(`${name()} ${key(0)}\n`);
      execFileSync("ssh-keygen", ["-H", "-f", spec.knownHosts as string], { stdio: "pipe" });
      assert.match(readFileSync(spec.knownHosts as string, "utf8"), /^\|1\|/);
      assert.equal((await attempt(spec)).out, "in\n");
    });
  });

  describe("is refused", () => {
    const rows: [string, () => ConnectionSpec, code: string, says: () => RegExp][] = [
      [
        "unknown",
        () => knownHosts(""),
        "ssh.host-key.unknown",
        () => new RegExp(`unknown host key ssh-ed25519 ${literal(print(key(0)))}`),
      ],
      [
        "unknown: no file",
        () => ({ knownHosts: "/no/such/file" }),
        "ssh.host-key.unknown",
        () => /ssh-keygen -lf \/etc\/ssh\/ssh_host_ed25519_key\.pub/,
      ],
      [
        "changed",
        () => knownHosts(`# c\n${name()} ${stranger}\n`),
        "ssh.host-key.changed",
        () =>
          new RegExp(
            `:2:1: .*${literal(print(key(0)))}, known was ssh-ed25519 ${literal(print(stranger))} .*\\n.*ssh-keygen -R '\\[127.0.0.1\\]:\\d+' -f '.*own known_hosts'`,
          ),
      ],
      [
        "revoked",
        () => knownHosts(`${name()} ${key(0)}\n@revoked * ${key(0)}\n`),
        "ssh.host-key.revoked",
        () => /:2:1: .*revoked/,
      ],
      [
        "revoked, though pinned",
        () => ({ ...knownHosts(`@revoked * ${key(0)}\n`), hostKey: key(0) }),
        "ssh.host-key.revoked",
        () => /revoked/,
      ],
      [
        "known by an authority only",
        () => knownHosts(`@cert-authority * ${key(0)}\n`),
        "ssh.host-key.unknown",
        () => /@cert-authority: host certificates are not supported/,
      ],
      [
        "another pinned key",
        () => ({ hostKey: stranger }),
        "ssh.host-key.changed",
        () => new RegExp(`hostKey pins ${literal(print(stranger))}`),
      ],
      [
        "the fingerprint of a key that the server does not prefer",
        () => ({ hostKey: print(key(1)) }),
        "ssh.host-key.changed",
        () => /give the whole key/,
      ],
    ];
    for (const [title, changes, code, says] of rows) {
      it(title, async () => {
        const before = host().commands.length;
        const error = await failure(attempt(changes()));
        assert.equal(error.code, code);
        assert.match(error.message, says());
        assert.ok(isUnreachable(error));
        assert.equal(host().commands.length, before, "a command was sent");
      });
    }
  });

  it("is mended by the command of the error", async () => {
    const spec = knownHosts("");
    const error = await failure(attempt(spec));
    const command = /then run: (echo .*)$/m.exec(error.message)?.[1];
    execSync(command as string, { shell: "/bin/sh" });
    assert.equal((await attempt(spec)).out, "in\n");
  });

  it("is noticed when it changes, and mended as the errors say", async function () {
    needs(this, which("ssh-keygen"), "no ssh-keygen");
    const renewed = lab().host("renewed");
    const spec = knownHosts(`[127.0.0.1]:${renewed.port} ${renewed.hostKeys[0]}\n`);
    assert.equal((await attempt(spec, "renewed")).out, "in\n");
    renewed.faults.changeHostKey();
    const error = await failure(attempt(spec, "renewed"));
    assert.equal(error.code, "ssh.host-key.changed");
    execSync(/then run: (ssh-keygen .*)$/m.exec(error.message)?.[1] as string, { shell: "/bin/sh", stdio: "pipe" });
    const next = await failure(attempt(spec, "renewed"));
    assert.equal(next.code, "ssh.host-key.unknown");
    execSync(/then run: (echo .*)$/m.exec(next.message)?.[1] as string, { shell: "/bin/sh" });
    assert.equal((await attempt(spec, "renewed")).out, "in\n");
  });

  it("of the jump host counts too, and says so", async () => {
    const jump = lab().connection("several", knownHosts(""));
    const error = await failure(attempt({ jump, knownHosts: lab().knownHosts }, "behind"));
    assert.equal(error.code, "ssh.host-key.unknown");
    assert.match(
      error.message,
      /^connect: ssh:\/\/root@127.0.0.1:\d+ \(via 127\.0\.0\.1\): via jump 127\.0\.0\.1: ssh:\/\/root@127/,
    );
  });
});

function literal(text: string): string {
  return text.replace(/[+/.]/g, "\\$&");
}
