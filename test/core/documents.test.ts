import assert from "node:assert/strict";
import {
  claimedFiles,
  claimedTexts,
  documentById,
  pathOfDocument,
  recordedDocuments,
} from "../../provider/core/documents";
import { lineId } from "../../provider/core/kernel/document";
import type { FileState, Snapshot } from "../../provider/core/snapshot";
import { maskId, unitId } from "../../provider/core/tuning/services/surface";
import { sysctlId } from "../../provider/core/tuning/sysctl/fragment";
import { runningSysctlId } from "../../provider/core/tuning/sysctl/running";

const GRUB = "/etc/default/grub";
const LINE = 'GRUB_CMDLINE_LINUX_DEFAULT="quiet isolcpus=1"\n';

function snapshot(files: Record<string, string>): Snapshot {
  const state = ([path, text]: [string, string]): [string, FileState] => [
    path,
    { path, kind: "file", bytes: Buffer.from(text), realPath: path },
  ];
  const nothing = { texts: new Map(), commands: new Set<string>(), warnings: [] };
  return { identity: {}, kind: "folder", files: new Map(Object.entries(files).map(state)), ...nothing };
}

describe("documents by their id", () => {
  const rows: [id: string, key: string, path: string, text: string, value: unknown][] = [
    ["file[/root/a.sh]", "whole", "/root/a.sh", "#!/bin/sh\n", "#!/bin/sh\n"],
    [
      lineId({ place: "grub-default", variable: "GRUB_CMDLINE_LINUX_DEFAULT" }, GRUB),
      "param[isolcpus]",
      GRUB,
      LINE,
      "1",
    ],
    [
      lineId({ place: "bls-systemd-boot" }, "/boot/loader/entries/a.conf"),
      "param[idle]",
      "/boot/loader/entries/a.conf",
      "title a\nlinux /vmlinuz\noptions root=/dev/sda1 idle=poll\n",
      "poll",
    ],
    [unitId("rsyslog.service"), "file", "/etc/systemd/system/rsyslog.service", "", ""],
    ["sysctl", "sysctl[kernel.x]", "/etc/sysctl.d/zz-pulumi-acrn.conf", "kernel.x = 1\n", "1"],
  ];
  for (const [id, key, path, text, value] of rows)
    it(`${id} is ${path}, and says what the file says`, () => {
      assert.equal(pathOfDocument(id), path);
      const document = documentById(id, snapshot({ [path]: text }));
      assert.equal(document?.id, id);
      const reading = document?.surface.read(document.live as string, path, key);
      assert.deepEqual(reading?.kind === "value" ? reading.value : reading, value);
      assert.equal(documentById(id, snapshot({}))?.live, undefined);
    });

  for (const id of ["scenario", "gpu[0000:00:02.0]", "line[GRUB:/etc/x]", "line[bls-grub:relative]", "unit[a/b]", "x"])
    it(`${id} is no file of its own`, () => {
      assert.equal(pathOfDocument(id), undefined);
      assert.equal(documentById(id, snapshot({})), undefined);
    });

  it("a sysctl that runs is a text of the read, and no file that is asked for", () => {
    const id = "procsys[kernel.x]";
    assert.equal(pathOfDocument(id), undefined);
    const texts = new Map([["proc/sys/kernel/x", "1"]]);
    const there = documentById(id, { ...snapshot({}), texts });
    assert.deepEqual([there?.id, there?.path, there?.live], [id, "/proc/sys/kernel/x", "1\n"]);
    assert.equal(documentById(id, snapshot({ "/proc/sys/kernel/x": "1\n" }))?.live, undefined);
    const fields = Object.fromEntries(
      [runningSysctlId("kernel.x"), sysctlId("kernel.y"), "procsys[kernel.//.z] value"].map((field) => [
        field,
        { claims: {} },
      ]),
    );
    const documents = { [id]: { path: "/proc/sys/kernel/x", original: "1\n" } };
    const ledger = { format: 1 as const, sequence: 1, owners: {}, documents, fields };
    assert.deepEqual(claimedTexts(ledger), ["proc/sys/kernel/x"]);
    assert.deepEqual(claimedFiles(ledger), ["/etc/sysctl.d/zz-pulumi-acrn.conf"]);
  });

  it("a ledger names each once, and the scenario source is none of them", () => {
    const fields = Object.fromEntries(
      ["scenario vm[X]/cpu_affinity", sysctlId("kernel.x"), sysctlId("kernel.y"), maskId("a.service")].map((field) => [
        field,
        { claims: {} },
      ]),
    );
    const ledger = { format: 1 as const, sequence: 1, owners: {}, documents: {}, fields };
    assert.deepEqual(recordedDocuments(ledger), ["scenario", "sysctl", "unit[a.service]"]);
    assert.deepEqual(claimedFiles(ledger), ["/etc/sysctl.d/zz-pulumi-acrn.conf", "/etc/systemd/system/a.service"]);
  });
});
