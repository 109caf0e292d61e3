import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { AcrnError } from "../../provider/core/errors";
import { shellQuote } from "../../provider/core/text/shell-quote";
import { folderTarget } from "../../provider/host/folder";
import { harmless, launch } from "../../provider/host/launch";
import { minify } from "../../provider/host/scripts/sh";
import { readSnapshot } from "../../provider/host/snapshot";
import type { Elevation, Target } from "../../provider/host/types";
import { optional } from "../support/needs";
import { NOTHING, tree } from "./helpers";

const SCRIPT = "IFS= read -r x\nprintf '%s|%s\\n' \"$x\" '$(not)'";

describe("launch", function () {
  this.timeout(30_000);

  it("sends a command that any login shell takes", () => {
    for (const how of ["none", "auto"] as const) {
      const { command } = launch({ how }, SCRIPT);
      assert.match(command, /^[ -~]+$/);
      assert.doesNotMatch(command, /[!\\]/);
      assert.equal(command.split("'").length, 3);
    }
  });

  for (const shell of ["sh", "dash", "bash", "zsh", "fish", "csh", "tcsh"])
    it(`runs under ${shell}, noise before it and payload after it`, function () {
      const path = ["/bin", "/usr/bin"].map((folder) => `${folder}/${shell}`).find((file) => existsSync(file));
      optional(this, path, `no ${shell} on this machine`);
      const { command, stdin } = launch({ how: "auto" }, SCRIPT);
      const { stdout, stderr } = spawnSync(path, ["-c", command], {
        input: `noise\n${stdin.join("")}payload \\ 'q'\nrest`,
        encoding: "utf8",
      });
      if (process.getuid?.() === 0) assert.equal(stdout, "payload \\ 'q'|$(not)\n", stderr);
    });

  it("quotes any word", () => {
    for (const word of ["", "a b", "it's", "''", "$x `y` \\ !", "a\nb"]) {
      const { stdout } = spawnSync("/bin/sh", ["-c", `printf %s ${shellQuote(word)}`], { encoding: "utf8" });
      assert.equal(stdout, word);
    }
  });

  it("drops comments and indentation only", () => {
    assert.equal(minify("\n  # c\n  a\n    b # kept\n"), "a\nb # kept");
  });

  for (const password of ["", "a\nb", "acrn:x", "a\0"])
    it(`does not send ${JSON.stringify(password)} as a password`, () => {
      assert.throws(
        () => launch({ how: "sudo-password", password }, SCRIPT),
        (error) => error instanceof AcrnError && error.code === "sudo.password" && !error.message.includes("acrn:x"),
      );
    });

  it("blanks the secret and disarms control characters", () => {
    assert.equal(harmless("a hunter2 b\x1b[31m\r\nc\u202e", "hunter2"), "a ******** b\\x1b[31m\nc\\u202e");
  });
});

describe("elevation", function () {
  this.timeout(30_000);

  /** `id` says that we are alice; `sudo` behaves as its table says. It clears the environment, as the real one does. */
  function machine(sudo: string, elevation: Elevation): Target {
    const bin = tree({
      "id @755": '#!/bin/sh\ncase $1 in -u) [ "$BECAME" ] && echo 0 || echo 1000;; *) echo alice;; esac\n',
      "sudo @755": `#!/bin/sh\n${sudo}\n`,
    });
    const { transport } = folderTarget(tree({ "etc/machine-id": "0123456789abcdef0123456789abcdef" }));
    return {
      elevation,
      transport: { label: "cell-7", exec: (command) => transport.exec(`PATH=${bin}:$PATH; export PATH; ${command}`) },
    };
  }

  const become =
    'while [ "$1" != /bin/sh ]; do shift; [ "$1" = \'\' ] && shift; done; exec env -i PATH="$PATH" BECAME=1 "$@"';
  const ask = `case $* in *-S*) IFS= read -r p; [ "$p" = "hunter2 'x" ] || { echo 'Sorry, try again.' >&2; exit 1; };; esac; ${become}`;
  const password = "hunter2 'x";

  const rows: [title: string, sudo: string, elevation: Elevation, end: string][] = [
    ["sudo without a password", become, { how: "auto" }, "ok"],
    ["no sudo", "echo 'sudo: a password is required' >&2; exit 1", { how: "auto" }, "sudo.refused"],
    ["the right password", ask, { how: "sudo-password", password }, "ok"],
    ["a wrong password", ask, { how: "sudo-password", password: "wrong" }, "sudo.password"],
    ["a password that sudo does not ask for", become, { how: "sudo-password", password }, "ok"],
    [
      "not in sudoers",
      "echo 'alice is not in the sudoers file.' >&2; exit 1",
      { how: "sudo-password", password },
      "sudo.denied",
    ],
    ["no words that we know", "echo 'sudo: moon phase' >&2; exit 1", { how: "auto" }, "sudo.failed"],
  ];
  for (const [title, sudo, elevation, end] of rows)
    it(title, async () => {
      const run = readSnapshot(machine(sudo, elevation), NOTHING);
      if (end === "ok") assert.equal((await run).identity.machineId, "0123456789abcdef0123456789abcdef");
      else
        await assert.rejects(run, (error) => {
          assert.ok(error instanceof AcrnError);
          assert.equal(error.code, end);
          assert.doesNotMatch(error.message, /hunter2|wrong/);
          if (end === "sudo.refused")
            assert.match(error.hint ?? "", /sudoPassword.*\n.*alice ALL=\(root\) NOPASSWD: \/bin\/sh/);
          return true;
        });
    });
});
