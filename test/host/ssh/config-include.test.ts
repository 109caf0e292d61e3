// biome-ignore-all lint/suspicious/noTemplateCurlyInString: ssh_config writes ${VARIABLE} too
import assert from "node:assert/strict";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { systemEnvironment } from "../../../provider/host/ssh/env";
import { resolve } from "../../../provider/host/ssh/resolve";
import { alias, CONFIG, ownedWorld, world } from "./config-world";
import { useFolder } from "./support";

const SSH = "/home/me/.ssh";
const at = (file: string, line: string) => ({ file, line: 1, column: 9, excerpt: `  ${line}\n  ${" ".repeat(8)}^` });
const portOf = (files: Record<string, string>, variables?: Record<string, string>) =>
  resolve(alias, world(files, variables)).port;

describe("ssh_config: Include", () => {
  const rows: [name: string, include: string, file: string][] = [
    ["relative to ~/.ssh", "extra", `${SSH}/extra`],
    ["in a folder", "conf.d/*.conf", `${SSH}/conf.d/lab.conf`],
    ["~", "~/ops/ssh", "/home/me/ops/ssh"],
    ["absolute", "/etc/lab", "/etc/lab"],
    ["quoted", '"/etc/a b"', "/etc/a b"],
    ["several", "nowhere extra", `${SSH}/extra`],
    ["[set]", "conf.d/[0-9]?-*", `${SSH}/conf.d/10-lab`],
    ["[!set]", "conf.d/[!a-k]*", `${SSH}/conf.d/lab`],
    ["a variable", "${LAB}/ssh", "/lab/ssh"],
    ["a token", "%d/of-%n", "/home/me/of-cell-7"],
    ["with =", "include=extra", `${SSH}/extra`],
  ];
  for (const [name, include, file] of rows) {
    const line = include.startsWith("include") ? include : `Include ${include}`;
    it(name, () => assert.equal(portOf({ [CONFIG]: line, [file]: "Port 5" }, { LAB: "/lab" }), 5));
  }

  it("leaves hidden files to patterns with a dot", () => {
    assert.equal(portOf({ [CONFIG]: "Include d/*", [`${SSH}/d/.x`]: "Port 5" }), 22);
    assert.equal(portOf({ [CONFIG]: "Include d/.*", [`${SSH}/d/.x`]: "Port 5" }), 5);
  });

  it("reads files in order, and counts only inside its section", () => {
    const { user, port } = resolve(
      alias,
      world({
        [CONFIG]: "Host other\n Include conf.d/*\nHost cell-7\n Include conf.d/*\n Port 9\n",
        [`${SSH}/conf.d/a`]: "User a\nHost nobody\n Port 1\n",
        [`${SSH}/conf.d/b`]: "User b\nPort 8\n",
      }),
    );
    assert.deepEqual({ user, port }, { user: "a", port: 8 });
  });

  it("a section in the file does not reach beyond it", () => {
    assert.equal(portOf({ [CONFIG]: "Include extra\nPort 9", [`${SSH}/extra`]: "Host nobody\n User x" }), 9);
  });

  it("in the system's file looks in /etc/ssh", () => {
    const files = { "/etc/ssh/ssh_config": "Include ssh_config.d/*.conf", "/etc/ssh/ssh_config.d/lab.conf": "Port 5" };
    assert.equal(portOf(files), 5);
  });

  it("goes 16 deep, and no deeper", () => {
    const chain = (depth: number) => {
      const files: Record<string, string> = { [CONFIG]: "Include n1" };
      for (let at = 1; at < depth; at++) files[`${SSH}/n${at}`] = `Include n${at + 1}`;
      return { ...files, [`${SSH}/n${depth}`]: "Port 5" };
    };
    assert.equal(portOf(chain(16)), 5);
    assert.throws(() => portOf(chain(17)), { code: "ssh.config.syntax", where: at(`${SSH}/n16`, "Include n17") });
  });

  it("ends when files include each other, also where nothing applies", () => {
    for (const before of ["", "Host other\n "]) {
      assert.throws(() => portOf({ [CONFIG]: `${before}Include config\n` }), { code: "ssh.config.syntax" });
    }
  });

  it("reads real folders", () => {
    const folder = join(useReal(), "conf.d");
    mkdirSync(folder);
    writeFileSync(join(folder, "10-lab.conf"), "Port 5", { mode: 0o600 });
    mkdirSync(join(folder, "20-folder.conf"));
    const main = join(useReal(), "main");
    writeFileSync(main, `Include ${folder}/[0-9]*.conf\nInclude ${folder}/no-such`, { mode: 0o600 });
    assert.equal(resolve({ ...alias, sshConfig: main }, systemEnvironment()).port, 5);
  });
  const useReal = useFolder();
});

describe("ssh_config: whose file", () => {
  const me = { text: "Port 5" };
  const rows: [name: string, file: Parameters<typeof ownedWorld>[0][string], accepted: boolean][] = [
    ["mine", me, true],
    ["mine, readable by all", { ...me, mode: 0o100644 }, true],
    ["root's", { ...me, uid: 0 }, true],
    ["another user's", { ...me, uid: 1001 }, false],
    ["writable by the group", { ...me, mode: 0o100620 }, false],
    ["writable by all", { ...me, mode: 0o100602 }, false],
  ];
  const error = (path: string) => ({ code: "ssh.config.permissions", where: { file: path, line: 1, column: 1 } });
  for (const [name, file, accepted] of rows) {
    it(`${name}: ${accepted ? "read" : "refused"}`, () => {
      const own = () => resolve(alias, ownedWorld({ [CONFIG]: file }));
      const included = () => resolve(alias, ownedWorld({ [CONFIG]: { text: "Include x" }, [`${SSH}/x`]: file }));
      if (accepted) assert.deepEqual([own().port, included().port], [5, 5]);
      else {
        assert.throws(own, error(CONFIG));
        assert.throws(included, error(`${SSH}/x`));
      }
    });
    it(`${name}: read where it was named, and as the system's`, () => {
      assert.equal(resolve({ ...alias, sshConfig: "/named" }, ownedWorld({ "/named": file })).port, 5);
      assert.equal(resolve(alias, ownedWorld({ "/etc/ssh/ssh_config": file })).port, 5);
    });
  }

  it("one that cannot be read is passed over, one that is included is not", () => {
    assert.equal(resolve(alias, ownedWorld({ [CONFIG]: {} })).port, 22);
    assert.throws(() => resolve(alias, ownedWorld({ [CONFIG]: { text: "Include x" }, [`${SSH}/x`]: {} })), {
      code: "ssh.config.unreadable",
      where: at(CONFIG, "Include x"),
    });
    assert.equal(
      resolve(alias, ownedWorld({ [CONFIG]: { text: "Include x" }, [`${SSH}/x`]: { isFile: false } })).port,
      22,
    );
  });
});
