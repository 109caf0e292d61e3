import assert from "node:assert/strict";
import fc from "fast-check";
import { OWED, owedAfter, owedBefore, owedNote, owedText } from "../../provider/core/owed";
import type { FieldEdit } from "../../provider/core/plan/types";
import type { Snapshot } from "../../provider/core/snapshot";
import { RUNTIME_SCRIPT } from "../../provider/core/tuning/runtime/script";
import { TUNING_DROP_IN_PATH, TUNING_UNIT_PATH } from "../../provider/core/tuning/runtime/unit";
import { debian } from "./kernel/machines";

const [STOP, RESTART] = ["stop", "restart"].map((word) => `systemctl ${word} pulumi-acrn-tuning.service`) as [
  string,
  string,
];
const RELOAD = "systemctl daemon-reload";
const LINE = "line[GRUB_CMDLINE_LINUX_DEFAULT:/etc/default/grub] param[idle]";

function snapshot(owed: string | undefined, kind: Snapshot["kind"] = "live", tool = "update-grub"): Snapshot {
  const texts = { ...debian(), ...(owed === undefined ? {} : { [OWED]: owed }) };
  const files = new Map(
    Object.entries(texts).map(([path, text]) => [path, { path, kind: "file" as const, bytes: Buffer.from(text) }]),
  );
  return { identity: {}, kind, files, texts: new Map(), commands: new Set([tool]), warnings: [] };
}

function edit(field: string, path: string, after: string | undefined): FieldEdit {
  return { field, path, after, why: "declared", shown: { before: "", after: "" } } as unknown as FieldEdit;
}

const written = (path: string) => edit(`file[${path}] whole`, path, "text");
const gone = (path: string) => edit(`file[${path}] whole`, path, undefined);
const line = edit(LINE, "/etc/default/grub", "poll");

describe("commands that files need behind them", () => {
  const rows: [what: string, owed: string | undefined, edits: FieldEdit[], expected: string[]][] = [
    ["nothing", undefined, [], []],
    ["a line of GRUB's", undefined, [line], ["update-grub"]],
    ["several of them", undefined, [line, edit(`${LINE}2`, "/etc/default/grub", undefined)], ["update-grub"]],
    ["a line that nothing is made from", undefined, [edit("line[extlinux:/x] param[a]", "/x", "1")], []],
    ["a mask", undefined, [edit("unit[a.service] file", "/etc/systemd/system/a.service", "")], [RELOAD]],
    ["a unit of a launcher's, which its own starter reads", undefined, [written("/etc/systemd/system/rt.service")], []],
    [
      "the unit of a trial",
      undefined,
      [
        written("/etc/systemd/system/pulumi-acrn-trial.service"),
        gone("/etc/systemd/system/sysinit.target.d/pulumi-acrn-trial.conf"),
      ],
      [RELOAD],
    ],
    [
      "knobs that come",
      undefined,
      [RUNTIME_SCRIPT, TUNING_UNIT_PATH, TUNING_DROP_IN_PATH].map(written),
      [RELOAD, RESTART],
    ],
    ["knobs that change", undefined, [written(RUNTIME_SCRIPT)], [RESTART]],
    ["knobs that go", undefined, [RUNTIME_SCRIPT, TUNING_UNIT_PATH, TUNING_DROP_IN_PATH].map(gone), [STOP, RELOAD]],
    ["the unit alone is mended", undefined, [written(TUNING_UNIT_PATH)], [RELOAD, RESTART]],
    ["what was owed before", "update-grub\n", [], ["update-grub"]],
    ["the same again", "update-grub\n", [line], ["update-grub"]],
    [
      "in their order, whatever theirs",
      `${RELOAD}\nupdate-grub\n`,
      [written(RUNTIME_SCRIPT)],
      ["update-grub", RELOAD, RESTART],
    ],
    ["a start that is owed, and now they go", `${RELOAD}\n${RESTART}\n`, [gone(RUNTIME_SCRIPT)], [STOP, RELOAD]],
    ["a stop that is owed, and now they come", `${STOP}\n${RELOAD}\n`, [written(RUNTIME_SCRIPT)], [RELOAD, RESTART]],
    ["a stop that is owed, and another file changes", `${STOP}\n`, [line], [STOP, "update-grub"]],
    ["a start that is owed, and another file changes", `${RESTART}\n`, [line], ["update-grub", RESTART]],
  ];
  for (const [what, owed, edits, expected] of rows)
    it(what, () => assert.deepEqual(owedAfter(snapshot(owed), edits), expected));

  it("by the tool that this machine has", () => {
    const menu = owedAfter(snapshot(undefined, "live", "grub-mkconfig"), [line]);
    assert.deepEqual(menu, ["grub-mkconfig -o /boot/grub/grub.cfg"]);
    assert.deepEqual(owedBefore(snapshot(owedText(menu))), menu);
  });

  it("in a folder nothing is run", () =>
    assert.deepEqual(owedAfter(snapshot(undefined, "folder"), [line, written(TUNING_UNIT_PATH)]), []));

  it("said in the plan, in their order, or not at all", () => {
    assert.deepEqual(owedNote(["update-grub", RELOAD]), [`then update-grub, ${RELOAD}`]);
    assert.deepEqual(owedNote([]), []);
  });
});

describe("a file of owed commands that somebody else wrote", () => {
  const foreign = [
    "rm -rf /",
    "update-grub; rm -rf /",
    "update-grub && true",
    " update-grub",
    "update-grub ",
    "update-grub\r",
    "update-grub\0",
    "update-grub2",
    "/sbin/update-grub",
    "$(update-grub)",
    "systemctl stop ssh.service",
    "systemctl stop pulumi-acrn-tuningXservice",
    "systemctl restart pulumi-acrn-tuning.service ssh.service",
    "systemctl daemon-reexec",
    "grub-mkconfig -o /etc/passwd",
    "grub-mkconfig -o /boot/grub/../../etc/passwd",
    "grub-mkconfig -o /boot/efi/EFI/../grub.cfg",
    "grub-mkconfig -o /boot/efi/EFI/a b/grub.cfg",
    "grub-mkconfig -o /boot/grub/grub.cfg /x",
    "grub3-mkconfig -o /boot/grub/grub.cfg",
    "",
  ];
  for (const text of foreign)
    it(`is never run: ${JSON.stringify(text)}`, () => {
      const before = snapshot(`${text}\nupdate-grub\n${text}\n`);
      assert.deepEqual(owedBefore(before), ["update-grub"]);
      assert.deepEqual(owedAfter(before, []), ["update-grub"]);
    });

  it("whatever it says: nothing but what we know, and what we write is read back", () => {
    const known = [STOP, "update-grub", "grub2-mkconfig -o /boot/grub2/grub.cfg", RELOAD, RESTART];
    const word = fc.oneof(fc.constantFrom(...known), fc.string(), fc.constantFrom(...foreign));
    fc.assert(
      fc.property(fc.array(word), fc.constantFrom("\n", "\r\n", ";", "\0"), (words, glue) => {
        for (const command of owedBefore(snapshot(words.join(glue)))) assert.ok(known.includes(command), command);
        const ours = known.filter((command) => words.includes(command));
        assert.deepEqual(owedBefore(snapshot(owedText(ours))), ours);
      }),
    );
  });
});
