import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import fc from "fast-check";
import { type BoardSpec, buildBoard, layOut, pciOf } from "../../../examples/lab/builder";
import { readBoard } from "../../../provider/core/acrn/board";
import { cacheOf } from "../../../provider/core/hardware/topology";
import type { Topology } from "../../../provider/core/hardware/types";
import { boardSpec } from "../../support/arbitraries";
import { optional } from "../../support/needs";

const DATA = "../shared/acrn-data";

/** Counted with Python's ElementTree over the same files, not with this reader. */
interface RealBoard {
  file: string;
  apicIds: number[];
  caches: number;
  l2: number[][];
  l3: number[][];
  l2Ways: number;
  cat?: { maskLength: number; closNumber: number };
  cdp: boolean;
  devices: number;
  msi: number;
  clos: Topology["clos"];
  /** A description as scenario files of that board repeat it. */
  pciDev: string;
}

const apart = [[0], [1], [2], [3]];
const together = [[0, 1, 2, 3]];
const tigerLake = {
  apicIds: [0, 2, 4, 6],
  caches: 13,
  l2: apart,
  l3: together,
  l2Ways: 20,
  cat: { maskLength: 20, closNumber: 8 },
  cdp: true,
  clos: { resources: ["L2"], max: [8], masks: ["0xfffff"] },
};
const whiskeyLake = {
  apicIds: [0, 2, 4, 6],
  caches: 13,
  l2: apart,
  l3: together,
  l2Ways: 4,
  cdp: false,
  devices: 19,
  msi: 13,
  clos: undefined,
};
const vecow = {
  ...tigerLake,
  devices: 20,
  msi: 12,
  pciDev: "00:1f.6 Ethernet controller: Intel Corporation Ethernet Connection (13) I219-LM (rev 20)",
};
const REAL: RealBoard[] = [
  {
    file: "v2.5/nuc11tnbi5/nuc11tnbi5",
    ...tigerLake,
    devices: 23,
    msi: 16,
    pciDev: "00:17.0 SATA controller: Intel Corporation Device a0d3 (rev 20)",
  },
  {
    file: "v2.5/whl-ipc-i5/whl-ipc-i5",
    ...whiskeyLake,
    pciDev: "00:17.0 SATA controller: Intel Corporation Device 9dd3 (rev 30)",
  },
  { file: "v3.4-dev/generic_board/generic_board", ...vecow },
  {
    file: "v3.4-dev/nuc11tnbi5/nuc11tnbi5",
    ...tigerLake,
    devices: 23,
    msi: 16,
    pciDev: "58:00.0 Ethernet controller: Intel Corporation Ethernet Controller I225-LM (rev 03)",
  },
  {
    file: "v3.4-dev/qemu/qemu",
    ...whiskeyLake,
    apicIds: [0, 1, 2, 3],
    caches: 16,
    l3: apart,
    l2Ways: 16,
    msi: 10,
    pciDev: "01:00.0 Ethernet controller: Red Hat, Inc. Virtio network device (rev 01)",
  },
  { file: "v3.4-dev/tgl-vecow-spc-7100-Corei7/tgl-vecow-spc-7100-Corei7", ...vecow },
  {
    file: "v3.4-dev/whl-ipc-i5/whl-ipc-i5",
    ...whiskeyLake,
    pciDev: "00:02.0 VGA compatible controller: Intel Corporation WhiskeyLake-U GT2 [UHD Graphics 620]",
  },
];

describe("board files of ACRN", () => {
  for (const row of REAL)
    it(row.file, function () {
      const path = `${DATA}/${row.file}.xml`;
      optional(this, existsSync(path), "no ../shared/acrn-data");
      const topology = readBoard(readFileSync(path, "utf8"), path);
      const groups = (level: number) => topology.caches.filter((c) => c.level === level).map((c) => c.pcpus);
      const l2 = topology.caches.filter((cache) => cache.level === 2);
      assert.deepEqual(topology.missing, []);
      assert.equal(topology.board, row.file.split("/").at(-1));
      assert.deepEqual(
        topology.pcpus,
        row.apicIds.map((apicId, id) => ({ id, apicId, core: id, type: "unknown" })),
      );
      assert.deepEqual(
        topology.cores,
        [0, 1, 2, 3].map((index) => ({ index, type: "unknown", pcpus: [index] })),
      );
      assert.equal(topology.caches.length, row.caches);
      assert.deepEqual([groups(2), groups(3)], [row.l2, row.l3]);
      for (const cache of l2) assert.deepEqual([cache.ways, cache.cat, cache.cdp], [row.l2Ways, row.cat, row.cdp]);
      assert.ok(topology.caches.every((cache) => cache.level === 2 || (!cache.cat && !cache.cdp)));
      assert.deepEqual(topology.clos, row.clos);
      assert.equal(topology.pci.length, row.devices);
      assert.equal(topology.pci.filter((device) => device.msi).length, row.msi);
      assert.ok(topology.pci.some((device) => device.description === row.pciDev));
    });
});

