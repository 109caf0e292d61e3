import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { buildScenario } from "../../../../examples/lab/builder";
import { launchArguments } from "../../../../provider/core/acrn/launch-script/arguments";
import { differences } from "../../../../provider/core/acrn/rt-vm/differences";
import {
  alsoTagged,
  preLaunchedCfg,
  tagOf,
  tagTrouble,
  tagWarnings,
} from "../../../../provider/core/acrn/rt-vm/grub-cfg";

const SCENARIO = buildScenario({
  name: "s",
  board: "b",
  vms: [
    { kind: "pre-rt", name: "PRE", cpus: [1] },
    { kind: "service", name: "SVC", cpus: [0] },
    { kind: "post", name: "POST", cpus: [2] },
  ],
});

describe("kernel arguments of a pre-launched VM, through GRUB", () => {
  const TAGS: [what: string, scenario: string, vm: string, tag: string | undefined][] = [
    ["its own", SCENARIO, "PRE", "VM0_bzImage"],
    ["another VM's is not its own", SCENARIO, "SVC", "Linux_bzImage"],
    ["a VM without", SCENARIO, "POST", undefined],
    ["a VM that is not there", SCENARIO, "GONE", undefined],
    ["an empty one", SCENARIO.replace("VM0_bzImage", " "), "PRE", undefined],
    ["blanks around it", SCENARIO.replace("VM0_bzImage", " RT \n"), "PRE", "RT"],
  ];
  for (const [what, text, vm, tag] of TAGS) it(`the tag: ${what}`, () => assert.equal(tagOf(text, "s.xml", vm), tag));

  const TROUBLES: [what: string, tag: string | undefined, args: string, trouble: RegExp | undefined][] = [
    ["no tag", undefined, "quiet", /names no kern_mod/],
    ["a tag that is no variable's name", "RT-bz", "quiet", /cannot be part of a shell variable/],
    ["plain words", "RT", "root=/dev/sda3 isolcpus=nohz,domain,1 a.b=c:d@e+f%g^h~i!", undefined],
    ["a blank before what echo takes for its option", "RT", " -n quiet", /would take apart/],
    ["options of echo alone", "RT", "-eE", /would take apart/],
    ["the same further behind, and what only looks like one", "RT", "-nx quiet -n", undefined],
    ...[..."*?[\"'`$\\;&|<>(){}#\t\n\0", "é", "\u007f"].map((bad): [string, string, string, RegExp] => [
      JSON.stringify(bad),
      "RT",
      `a${bad}b`,
      /would take apart/,
    ]),
  ];
  for (const [what, tag, args, trouble] of TROUBLES)
    it(`${trouble ? "refused" : "taken"}: ${what}`, () => {
      const found = tagTrouble(tag, args);
      assert.equal(found === undefined, trouble === undefined, found?.what);
      if (trouble) assert.match(found?.what ?? "", trouble);
      if (found) assert.ok(found.hint.length > 10);
    });

  const SHARED: [what: string, scenario: string, vm: string, tag: string, others: string[]][] = [
    ["its own", SCENARIO, "PRE", "VM0_bzImage", []],
    ["the Service VM's", SCENARIO, "PRE", "Linux_bzImage", ["SVC"]],
    ["the Service VM's, which leaves it out", SCENARIO.replace("Linux_bzImage", ""), "PRE", "Linux_bzImage", ["SVC"]],
    ["the other way round", SCENARIO, "SVC", "VM0_bzImage", ["PRE"]],
  ];
  for (const [what, text, vm, tag, others] of SHARED)
    it(`who has the tag too: ${what}`, () => {
      assert.deepEqual(alsoTagged(text, "s.xml", { vm, tag }), others);
      assert.equal(tagTrouble(tag, "quiet", others)?.what.startsWith(`${others}`), others.length > 0 || undefined);
    });

  const WARNINGS: [what: string, args: string, settings: string[], warning: RegExp | undefined][] = [
    ["a kernel", "quiet", ["x=1\nexport GRUB_ACRN_MOD_RT=/boot/rt\n"], undefined],
    ["no arguments", " ", ["GRUB_ACRN_MOD_RT=/boot/rt\n"], /arguments that its image was built with stay/],
    ["no kernel", "quiet", [], /no GRUB_ACRN_MOD_RT names its kernel/],
    [
      "a kernel in a comment, and another's",
      "quiet",
      ["# GRUB_ACRN_MOD_RT=/boot/rt\nGRUB_ACRN_MOD_RT2=/a\nGRUB_ACRN_MOD_CMDLINE_RT=/b"],
      /update-grub skips the VM/,
    ],
  ];
  for (const [what, args, settings, warning] of WARNINGS)
    it(`warned of: ${what}`, () => {
      const [found, ...more] = tagWarnings("PRE", "RT", args, settings);
      assert.deepEqual(more, []);
      if (warning) assert.match(found ?? "", warning);
      else assert.equal(found, undefined);
    });

  it("a helper of update-grub, which is another process, has them as they were given", () => {
    const text = preLaunchedCfg("PRE", "RT_bzImage", "root=/dev/sda3 a=b,c  d");
    const helper = "sh -c 'printf %s \"$GRUB_ACRN_MOD_CMDLINE_RT_bzImage\"'";
    const { stdout, status } = spawnSync("sh", ["-c", `set -eu\n${text}${helper}`], { encoding: "utf8" });
    assert.deepEqual([status, stdout], [0, "root=/dev/sda3 a=b,c  d"]);
  });
});

describe("a running acrn-dm against a script that branches", () => {
  const SCRIPT = 'if [ -e /a ]; then more="--rtvm -m 2G"; else more="-m 2G"; fi\nacrn-dm -A $more RT\n';
  const RUNS: [what: string, running: string[], expected: string[]][] = [
    ["one branch", ["-A", "--rtvm", "-m", "2G"], []],
    ["the other", ["-A", "-m", "2G"], []],
    ["none of both", ["-A", "-m", "2G", "--debugexit"], ["--debugexit"]],
  ];
  for (const [what, running, expected] of RUNS)
    it(`${what}: what only running it tells is left out`, () =>
      assert.deepEqual(differences(launchArguments(SCRIPT, "/x.sh"), ["acrn-dm", ...running, "RT"]), expected));
});
