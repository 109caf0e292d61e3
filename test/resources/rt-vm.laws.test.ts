import assert from "node:assert/strict";
import fc from "fast-check";
import { type BoardSpec, layOut } from "../../examples/lab/builder";
import { Machine } from "../core/acrn/launch/machine";
import { type Case, cell, hostOf } from "./rt-vm.cell";
import { assertSaid, saidIn } from "./rt-vm.said";
import { lawful } from "./rt-vm.world";
import { assertWritten, recordText, type Written } from "./rt-vm.written";

/** Holds one case against every law; what it wrote, or why it was refused. */
function tried(made: Case): { written?: ReturnType<typeof assertWritten>; what: string } {
  const laid = hostOf(made);
  if (!laid) return { what: "no script to edit" };
  const { memory, rt, path } = laid;
  const dialect = made.tree.acrnVersion.startsWith("2") ? "2.x" : "3.x";
  const fixed = { memory, rt, path, dialect, edited: made.script === "edited", record: recordText(memory) } as const;
  let written: ReturnType<typeof assertWritten> | undefined;
  const codes = lawful(memory, { cores: made.cores, rt }, (pcpus) => {
    written = assertWritten({ ...fixed, pcpus } satisfies Written);
  });
  return written ? { written, what: `${made.tree.acrnVersion} ${made.script}` } : { what: codes.join() };
}

describe("RtVm with its CorePartition: laws over built hosts", function () {
  this.timeout(240_000);

  it("apply, plan again: empty; withdrawn in any order every byte is back; the files are legal and say what was declared", () => {
    const seen = new Map<string, number>();
    fc.assert(
      fc.property(cell, (made) => {
        const { what } = tried(made);
        seen.set(what, (seen.get(what) ?? 0) + 1);
      }),
      { numRuns: 250 },
    );
    const written = [...seen].filter(([what]) => /^\d/.test(what));
    for (const kind of ["3.3 ", "3.0 ", "2.7 ", "2.5 ", " default", " owned", " edited"])
      assert.ok(
        written.some(([what]) => what.includes(kind)),
        `no case of${kind}: the laws were hardly asked`,
      );
    assert.ok(written.reduce((sum, [, times]) => sum + times, 0) > 50, "the laws were hardly asked");
  });

  it("owned scripts, run by bash with a stub acrn-dm: it is given what was declared", () => {
    const scripts = new Set<string>();
    for (const made of fc.sample(cell, { numRuns: 150, seed: 5 })) {
      const { script = "", declared } = tried(made).written ?? {};
      if (!declared?.owned || scripts.has(script) || scripts.size >= LAUNCHES) continue;
      scripts.add(script);
      const words = launched(script, made.tree.board as BoardSpec, declared.rt.name);
      assertSaid(saidIn(words), declared);
    }
    assert.equal(scripts.size, LAUNCHES);
  });
});

/** A launch is a second of a busy machine. */
const LAUNCHES = 16;

/** Whatever a case may name, and below it what its scenario names. */
const FILES = ["a.img", "acrn/b.img", "f.fd", "v.fd", "k", "r"].map((name) => `/home/${name}`);

/** On a machine that has everything. */
function launched(script: string, board: BoardSpec, vm: string): string[] {
  const threads = layOut(board).threads.toSorted((a, b) => a.cpu - b.cpu);
  const machine = new Machine(threads.map(({ apicId }) => apicId));
  try {
    const disks = script.match(/[/](?:home|var[/]lib[/]pulumi-acrn)[/][\w./-]+[.]img/g) ?? [];
    const mounted = `/run/pulumi-acrn/mnt/${vm}/0/home/c.img`;
    for (const file of [...FILES, ...disks, mounted, "/usr/share/acrn/bios/OVMF.fd"]) machine.write(file, "");
    for (const bdf of script.match(/\b0000:[0-9a-f]{2}:[0-9a-f]{2}[.][0-7]\b/g) ?? []) machine.device(bdf);
    const { status, stderr } = machine.run(script);
    assert.deepEqual([status, stderr], [0, ""], script);
    return machine.args ?? [];
  } finally {
    machine.close();
  }
}
