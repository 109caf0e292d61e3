import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { debian, EXTLINUX, grubCfg, MKCONFIG, MKCONFIG_FRAGMENTS, rhel, systemdBoot } from "./machines";
import { argumentsOf, Tree, wishesOn } from "./tree";

/** Known ways in which tools of this kind fail their users. Those that other files try are named in ELSEWHERE below. */

const D = "GRUB_CMDLINE_LINUX_DEFAULT";
const A = "GRUB_CMDLINE_LINUX";
const DEFAULT = "/etc/default/grub";
const FRAGMENT = "/etc/default/grub.d/50-cloudimg-settings.cfg";
const TIPS = argumentsOf("acrn-tips");
const WORDS = Object.entries(TIPS).map(([key, value]) => (value === true ? key : `${key}=${value}`));

/** The line that grub-mkconfig would make of the tree, by a real shell: it reads both files in and puts the variables together. */
function lineByShell(tree: Tree): string[] {
  const root = mkdtempSync(join(tmpdir(), "acrn-grub-"));
  try {
    for (const [path, text] of tree.files) {
      mkdirSync(dirname(join(root, path)), { recursive: true });
      writeFileSync(join(root, path), text);
    }
    const fragments = tree.files.get("/usr/sbin/grub-mkconfig") === MKCONFIG_FRAGMENTS;
    const script = `[ ! -f .${DEFAULT} ] || . .${DEFAULT}
      ${fragments ? `for x in .${DEFAULT}.d/*.cfg; do [ ! -f "$x" ] || . "$x"; done` : ""}
      printf '%s %s' "$${A}" "$${D}"`;
    return execFileSync("sh", ["-c", script], { cwd: root, encoding: "utf8", env: {} })
      .split(/\s+/)
      .filter((word) => word !== "");
  } finally {
    rmSync(root, { recursive: true, force: true });
  }
}

describe("failures: arguments fused, doubled, or where nothing reads them", () => {
  /** What a machine has, and what of its line is nobody's but its owner's. */
  const GRUBS: [what: string, files: Record<string, string>, others: string[]][] = [
    ["Debian", debian(), ["quiet"]],
    ["no quotes", debian(`${D}=quiet\n`), ["quiet"]],
    ["single quotes", debian(`${D}='quiet splash'\n`, "quiet splash"), ["quiet", "splash"]],
    ["an empty value", debian(`${D}=""\n`, ""), []],
    ["no line end", debian(`${D}="quiet"`), ["quiet"]],
    ["a blank before the quote", debian(`${D}="quiet "\n`), ["quiet"]],
    ["a comment behind it", debian(`${D}="quiet" # isolcpus=9\n`), ["quiet"]],
    ["_LINUX alone", debian(`${A}="quiet"\n`), ["quiet"]],
    ["neither variable", debian("", ""), []],
    ["a second assignment that some tool appended", debian(`${D}="quiet"\n${D}="splash"\n`, "splash"), ["splash"]],
    ["one that goes on", debian(`${D}="quiet"\n${D}="$${D} splash"\n`, "quiet splash"), ["quiet", "splash"]],
    ["one of ours that some tool fused with a literal \\n", debian(`${D}="quiet isolcpus=2-3"\\n\n`), ["quiet"]],
    ["two that some tool fused", debian(`${D}="quiet""splash"\n`, "quietsplash"), ["quietsplash"]],
    ["some of it is there already", debian(`${D}="idle=poll quiet mce=off"\n`, "idle=poll quiet mce=off"), ["quiet"]],
    ["a key twice", debian(`${D}="isolcpus=1 quiet isolcpus=2-3"\n`, "isolcpus=1 quiet isolcpus=2-3"), ["quiet"]],
    [
      "a fragment that begins anew",
      { ...debian(), [FRAGMENT]: `${D}="console=ttyS0"\n`, "/boot/grub/grub.cfg": grubCfg("console=ttyS0") },
      ["console=ttyS0"],
    ],
    [
      "a fragment that goes on",
      { ...debian(), [FRAGMENT]: `${D}="$${D} splash"\n`, "/boot/grub/grub.cfg": grubCfg("quiet splash") },
      ["quiet", "splash"],
    ],
    [
      "a fragment that nothing reads",
      { ...debian(), [FRAGMENT]: `${D}="splash"\n`, "/usr/sbin/grub-mkconfig": MKCONFIG },
      ["quiet"],
    ],
    [
      "a _DEFAULT that nothing reads",
      debian(`${D}="splash"\n${A}="console=ttyS0"\n`, "console=ttyS0"),
      ["console=ttyS0", "splash"],
    ],
  ];
  for (const [what, files, others] of GRUBS)
    it(`${what}: a shell reads each argument once and whole, after any number of runs, and every byte comes back`, () => {
      const tree = new Tree(files);
      const before = tree.image();
      const line = tree.line();
      assert.equal(tree.claim("a", wishesOn(line, TIPS)).length, 1, "one file is written");
      const read = lineByShell(tree);
      assert.deepEqual([...read].sort(), [...WORDS, ...others].sort());
      for (let run = 0; run < 3; run++) assert.deepEqual(tree.claim("a", wishesOn(line, TIPS)), []);
      const assignments = (text = "") => text.match(/^\s*GRUB_CMDLINE_LINUX/gm)?.length ?? 0;
      for (const [path, text] of Object.entries(files))
        if (assignments(text) > 0) assert.equal(assignments(tree.files.get(path)), assignments(text), path);
      tree.claim("a", undefined);
      assert.deepEqual([tree.image(), tree.claimed], [before, false]);
    });

  it("behind somebody else's that some tool fused with a literal \\n nothing is written", () => {
    const tree = new Tree(debian(`${D}="quiet splash"\\n\n`, "quiet splashn"));
    const before = tree.image();
    assert.throws(() => tree.claim("a", wishesOn(tree.line(), TIPS)), { code: "cmdline.edit" });
    assert.deepEqual([tree.image(), tree.claimed], [before, false]);
  });

  const OTHERS: [what: string, files: Record<string, string>, file: string, line: RegExp][] = [
    ["RHEL, whose entries are files", rhel(), "/boot/loader/entries/a1b2-5.14.0-427.conf", /^options (.*)$/m],
    ["systemd-boot", systemdBoot(), "/efi/loader/entries/arch.conf", /^options (.*)$/m],
    ["extlinux", { "/boot/extlinux/extlinux.conf": EXTLINUX }, "/boot/extlinux/extlinux.conf", /^\s*append (.*)$/m],
  ];
  for (const [what, files, file, line] of OTHERS)
    it(`${what}: what boots has each argument once and whole, nothing else is written, and every byte comes back`, () => {
      const tree = new Tree(files);
      const before = tree.image();
      const id = tree.line();
      const wordsIn = (text = "") => (line.exec(text)?.[1] ?? "").split(/\s+/);
      assert.deepEqual(tree.claim("a", wishesOn(id, TIPS)), [file]);
      assert.deepEqual(wordsIn(tree.files.get(file)).sort(), [...wordsIn(files[file]), ...WORDS].sort());
      assert.deepEqual(tree.claim("a", wishesOn(id, TIPS)), []);
      tree.claim("a", undefined);
      assert.equal(tree.image(), before);
    });
});

