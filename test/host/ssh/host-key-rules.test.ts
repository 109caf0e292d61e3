import assert from "node:assert/strict";
import { utils } from "ssh2";
import { systemEnvironment } from "../../../provider/host/ssh/env";
import { hostKeyCheck } from "../../../provider/host/ssh/host-key";
import { rsaBits } from "../../../provider/host/ssh/known-hosts/keys";
import { resolve } from "../../../provider/host/ssh/resolve";
import type { ResolvedConnection } from "../../../provider/host/ssh/spec";

const line = (type: "ed25519" | "rsa", bits = 1024) =>
  utils
    .generateKeyPairSync(type as "rsa", { bits })
    .public.split(" ")
    .slice(0, 2)
    .join(" ");
const A = line("ed25519");
const B = line("ed25519");
const RSA = line("rsa", 1024);
const SHORT = line("rsa", 768);
/** Its type, and no more than a length. */
const HALF = Buffer.from("\0\0\0\x0bssh-ed25519\0\0\0\x20", "latin1").toString("base64");
const blob = (text: string) => Buffer.from(text.split(" ")[1] as string, "base64");

describe("ssh host key rules", () => {
  const base = resolve({ host: "cell", knownHosts: "known", sshConfig: false }, systemEnvironment());
  const check = (
    known: string,
    changes: Partial<ResolvedConnection>,
    files: Record<string, string> = {},
    address?: string,
  ) => hostKeyCheck({ ...base, ...changes }, (path) => (path === "known" ? known : files[path]), address);

  describe("RevokedHostKeys", () => {
    const revokedHostKeys = ["revoked"];
    const rows: [name: string, text: string | undefined, code: string | undefined][] = [
      ["the key", A, "ssh.host-key.revoked"],
      ["the key with a comment, after others", `# c\n\n${B}\n${A} root@cell\n`, "ssh.host-key.revoked"],
      ["another key", B, undefined],
      ["an empty file", "", undefined],
      ["remarks and blanks", ` \t\n  # c\n\t${B}\r\n${RSA} root@cell`, undefined],
      ["a short key, which ssh reads here", SHORT, undefined],
      ["a line that is no key", `${B}\nnonsense\n`, "ssh.host-key.unchecked"],
      ["a line with a host in front", `cell ${B}\n`, "ssh.host-key.unchecked"],
      ["a line that ends too early", "ssh-ed25519\n", "ssh.host-key.unchecked"],
      ["a key of another type than it says", B.replace("ssh-ed25519", "ssh-rsa"), "ssh.host-key.unchecked"],
      ["half a key", `ssh-ed25519 ${HALF}`, "ssh.host-key.unchecked"],
      ["a blank line of Windows", `\r\n${B}\n`, "ssh.host-key.unchecked"],
      ["a file that is not there", undefined, "ssh.host-key.unchecked"],
      ["a KRL", "SSHKRL\n\0\0\0\0\x01", "ssh.host-key.unchecked"],
    ];
    for (const [name, text, code] of rows) {
      it(name, () => {
        const files = text === undefined ? {} : { revoked: text };
        const error = check(`cell ${A}`, { revokedHostKeys }, files).verify(blob(A));
        assert.equal(error?.code, code);
        if (error) assert.match(error.message, /RevokedHostKeys/);
      });
    }

    it("holds for a pinned key too", () => {
      const error = check("", { revokedHostKeys, pinnedHostKey: A }, { revoked: A }).verify(blob(A));
      assert.equal(error?.code, "ssh.host-key.revoked");
    });
  });

  describe("CheckHostIP", () => {
    const known = `cell ${A}\n10.0.0.7 ${B}\n10.0.0.8 ${A}\n`;
    const rows: [string, Partial<ResolvedConnection>, address: string | undefined, code: string | undefined][] = [
      ["another key under the address", { checkHostIp: true }, "10.0.0.7", "ssh.host-key.changed"],
      ["the same key under the address", { checkHostIp: true }, "10.0.0.8", undefined],
      ["nothing under the address", { checkHostIp: true }, "10.0.0.9", undefined],
      ["not asked for", { checkHostIp: false }, "10.0.0.7", undefined],
      ["behind a jump host", { checkHostIp: true }, undefined, undefined],
      ["the address of this computer", { checkHostIp: true }, "127.0.0.1", undefined],
      ["with a port", { checkHostIp: true, port: 2222 }, "10.0.0.7", undefined],
    ];
    for (const [name, changes, address, code] of rows) {
      it(name, () => assert.equal(check(known, changes, {}, address).verify(blob(A))?.code, code));
    }
  });

  describe("RequiredRSASize", () => {
    it("counts bits", () => {
      assert.equal(rsaBits(blob(RSA)), 1024);
      assert.equal(rsaBits(blob(line("rsa", 2048))), 2048);
      assert.equal(rsaBits(blob(A)), undefined);
      assert.equal(rsaBits(Buffer.from("\0\0\0\x07ssh-rsa\0")), 0);
    });
    it("refuses a shorter key, whatever is known or pinned", () => {
      for (const changes of [{}, { pinnedHostKey: RSA }]) {
        const error = check(`cell ${RSA}`, { requiredRsaSize: 1025, ...changes }).verify(blob(RSA));
        assert.equal(error?.code, "ssh.host-key.short");
      }
      assert.equal(check(`cell ${RSA}`, { requiredRsaSize: 1024 }).verify(blob(RSA)), undefined);
    });
  });

  describe("algorithms", () => {
    it("of known keys go first", () => {
      assert.deepEqual(check(`cell ${RSA}`, {}).algorithms.slice(0, 3), [
        "rsa-sha2-512",
        "rsa-sha2-256",
        "ssh-ed25519",
      ]);
    });
    it("of HostKeyAlgorithms stay in their order", () => {
      const hostKey = ["ssh-ed25519", "rsa-sha2-512"];
      const fixed = check(`cell ${RSA}`, { algorithms: { hostKey }, hostKeyOrderFixed: true });
      assert.deepEqual(fixed.algorithms, hostKey);
      const sorted = check(`cell ${RSA}`, { algorithms: { hostKey }, hostKeyOrderFixed: false });
      assert.deepEqual(sorted.algorithms, ["rsa-sha2-512", "ssh-ed25519"]);
    });
  });

  describe("the mend of an unknown key", () => {
    const rows: [string, string[], RegExp][] = [
      ["writes the first file", ["a", "b"], />> a\n/],
      ["leaves out /dev/null", ["/dev/null", "b"], />> b\n/],
      ["pins it where no file is kept", ["/dev/null"], /then pin it\nor set hostKey: "ssh-ed25519/],
      ["pins it without any file", [], /then pin it/],
    ];
    for (const [name, knownHosts, says] of rows) {
      it(name, () => assert.match(check("", { knownHosts }).verify(blob(A))?.message ?? "", says));
    }
  });
});
