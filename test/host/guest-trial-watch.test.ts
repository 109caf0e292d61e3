import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { chmodSync, existsSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { execWords } from "../../examples/lab/server/physics/guest/systemd/exec";
import { valuesOf } from "../../examples/lab/server/physics/guest/systemd/unit-file";
import { TRIAL_ARMED } from "../../provider/core/kernel/trial/armed";
import { TRIAL_UNIT_PATH, watchFiles } from "../../provider/core/kernel/trial/watch";
import type { FolderShell } from "../../provider/host/folder";
import { needs } from "../support/needs";
import { shells, temporary, tree } from "./helpers";

/** What systemd starts, as it hands it to the shell. */
function scriptOf(kind: "rtvm" | "other"): string {
  const text = watchFiles(kind).get(TRIAL_UNIT_PATH) ?? "";
  const script = execWords(valuesOf({ text }, "Service", "ExecStart")[0] ?? "").words[2] ?? "";
  // it is run by real shells here, where a path of the machine's own would be the end of it
  assert.doesNotMatch(script.replace(/(\$R|"\$R)\/[\w/.-]+/g, ""), /\/(proc|dev|var|sys)\//);
  return script;
}

interface World {
  kind?: "rtvm" | "other";
  line?: string;
  marker?: string;
  /** What somebody does meanwhile. */
  meanwhile?: string;
  /** False: its file system turned read-only. */
  removes?: boolean;
}

/** @returns what was called, and the tree. No program that would act on the machine that the tests run on is to be found. */
function watch({ shell = "/bin/sh", path = "" }: FolderShell, world: World): { calls: string[]; root: string } {
  const { kind = "other", line = "ro pulumi_acrn_trial=a1 quiet", marker = "a1 90 other\n", meanwhile = ":" } = world;
  const root = tree({
    "proc/cmdline": `${line}\n`,
    "proc/sysrq-trigger": "",
    "dev/kmsg": "",
    calls: "",
    ...(marker !== "" && { [TRIAL_ARMED.slice(1)]: marker }),
  });
  const folder = temporary();
  for (const name of world.removes === false ? [] : ["rm"]) {
    const found = path.split(":").find((part) => existsSync(join(part, name)));
    symlinkSync(join(found ?? "", name), join(folder, name));
  }
  for (const name of ["sleep", "sync", "systemctl"]) {
    const act = name === "sleep" ? `[ "$1" != 90 ] || { ${meanwhile}; }` : ":";
    writeFileSync(
      join(folder, name),
      `#!${shell}\necho "${name}\${1+ $*}" >>"$PULUMI_ACRN_ROOT/calls"\nM=$PULUMI_ACRN_ROOT${TRIAL_ARMED}\n${act}\n`,
    );
    chmodSync(join(folder, name), 0o755);
  }
  const env = { PATH: folder, PULUMI_ACRN_ROOT: root };
  // with a pipe it waits for what the script does not wait for
  const stdio: ["ignore", "pipe", "ignore"] = ["ignore", "pipe", "ignore"];
  const { status, signal } = spawnSync(shell, ["-c", scriptOf(kind)], { env, stdio, timeout: 20_000 });
  assert.deepEqual({ status, signal }, { status: 0, signal: null });
  return { calls: readFileSync(join(root, "calls"), "utf8").split("\n").filter(Boolean), root };
}

for (const { name, shell } of shells())
  describe(`the unit that ends a trial's boot, under ${name}`, function () {
    this.timeout(60_000);
    before(function () {
      needs(this, shell, `no ${name} on this machine`);
    });
    const run = (world: World = {}) => watch(shell as FolderShell, world);

    for (const [kind, word, sysrq] of [
      ["rtvm", "poweroff", "o"],
      ["other", "reboot", "b"],
    ] as const)
      it(`${kind}: nobody confirms, and each step is harder than the one before`, () => {
        const { calls, root } = run({ kind, marker: `a1 90 ${kind}\n` });
        // what is not waited for is noted down in any order
        assert.deepEqual(
          calls.filter((call) => call.startsWith("sleep")),
          ["sleep 90", "sleep 120", "sleep 30", "sleep 30"],
        );
        assert.deepEqual(calls.filter((call) => !call.startsWith("sleep")).sort(), [
          "sync",
          `systemctl --force --force ${word}`,
          `systemctl --force ${word}`,
          `systemctl -i ${word}`,
        ]);
        assert.equal(readFileSync(join(root, "proc/sysrq-trigger"), "utf8"), `${sysrq}\n`);
        assert.match(readFileSync(join(root, "dev/kmsg"), "utf8"), /^<2>pulumi-acrn: not confirmed within 90 s/);
        assert.ok(!existsSync(join(root, TRIAL_ARMED)), "a later boot of that entry would be caught");
      });

    it("where nothing can be removed any more it goes all the same", () => {
      const { calls, root } = run({ removes: false });
      assert.equal(calls.filter((call) => call.startsWith("systemctl")).length, 3);
      assert.ok(existsSync(join(root, TRIAL_ARMED)));
    });

    const stays: [title: string, world: World, calls: string[]][] = [
      ["it was confirmed meanwhile", { meanwhile: 'rm "$M"' }, ["sleep 90"]],
      ["nothing is armed", { marker: "" }, []],
      ["the marker is empty", { marker: "\n" }, []],
      ["another trial is armed", { marker: "b2 90 other\n" }, []],
      ["the line's id only begins like it", { line: "ro pulumi_acrn_trial=a12" }, []],
      ["the line has no id", { line: "ro pulumi_acrn_trial" }, []],
    ];
    for (const [title, world, calls] of stays)
      it(`nothing happens where ${title}`, () => {
        const result = run(world);
        assert.deepEqual(result.calls, calls);
        assert.equal(readFileSync(join(result.root, "proc/sysrq-trigger"), "utf8"), "");
      });

    it("a limit that is no number is ten minutes", () => {
      assert.equal(run({ marker: "a1 soon other\n" }).calls[0], "sleep 600");
    });
  });
