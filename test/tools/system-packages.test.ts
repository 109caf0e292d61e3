import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { chmodSync, existsSync } from "node:fs";
import { join } from "node:path";
import { MACHINE, missingSystemPackages, PROGRAMS } from "../../tools/system-packages";
import { optional } from "../support/needs";
import { folderWith, removeFolders } from "./folders";

/** What tests start by name, and would skip without a word of the set-up. */
const NEEDED = [
  "ssh",
  "busybox",
  "dash",
  "sshd",
  "sudo",
  "setfacl",
  "setfattr",
  "grub-mkconfig",
  "grub-reboot",
  "udevadm",
];

describe("system packages that tests start", () => {
  after(removeFolders);

  for (const program of NEEDED)
    it(`${program} has a package`, () => assert.ok(PROGRAMS.some((row) => row.program === program)));

  it("names a package once, and only while one of its programs is not on PATH", () => {
    const bin = folderWith({ "here-is-one": "#!/bin/sh\n" });
    chmodSync(join(bin, "here-is-one"), 0o755);
    const rows = ["here-is-one", "nowhere-1", "nowhere-2"].map((program) => ({
      program,
      package: program.startsWith("nowhere") ? "gone" : "there",
    }));
    assert.deepEqual(missingSystemPackages({ PATH: bin }, rows), ["gone"]);
    assert.deepEqual(missingSystemPackages({ PATH: bin }, rows.slice(0, 1)), []);
  });

  it("looks for a file by its path", () => {
    const bin = folderWith({ firmware: "" });
    const rows = ["firmware", "nothing"].map((name) => ({ program: join(bin, name), package: name }));
    assert.deepEqual(missingSystemPackages({ PATH: "" }, rows), ["nothing"]);
  });

  for (const { program, package: name } of [...PROGRAMS, ...MACHINE])
    it(`dpkg says that ${program} is of ${name}`, function () {
      optional(this, existsSync("/etc/debian_version"), "no Debian");
      // the path as the package has it, /bin and /usr/bin being one folder or not
      const path = program.startsWith("/") ? program : `bin/${program}`;
      const { status, stdout } = spawnSync("dpkg-query", ["-S", `*${path}`], { encoding: "utf8" });
      optional(this, status === 0, `${program} is not installed`);
      const owners = stdout.split("\n").filter((line) => line.endsWith(path));
      assert.ok(
        owners.some((line) => line.startsWith(`${name}:`)),
        stdout,
      );
    });
});
