import assert from "node:assert/strict";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { AcrnError } from "../../../provider/core/errors";
import { hostSettings } from "../../../sdk/cli/host";
import { parseTarget, type TargetName } from "../../../sdk/cli/target";
import { temporary } from "./support";

describe("sdk/cli/target", () => {
  const hosts: [string, TargetName][] = [
    ["cell-7", { host: "cell-7" }],
    ["root@cell-7", { host: "cell-7", user: "root" }],
    ["root@cell-7:2222", { host: "cell-7", user: "root", port: 2222 }],
    ["cell-7:2222", { host: "cell-7", port: 2222 }],
    ["ssh://cell-7", { host: "cell-7" }],
    ["ssh://cell-7/", { host: "cell-7" }],
    ["ssh://acrn@10.0.0.7:22", { host: "10.0.0.7", user: "acrn", port: 22 }],
    ["ssh://root@[fe80::1%eth0]:2201", { host: "fe80::1%eth0", user: "root", port: 2201 }],
    ["ssh://[::1]", { host: "::1" }],
    ["fe80::1", { host: "fe80::1" }],
    ["root@fe80::1", { host: "fe80::1", user: "root" }],
    [".", { root: "." }],
    ["..", { root: ".." }],
    ["/", { root: "/" }],
  ];
  for (const [text, target] of hosts)
    it(`${text} is ${JSON.stringify(target)}`, () => assert.deepEqual(parseTarget(text), { target }));

  const wrong: [string, string, RegExp][] = [
    ["", "target.form", /neither a host nor a folder/],
    ["root@", "target.form", /ssh:\/\/\[user@\]host/],
    ["a b", "target.form", /neither/],
    ["root@cell-7:port", "target.form", /neither/],
    ["cell-7:0", "target.port", /1 to 65535/],
    ["cell-7:70000", "target.port", /1 to 65535/],
    ["./no-such-folder", "target.folder", /no folder/],
    ["https://cell-7", "target.folder", /only scheme is ssh/],
    ["ssh://cell-7/tmp", "target.form", /neither/],
  ];
  for (const [text, code, words] of wrong)
    it(`${JSON.stringify(text)} is refused`, () =>
      assert.throws(
        () => parseTarget(text),
        (error: AcrnError) => error.code === code && words.test(error.message),
      ));

  it("refuses a password without repeating it", () =>
    assert.throws(
      () => parseTarget("ssh://root:hunter2@cell-7"),
      (error: AcrnError) => error.code === "target.password" && !/hunter2/.test(error.message),
    ));

  it("takes a bare name for a host, and says so where a folder has it too", () => {
    const dir = temporary();
    mkdirSync(join(dir, "cell-7"));
    writeFileSync(join(dir, "cell-8"), "");
    const here = process.cwd();
    process.chdir(dir);
    try {
      const { target, warning } = parseTarget("cell-7");
      assert.deepEqual(target, { host: "cell-7" });
      assert.match(warning ?? "", /the folder of that name is written \.\/cell-7/);
      assert.deepEqual(parseTarget("./cell-7"), { target: { root: "./cell-7" } });
      assert.equal(parseTarget("cell-8").warning, undefined);
      assert.throws(() => parseTarget("./cell-8"), /no folder/);
    } finally {
      process.chdir(here);
    }
  });
});

describe("sdk/cli/host settings", () => {
  it("puts every option where the provider looks for it, secrets from the environment", () => {
    const options = {
      sshConfig: "conf",
      identity: "key",
      jump: "bastion",
      knownHosts: "known",
      hostKey: "SHA256:x",
      passwordEnv: "A",
      passphraseEnv: "B",
      sudoPasswordEnv: "C",
      import: "s.xml",
      board: "/b",
      record: "/r",
      scripts: ["/x/*.sh"],
    };
    assert.deepEqual(hostSettings({ host: "h", user: "u", port: 1 }, options, { A: "1", B: "2", C: "3" }), {
      connection: {
        host: "h",
        user: "u",
        port: 1,
        sshConfig: "conf",
        privateKeyFile: "key",
        jump: "bastion",
        knownHosts: "known",
        hostKey: "SHA256:x",
        password: "1",
        passphrase: "2",
        sudoPassword: "3",
      },
      scenario: { import: "s.xml" },
      files: { board: "/b", record: "/r" },
      scripts: ["/x/*.sh"],
    });
  });

  const wrong: [string, Parameters<typeof hostSettings>[0], Parameters<typeof hostSettings>[1], RegExp][] = [
    [
      "a variable that is not set",
      { host: "h" },
      { passwordEnv: "hunter2" },
      /^--password-env names an environment variable that is not set/,
    ],
    ["a variable that is empty", { host: "h" }, { sudoPasswordEnv: "EMPTY" }, /--sudo-password-env/],
    ["SSH options of a folder", { root: "." }, { identity: "key" }, /--identity makes no sense for a folder/],
  ];
  for (const [name, target, options, words] of wrong)
    it(`refuses ${name}`, () =>
      assert.throws(
        () => hostSettings(target, options, { EMPTY: "" }),
        (error: AcrnError) => error instanceof AcrnError && words.test(error.message) && !/hunter2/.test(error.message),
      ));
});
