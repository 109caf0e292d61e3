import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { createHmac } from "node:crypto";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { utils } from "ssh2";
import { fingerprint, keyType, parsePublicKey } from "../../../provider/host/ssh/known-hosts/keys";
import { namesMatch } from "../../../provider/host/ssh/known-hosts/names";
import { parseKnownHosts } from "../../../provider/host/ssh/known-hosts/parse";
import { entriesFor, judge, knownTypes } from "../../../provider/host/ssh/known-hosts/verdict";
import { needs } from "../../support/needs";
import { useFolder } from "./support";
import { which } from "./which";

const line = (type: "ed25519" | "ecdsa", bits?: 256) =>
  utils
    .generateKeyPairSync(type as "ecdsa", { bits: bits ?? 256 })
    .public.split(" ")
    .slice(0, 2)
    .join(" ");
const A = line("ed25519");
const B = line("ed25519");
const EC = line("ecdsa", 256);
const blob = (text: string) => Buffer.from(text.split(" ")[1] as string, "base64");
const SALT = Buffer.from("0123456789abcdefghij");
const hashed = (host: string) =>
  `|1|${SALT.toString("base64")}|${createHmac("sha1", SALT).update(host).digest("base64")}`;

describe("known_hosts", () => {
  describe("names", () => {
    const rows: [names: string, host: string, matches: boolean][] = [
      ["cell-7", "cell-7", true],
      ["cell-7", "cell-70", false],
      ["CELL-7", "cell-7", true],
      ["cell-7", "CELL-7", true],
      ["a,cell-7,b", "cell-7", true],
      ["*.lab", "cell-7.lab", true],
      ["*.lab", "lab", false],
      ["cell-?", "cell-7", true],
      ["cell-?", "cell-", false],
      ["*,!cell-7", "cell-8", true],
      ["*,!cell-7", "cell-7", false],
      ["!cell-7,*", "cell-7", false],
      ["!cell-7", "cell-8", false],
      ["[cell-7]:2222", "[cell-7]:2222", true],
      ["[cell-7]:2222", "cell-7", false],
      ["[cell-?]:*", "[cell-7]:2222", true],
      ["10.0.0.*", "10.0.0.9", true],
      ["[::1]:22022", "[::1]:22022", true],
      [hashed("cell-7"), "cell-7", true],
      [hashed("cell-7"), "CELL-7", true],
      [hashed("cell-7"), "cell-8", false],
      [hashed("[cell-7]:2222"), "[cell-7]:2222", true],
      [`${hashed("cell-7")},cell-8`, "cell-8", false],
      ["|1|AAAA|AAAA", "cell-7", false],
      ["|2|a|b", "|2|a|b", false],
      [".+", "ab", false],
      ["a\\*", "a*", false],
    ];
    for (const [names, host, matches] of rows) {
      it(`${names.slice(0, 30)} ${matches ? "means" : "does not mean"} ${host}`, () => {
        assert.equal(namesMatch(names, host), matches);
      });
    }

    it("takes no time over many stars", () => {
      assert.equal(namesMatch("*a".repeat(50), "a".repeat(5_000)), true);
      assert.equal(namesMatch(`${"*a".repeat(50)}b`, "a".repeat(5_000)), false);
    });
  });

  describe("lines", () => {
    const rows: [name: string, text: string, expected: [number, string, string][]][] = [
      ["plain", `h ${A}`, [[1, "none", "h"]]],
      ["with a comment", `h ${A} root@h`, [[1, "none", "h"]]],
      ["indented, with tabs", `\t h\t${A.replace(" ", "\t")}`, [[1, "none", "h"]]],
      ["comments and empty lines", `# h ${A}\n\n   # x\nh ${A}\n`, [[4, "none", "h"]]],
      [
        "CRLF",
        `h ${A}\r\nk ${B}\r\n`,
        [
          [1, "none", "h"],
          [2, "none", "k"],
        ],
      ],
      [
        "markers",
        `@revoked * ${A}\n@cert-authority *.lab ${B}`,
        [
          [1, "revoked", "*"],
          [2, "cert-authority", "*.lab"],
        ],
      ],
      ["an unknown marker", `@other h ${A}\nk ${A}`, [[2, "none", "k"]]],
      ["a type that the key is not", `h ssh-rsa ${A.split(" ")[1]}\nk ${A}`, [[2, "none", "k"]]],
      ["a cut key", `h ${A.slice(0, -6)}`, []],
      ["no base64", `h ssh-ed25519 ***`, []],
      ["SSH 1", "h 1024 35 1234567890", []],
      ["too short", "h\nh ssh-ed25519\n", []],
    ];
    for (const [name, text, expected] of rows) {
      it(name, () => {
        const seen = parseKnownHosts(text, "f").map((entry) => [entry.line, entry.marker, entry.names]);
        assert.deepEqual(seen, expected);
      });
    }
  });

  describe("verdict", () => {
    const rows: [name: string, file: string, verdict: string][] = [
      ["no line", "", "unknown"],
      ["another host's line", `k ${A}`, "unknown"],
      ["the key", `h ${A}`, "known"],
      ["one of several keys", `h ${EC}\nh ${B}\nh ${A}`, "known"],
      ["another key", `h ${B}`, "changed"],
      ["another type only: changed, as ssh has it", `h ${EC}`, "changed"],
      ["revoked for all", `h ${A}\n@revoked * ${A}`, "revoked"],
      ["revoked for others", `h ${A}\n@revoked k ${A}`, "known"],
      ["another key revoked", `h ${A}\n@revoked * ${B}`, "known"],
      ["revoked before it was ever known", `@revoked * ${A}`, "revoked"],
      ["an authority is no key", `@cert-authority * ${A}`, "unknown"],
      ["noted without port", `plain ${A}`, "known"],
      ["another key noted without port raises no alarm", `plain ${B}`, "unknown"],
      ["the port's own line goes first", `plain ${A}\nh ${B}`, "changed"],
      ["revoked without port", `h ${A}\n@revoked plain ${A}`, "revoked"],
    ];
    for (const [name, file, verdict] of rows) {
      it(`${name}: ${verdict}`, () => {
        assert.equal(judge(blob(A), "h", "plain", parseKnownHosts(file, "f")).kind, verdict);
      });
    }

    it("asks for the noted types first", () => {
      const entries = parseKnownHosts(`h ${EC}\n@revoked h ${A}\nplain ${A}`, "f");
      assert.deepEqual(knownTypes("h", "plain", entries), ["ecdsa-sha2-nistp256"]);
      assert.deepEqual(knownTypes("other", "plain", entries), ["ssh-ed25519"]);
      assert.deepEqual(knownTypes("other", undefined, entries), []);
    });
  });

  describe("fuzz", () => {
    const word = fc.oneof(
      fc.constantFrom("h", "*", "!h", "@revoked", "@cert-authority", "|1|", "#", A, B, "ssh-ed25519", "\t", "\r", "\0"),
      fc.string({ maxLength: 12 }),
    );
    const file = fc.array(
      fc.array(word, { maxLength: 6 }).map((words) => words.join(" ")),
      { maxLength: 8 },
    );

    it("any text is read, and only whole keys come out", () => {
      fc.assert(
        fc.property(file, fc.string({ maxLength: 10 }), (lines, host) => {
          const entries = parseKnownHosts(lines.join("\n"), "f");
          for (const entry of entries) {
            assert.equal(keyType(entry.key.blob), entry.key.type);
            assert.ok(lines[entry.line - 1]?.includes(entry.names));
          }
          judge(blob(A), host, undefined, entries);
        }),
        { numRuns: 3_000 },
      );
    });

    it("a key never becomes known by breaking bytes of its line", () => {
      const text = `h ${A}`;
      fc.assert(
        fc.property(fc.nat(text.length - 1), fc.integer({ min: 33, max: 126 }), (at, code) => {
          const broken = text.slice(0, at) + String.fromCharCode(code) + text.slice(at + 1);
          const verdict = judge(blob(A), "h", undefined, parseKnownHosts(broken, "f"));
          const samePatterns = /^[hH*?] /.test(broken) && broken.slice(2) === text.slice(2);
          assert.equal(verdict.kind === "known", samePatterns, broken);
        }),
        { numRuns: 2_000 },
      );
    });
  });

  describe("against ssh-keygen", () => {
    const folder = useFolder();
    const files: [string, string][] = [
      ["plain", `h ${A}\nk,l ${B}\n# c\n[h]:2222 ${EC}\n*.lab,!x.lab ${A}\n10.0.0.* ${B}\n`],
      ["hashed", `${hashed("h")} ${A}\n${hashed("[h]:2222")} ${B}\n${hashed("h")},h ${EC}\n`],
      ["markers", `@revoked * ${B}\n@cert-authority *.lab ${EC}\nh ${A} comment here\n`],
      ["noise", `h\n\nnot a line at all\nzz ssh-ed25519 short\n\th ${A}\r\n?? ${B}\n`],
    ];
    // In lower case: ssh-keygen -F takes a hashed name as it is typed, while ssh lowers every name before it looks.
    const hosts = ["h", "k", "l", "[h]:2222", "y.lab", "x.lab", "10.0.0.7", "10.0.1.7", "hh", "*"];

    it("finds the same lines", async function () {
      needs(this, which("ssh-keygen"), "no ssh-keygen");
      for (const [name, text] of files) {
        const path = join(folder(), name);
        writeFileSync(path, text);
        for (const host of hosts) {
          const ours = entriesFor(host, parseKnownHosts(text, path)).map((entry) => entry.line);
          assert.deepEqual(ours, linesOf(host, path), `${name}: ${host}`);
        }
      }
    });

    it("prints the same fingerprints", function () {
      needs(this, which("ssh-keygen"), "no ssh-keygen");
      for (const key of [A, B, EC]) {
        const path = join(folder(), "key.pub");
        writeFileSync(path, `${key}\n`);
        const theirs = execFileSync("ssh-keygen", ["-lf", path], { encoding: "utf8" }).split(" ")[1];
        const [type, base64] = key.split(" ") as [string, string];
        assert.equal(fingerprint((parsePublicKey(type, base64) as { blob: Buffer }).blob), theirs);
      }
    });

    /** `# Host h found: line 3` of ssh-keygen -F; it exits with 1 when it finds nothing. */
    function linesOf(host: string, path: string): number[] {
      try {
        const output = execFileSync("ssh-keygen", ["-F", host, "-f", path], { encoding: "utf8", stdio: "pipe" });
        return [...output.matchAll(/found: line (\d+)/g)].map((match) => Number(match[1]));
      } catch (error) {
        assert.equal((error as { status: number }).status, 1, String(error));
        return [];
      }
    }
  });
});
