import assert from "node:assert/strict";
import { evidenceOf, RECORD_PATH } from "../../../provider/core/acrn/evidence";
import { factsOf } from "../../../provider/core/acrn/facts";
import type { Snapshot } from "../../../provider/core/snapshot";
import { identity, MemoryHost } from "../../support/memory-host";

const spec = {
  ...identity("evidence"),
  board: { name: "b", pCores: 4 },
  scenario: { name: "s", dialect: "3.x" as const, board: "b", vms: [{ kind: "service" as const, cpus: [0, 1, 2, 3] }] },
  acrnVersion: "3.3",
};

/** The snapshot with one thing changed. */
function changed(
  change: (parts: { files: Map<string, never>; texts: Map<string, string> }) => void,
  kind?: "folder",
): Snapshot {
  const snapshot = new MemoryHost(spec).snapshot();
  const parts = { files: new Map(snapshot.files) as Map<string, never>, texts: new Map(snapshot.texts) };
  change(parts);
  return { ...snapshot, ...parts, kind: kind ?? snapshot.kind };
}

describe("evidence: what the booted image was built from", () => {
  it("is the packaged record when image, record and dpkg agree and the boot came after", () => {
    const { built } = evidenceOf(changed(() => {}));
    assert.ok(built.known);
    assert.match(built.why, /^\/boot\/acrn-3\.3\.bin is the packaged image of b\/s, installed before this boot$/);
  });

  const cases: [string, Parameters<typeof changed>[0], RegExp][] = [
    ["the record is missing", ({ files }) => files.delete(RECORD_PATH), /no record of what was built/],
    ["the record was edited", ({ texts }) => texts.set(`md5:${RECORD_PATH}`, "0"), /is not as its package brought it/],
    [
      "another image lies in /boot",
      ({ texts }) => texts.set("md5:/boot/acrn-3.3.bin", "0"),
      /is not the packaged image/,
    ],
    [
      "two images lie in /boot",
      ({ files }) => files.set("/boot/acrn-3.2.bin", { path: "/boot/acrn-3.2.bin", kind: "file" } as never),
      /2 hypervisor images/,
    ],
    [
      "dpkg knows nothing",
      ({ files }) => files.delete("/var/lib/dpkg/info/acrn-hypervisor.md5sums"),
      /dpkg has no list/,
    ],
    [
      "the image came after the boot",
      ({ texts }) => texts.set("proc/stat", "btime 1600000000"),
      /may be newer than this boot/,
    ],
    ["the boot time is not told", ({ texts }) => texts.delete("proc/stat"), /may be newer than this boot/],
  ];
  for (const [what, change, why] of cases)
    it(`is unknown when ${what}`, () => {
      const { built } = evidenceOf(changed(change));
      assert.ok(!built.known);
      assert.match(built.why, why);
    });

  const BOOT = 1_700_000_000;
  const NOW = BOOT + 3600;
  const times: [string, mtime: number, now: string | undefined, next: boolean, RegExp][] = [
    ["after this boot", BOOT + 60, `${NOW}`, true, /may be newer than this boot$/],
    ["in this very second", NOW, `${NOW}`, true, /may be newer/],
    ["in the second of the boot", BOOT, `${NOW}`, false, /the machine does not tell/],
    ["by a clock that was ahead: a reboot would be planned for ever", NOW + 1, `${NOW}`, false, /lies in the future/],
    ["after this boot, and the machine does not tell its time", BOOT + 60, undefined, false, /does not tell/],
    ["after this boot, and the machine tells nonsense", BOOT + 60, "soon", false, /does not tell/],
  ];
  for (const [what, mtime, now, next, why] of times)
    it(`a reboot is ${next ? "all that is missing" : "no cure"} for an image that was installed ${what}`, () => {
      const { built } = evidenceOf(
        changed(({ files, texts }) => {
          const image = (files as unknown as Map<string, object>).get("/boot/acrn-3.3.bin");
          files.set("/boot/acrn-3.3.bin", { ...image, mtime } as never);
          texts.set("proc/stat", `btime ${BOOT}`);
          texts.delete("date");
          if (now !== undefined) texts.set("date", now);
        }),
      );
      assert.ok(!built.known);
      assert.match(built.why, why);
      assert.equal(built.next !== undefined, next);
    });

  it("is unknown for a folder, as are its VMs", () => {
    const { built, running } = evidenceOf(changed(() => {}, "folder"));
    assert.ok(!built.known && !running.known);
  });
});

describe("evidence: running VMs", () => {
  it("are the last arguments of acrn-dm processes", () => {
    const { running } = evidenceOf(
      changed(({ texts }) => {
        texts.set("acrn-dm", "12 13 x");
        texts.set("proc/12/cmdline", "acrn-dm\0--cpu_affinity\u00004,6\u0000RT1\u0000");
        texts.set("proc/13/cmdline", "acrn-dm\0");
      }),
    );
    assert.ok(running.known);
    assert.deepEqual(
      running.vms.map((vm) => [vm.name, vm.pid]),
      [["RT1", 12]],
    );
  });

  it("are unknown when the processes could not be read", () => {
    assert.ok(!evidenceOf(changed(({ texts }) => texts.delete("acrn-dm"))).running.known);
  });
});

describe("facts", () => {
  const facts = (snapshot: Snapshot) =>
    factsOf({
      snapshot,
      evidence: evidenceOf(snapshot),
      topology: () => {
        throw new Error("no board\nat all");
      },
      record: () => ({ dialect: "3.x", dialectEvidence: "", rdtEnabled: false, vms: [] }),
    });

  it("are known one by one: a broken board makes its own facts unknown, with the first line of the reason", () => {
    const f = facts(changed(() => {}));
    assert.deepEqual(f.acrnVersion, { known: true, value: "3.3" });
    assert.deepEqual(f.hypervisor, { known: true, value: true });
    assert.deepEqual(f.pcpus, { known: false, why: "no board" });
    assert.deepEqual(f.dialect, { known: true, value: "3.x" });
    assert.deepEqual(f.runningVms, { known: true, value: [] });
  });

  it("say what they cannot tell", () => {
    const f = facts(changed(({ files, texts }) => [files.delete("/boot/acrn-3.3.bin"), texts.delete("dev/acrn_hsm")]));
    assert.deepEqual(f.acrnVersion, { known: false, why: "0 files /boot/acrn-<version>.bin" });
    assert.deepEqual(f.hypervisor, { known: false, why: "/dev could not be read" });
    assert.ok(!facts(changed(() => {}, "folder")).hypervisor.known);
  });
});
