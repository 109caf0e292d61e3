import assert from "node:assert/strict";
import { execWords } from "../../../../examples/lab/server/physics/guest/systemd/exec";
import { lastOf, valuesOf } from "../../../../examples/lab/server/physics/guest/systemd/unit-file";
import { TRIAL_ARMED } from "../../../../provider/core/kernel/trial/armed";
import {
  TRIAL_DROP_IN_PATH,
  TRIAL_UNIT,
  TRIAL_UNIT_PATH,
  watchFiles,
} from "../../../../provider/core/kernel/trial/watch";

const KINDS = ["rtvm", "other"] as const;

const textOf = (kind: (typeof KINDS)[number], path: string): string => watchFiles(kind).get(path) ?? "";

/** The script as systemd hands it to the shell. */
const scriptOf = (kind: (typeof KINDS)[number]): string => {
  const [line = ""] = valuesOf({ text: textOf(kind, TRIAL_UNIT_PATH) }, "Service", "ExecStart");
  const { words } = execWords(line);
  assert.deepEqual(words.slice(0, 2), ["/bin/sh", "-c"]);
  assert.equal(words.length, 3);
  return words[2] as string;
};

describe("trial: the unit that ends a boot which nobody confirms", () => {
  it("nothing in the text for a real-time VM could reset it", () => {
    for (const text of watchFiles("rtvm").values()) {
      assert.doesNotMatch(text, /reboot|reset|kexec|restart|watchdog|halt/i);
      assert.doesNotMatch(text, /echo [^o"]\S* >/, "o is off; sysrq has letters that reset");
    }
    assert.match(textOf("rtvm", TRIAL_UNIT_PATH), /systemctl -i poweroff/);
  });

  it("any other machine resets, and is not left off", () => {
    for (const text of watchFiles("other").values()) assert.doesNotMatch(text, /poweroff|halt/);
    assert.match(textOf("other", TRIAL_UNIT_PATH), /systemctl -i reboot/);
  });

  for (const kind of KINDS) {
    const settings: [section: string, key: string, value: string, why: string][] = [
      ["Unit", "DefaultDependencies", "no", "it would wait for what may never come, and be stopped by a shutdown"],
      ["Unit", "IgnoreOnIsolate", "yes", "emergency mode would stop it"],
      ["Unit", "ConditionKernelCommandLine", "pulumi_acrn_trial", "any boot would run it"],
      ["Unit", "ConditionPathExists", TRIAL_ARMED, "a boot that nobody armed would run it"],
      ["Service", "Type", "simple", "a oneshot would hold up sysinit.target"],
    ];
    for (const [section, key, value, why] of settings)
      it(`${kind}: ${key}=${value}, else ${why}`, () =>
        assert.equal(lastOf({ text: textOf(kind, TRIAL_UNIT_PATH) }, section, key), value));

    it(`${kind}: sysinit.target pulls it in`, () => {
      assert.match(TRIAL_DROP_IN_PATH, /^\/etc\/systemd\/system\/sysinit\.target\.d\/[\w-]+\.conf$/);
      assert.deepEqual(valuesOf({ text: textOf(kind, TRIAL_DROP_IN_PATH) }, "Unit", "Wants"), [TRIAL_UNIT]);
    });

    it(`${kind}: the shell gets the script whole: systemd expands nothing of it`, () => {
      const [line = ""] = valuesOf({ text: textOf(kind, TRIAL_UNIT_PATH) }, "Service", "ExecStart");
      assert.doesNotMatch(line.replaceAll("$$", ""), /[$\\]/);
      assert.doesNotMatch(line.replaceAll("%%", ""), /%/);
      const script = scriptOf(kind);
      assert.match(script, /"\$M"/);
      assert.doesNotMatch(script, /\$\$|'/);
    });

    it(`${kind}: is the same each time, and two files alone`, () => {
      assert.deepEqual([...watchFiles(kind)], [...watchFiles(kind)]);
      assert.deepEqual([...watchFiles(kind).keys()], [TRIAL_UNIT_PATH, TRIAL_DROP_IN_PATH]);
    });
  }
});
