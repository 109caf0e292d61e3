import assert from "node:assert/strict";
import { resolve } from "../../../provider/host/ssh/resolve";
import type { ConnectionSpec } from "../../../provider/host/ssh/spec";
import { alias, CONFIG, resolved, world } from "./config-world";

const HOSTNAME = "Host cell-7\n HostName 10.0.0.7\n";

describe("ssh_config: Match", () => {
  type Row = [name: string, line: string, applies: boolean, spec?: ConnectionSpec];
  const rows: Row[] = [
    ["all", "all", true],
    ["!all", "!all", false],
    ["all behind one criterion", "host 10.* all", true],
    ["host, on the HostName", "host 10.*", true],
    ["host in any case", "HOST 10.0.0.7", true],
    ["host, negated", "!host 10.*", false],
    ["a negated pattern", "host 10.*,!10.0.0.7", false],
    ["originalhost", "originalhost x,CELL-7", true],
    ["originalhost is not the HostName", "originalhost 10.*", false],
    ["user as given", "user root", true, { ...alias, user: "root" }],
    ["user in its case", "user Root", false, { ...alias, user: "root" }],
    ["user without User", "user me", true],
    ["localuser", "localuser me", true],
    ["a criterion with =", "host=10.0.0.7 user=me", true],
    ["a criterion with = apart", "host = 10.0.0.7", true],
    ["quotes", 'host "10.0.0.7,x" user me', true],
    ["a comment", "host 10.* # user nobody", true],
    ["two, one of which fails", "host 10.* user nobody", false],
    ["localnetwork", "localnetwork 10.0.0.0/8,192.168.0.0/16", true],
    ["localnetwork IPv6", "localnetwork fd00::/8", true],
    ["localnetwork elsewhere", "localnetwork 10.0.0.0/8", false],
    ["sessiontype", "sessiontype exec", true],
    ["tagged without Tag", "tagged lab", false],
    ["tagged with an empty word", 'tagged ""', true],
    ["final", "final", true],
    ["final with more", "final host 10.0.0.7 user me", true],
    ["!final, in the first pass", "!final", true],
    ["canonical, without a second pass", "canonical", false],
    ["exec where something before it fails", "host other exec false", false],
    ["exec where something behind it fails", "exec false host other", false],
    ["!exec where something fails", "!exec true user nobody", false],
  ];
  for (const [name, line, applies, spec] of rows) {
    it(`${name}: ${applies ? "applies" : "does not"}`, () => {
      assert.equal(resolved(`${HOSTNAME}Match ${line}\n Port 5`, spec).port, applies ? 5 : 22);
    });
  }

  it("tagged, after Tag", () => {
    assert.equal(resolved("Host cell-7\n Tag lab\nMatch tagged l*\n Port 5").port, 5);
    assert.equal(resolved('Host cell-7\n Tag lab\nMatch tagged ""\n Port 5').port, 22);
  });

  it("sees the address that was given", () => {
    assert.equal(resolved("Match host 10.9.*\n Port 5", { ...alias, host: "10.9.9.9" }).port, 5);
  });

  it("ends the section before it, and a section ends it", () => {
    const { port, user } = resolved("Match user nobody\n Port 5\nHost cell-7\n User u\nMatch host x\n Port 6");
    assert.deepEqual([port, user], [22, "u"]);
  });

  describe("in a second pass", () => {
    it("Host is compared with the HostName", () => {
      assert.equal(resolved(`${HOSTNAME}Host 10.*\n Port 5`).port, 22);
      assert.equal(resolved(`${HOSTNAME}Host 10.*\n Port 5\nMatch final host nobody\n Port 6`).port, 5);
    });
    it("what was found in the first one stays", () => {
      assert.equal(resolved(`Match final\n Port 5\nHost cell-7\n Port 7`).port, 7);
    });
    it("canonical is true where CanonicalizeHostname asks for the pass", () => {
      assert.equal(resolved(`${HOSTNAME}CanonicalizeHostname yes\nMatch canonical\n Port 5`).port, 5);
    });
  });

  it("exec is refused with its place where the section would apply, also between others that match", () => {
    const line = `Match host 10.* exec "test -e /x" user me`;
    assert.throws(() => resolved(`${HOSTNAME}${line}\n Port 5`), {
      code: "ssh.config.unsupported",
      where: { file: CONFIG, line: 3, column: 17, excerpt: `  ${line}\n  ${" ".repeat(16)}^` },
    });
  });

  it("exec in a file that is included where nothing applies is not asked about", () => {
    const files = { [CONFIG]: "Host other\n Include x", "/home/me/.ssh/x": "Match exec true\n Port 5" };
    assert.equal(resolve(alias, world(files)).port, 22);
  });

  it("localnetwork is refused where the addresses are not known", () => {
    const { addresses: _, ...env } = world({ [CONFIG]: "Match localnetwork 10.0.0.0/8\n Port 5" });
    assert.throws(() => resolve(alias, env), { code: "ssh.config.unsupported" });
  });
});