/** Failures that tests beside the code in question try: [what goes wrong, file, title]. A title that is gone has to be found again here. */
const ELSEWHERE: [failure: string, file: string, title: string][] = [
  ["fused: a missing space is seen", "core/kernel/places/grub-default.test.ts", "what was fused: a missing space"],
  [
    "fused: \\n behind the quote is seen",
    "core/kernel/places/grub-default.test.ts",
    "what was fused: \\\\n behind the quote",
  ],
  ["doubled: any line", "core/kernel/cmdline/laws.test.ts", "a key has the value that it was given, once as twice"],
  [
    "doubled: given by another file too",
    "core/kernel/loader/loader.test.ts",
    "a key that reaches the same line from elsewhere is told",
  ],
  ["doubled: given by another source, at its heights", "core/kernel/heights.test.ts", "something else gives it too"],
  ["unread: a fragment", "core/kernel/loader/loader.test.ts", "a fragment that nothing reads"],
  ["unread: _LINUX against _DEFAULT", "core/kernel/loader/loader.test.ts", "a _DEFAULT that its scripts do not read"],
  ["unread: BLS without entries", "core/kernel/loader/refused.test.ts", "blscfg without entries"],
  ["unread: no grub.cfg", "core/kernel/loader/refused.test.ts", "no grub.cfg"],
  ["unread: grub.cfg that nothing makes anew", "core/kernel/loader/refused.test.ts", "no tool to make grub.cfg anew"],
  ["unread: grub.cfg is read again", "core/kernel/heights.test.ts", "reads them off a machine: grub.cfg and what runs"],
  ["unread: a later sysctl fragment", "core/tuning/sysctl/overrides.test.ts", "a later line that overrides ours"],
  ["a range up to N", "core/tuning/checks/cpus.test.ts", "a range up to N behind flags"],
  [
    "a range up to N comes to nothing else",
    "core/tuning/profiles/ranges.test.ts",
    "is taken as it is written, never as all CPUs",
  ],
  ["all CPUs isolated", "core/tuning/checks/cpus.test.ts", "isolcpus with flags, of all CPUs"],
  ["two owners: in turns", "core/kernel/owners.test.ts", "in turns, each has nothing left to do"],
  [
    "two owners: the line, in any order of deletes",
    "core/kernel/claims.test.ts",
    "when all owners have gone, in any order, the file is what it was",
  ],
  ["two owners: of any place", "core/kernel/places/laws.test.ts", "two owners commute in what the file says"],
  [
    "two owners: sysctls",
    "core/tuning/sysctl/surface.test.ts",
    "two owners come and go in any order, and every byte is back",
  ],
  [
    "a vCPU without a POLICY: what we write",
    "core/acrn/clos/laws.test.ts",
    "every vCPU has a policy on every cache that covers it",
  ],
  ["a vCPU without a POLICY: what is there", "core/acrn/clos/faults.test.ts", "clos.no-policy N"],
  ["a vCPU without a POLICY: at the door", "converge/activate-gaps.test.ts", "has no POLICY while RDT is on"],
  ["one name for two things: arguments of a launch", "core/acrn/launch/arguments.test.ts", "3.x, an RTVM"],
  ["one name for two things: dialects", "core/acrn/launch/arguments.test.ts", "2.x, RTVM, an old board file"],
  [
    "one name for two things: what runs",
    "resources/core-partition.test.ts",
    "a running VM is asked by its own arguments, which are APIC ids",
  ],
  [
    "one name for two things: scripts",
    "core/acrn/partition/rules.test.ts",
    "vCPU i is the i-th smallest pCPU; APIC ids; guest lists",
  ],
];

describe("failures: tried elsewhere", () => {
  for (const [failure, file, title] of ELSEWHERE)
    it(`${failure}: ${file}`, () => {
      const text = readFileSync(join(__dirname, "../..", file), "utf8");
      assert.ok(text.includes(title), `no test "${title}" in test/${file}`);
    });
});