describe("board files of the builder", () => {
  it("structured: the topology says what the spec says", () => {
    fc.assert(fc.property(boardSpec({ textOnly: false }), assertSame), { numRuns: 200 });
  });

  it("texts alone: the CPUs, the devices and CLOS_INFO; the rest is missing, not guessed", () => {
    fc.assert(
      fc.property(boardSpec(), (any) => {
        const spec = { ...any, structured: false };
        const topology = readBoard(buildBoard(spec), "board.xml");
        const ids = layOut(spec).threads.map((thread) => thread.cpu);
        assert.deepEqual(
          topology.pcpus,
          ids.map((id) => ({ id, type: "unknown" })),
        );
        assert.deepEqual([topology.coresKnown, topology.cachesKnown], [false, false]);
        assert.deepEqual([topology.cores, topology.caches], [[], []]);
        assert.ok(topology.missing.some((sentence) => /SMT siblings/.test(sentence)));
        assert.ok(topology.missing.some((sentence) => /share an L2/.test(sentence)));
        assert.ok(topology.missing.some((sentence) => /MSI/.test(sentence)));
        assert.deepEqual(topology.pci.map(describeDevice), pciOf(spec).map(describeDevice));
        assert.equal(topology.clos !== undefined, buildBoard(spec).includes("rdt resource clos max"));
      }),
    );
  });

  it("line ends, BOM and comments change nothing", () => {
    fc.assert(
      fc.property(boardSpec(), (spec) => {
        const text = buildBoard(spec);
        const plain = readBoard(text, "board.xml");
        const crlf = `\uFEFF<?xml version="1.0"?>\r\n${text.replaceAll("\n", "\r\n")}`;
        const commented = text.replaceAll("<thread ", "<!-- <thread> --><thread ");
        assert.deepEqual(readBoard(crlf, "board.xml"), plain);
        assert.deepEqual(readBoard(commented, "board.xml"), plain);
      }),
      { numRuns: 30 },
    );
  });

  it("a module level between die and core is seen through", () => {
    const text = buildBoard({ name: "b", pCores: 1, eCores: 4 });
    const nested = text
      .replace('<core id="0x1">', '<module id="0x1"><core id="0x1">')
      .replace("</die>", "</module></die>");
    assert.notEqual(nested, text);
    assert.deepEqual(readBoard(nested, "b.xml"), readBoard(text, "b.xml"));
  });
});

function describeDevice({ bdf, description, vendor, device }: Topology["pci"][number]): unknown {
  return { bdf, description: description.startsWith(bdf) ? description : `${bdf} ${description}`, vendor, device };
}

function assertSame(spec: BoardSpec): void {
  const layout = layOut(spec);
  const topology = readBoard(buildBoard(spec), "board.xml");
  const type = (told: "P" | "E") => (layout.hybrid ? told : "unknown");
  assert.deepEqual(topology.missing, []);
  assert.deepEqual(
    topology.pcpus.map(({ id, apicId, type: read }) => ({ id, apicId, type: read })),
    layout.threads.map((thread) => ({ id: thread.cpu, apicId: thread.apicId, type: type(thread.type) })),
  );
  const cores = layout.cores.map((core) => sorted(core.threads.map((thread) => thread.cpu)));
  assert.deepEqual(new Set(topology.cores.map((core) => `${core.pcpus}`)), new Set(cores.map(String)));
  for (const core of topology.cores) for (const id of core.pcpus) assert.equal(topology.pcpus[id]?.core, core.index);
  assert.deepEqual(
    topology.caches,
    layout.caches.map(({ level, id, type: kind, ways, size, cat, threads }) => ({
      level,
      id,
      type: kind,
      pcpus: sorted(threads.map((thread) => thread.cpu)),
      cdp: cat?.cdp ?? false,
      ways,
      size,
      ...(cat ? { cat: { maskLength: cat.maskLength, closNumber: cat.clos } } : {}),
    })),
  );
  assert.deepEqual(
    topology.pci,
    pciOf(spec).map((told) => ({ ...told, description: `${told.bdf} ${told.description}` })),
  );
  for (const { id } of topology.pcpus) assert.ok(cacheOf(topology, 2, id)?.pcpus?.includes(id));
}

function sorted(ids: number[]): number[] {
  return [...ids].sort((a, b) => a - b);
}
