import assert from "node:assert/strict";
import type { Ledger } from "../../../provider/core/claims/types";
import { addressOfId, gpuDocuments, gpuId, limitId, limitsOf, limitsText } from "../../../provider/core/gpu/document";
import { folderOf } from "../../../provider/core/gpu/read";
import { gpuWrites } from "../../../provider/core/gpu/writes";
import type { Snapshot } from "../../../provider/core/snapshot";

const A = "0000:00:02.0";
const B = "0000:03:00.0";
const NOW = { min: 300, max: 1300, boost: 1250 };

function machine(...places: string[]): Snapshot {
  const lines = places.flatMap((place) =>
    Object.entries({ ...NOW, RPn: 300, RP0: 1300 }).map(([name, mhz]) => `${place}/gt_${name}_freq_mhz ${mhz}`),
  );
  return { texts: new Map([["gpu", lines.join("\n")]]) } as unknown as Snapshot;
}

const ledger = (more: Partial<Ledger> = {}): Ledger => ({
  ...{ format: 1, sequence: 0, owners: {}, documents: {}, fields: {} },
  ...more,
});

const CARD = `${A}/drm/card0`;

describe("gpu: limits as a document", () => {
  it("one for each GPU that is there, and for each that the ledger knows", () => {
    const known = ledger({
      documents: { [gpuId(A)]: { path: "x", original: null }, scenario: { path: "y", original: null } },
      fields: { [limitId(B, "max")]: { claims: {} } },
    });
    assert.deepEqual(
      gpuDocuments(machine(CARD), known).map(({ id, live }) => [id, live]),
      [
        [gpuId(A), "max 1300\nboost 1250\nmin 300\n"],
        [gpuId(B), undefined],
      ],
    );
    assert.deepEqual(gpuDocuments({ ...machine(), texts: new Map() }, ledger()), []);
  });

  it("ids and texts come back as they went", () => {
    assert.equal(addressOfId(gpuId(A)), A);
    assert.equal(addressOfId(limitId(A, "boost")), A);
    for (const id of ["scenario", "file[/etc/x]", "gpu[]", "gpu[../../etc]"])
      assert.equal(addressOfId(id), undefined, id);
    assert.deepEqual(limitsOf(limitsText(NOW)), NOW);
    for (const text of [undefined, "", "max 1\nmin 1\n", "max x\nboost 1\nmin 1\n"])
      assert.equal(limitsOf(text), undefined);
  });

  const [document] = gpuDocuments(machine(CARD), ledger());
  const { surface, live = "" } = document as NonNullable<typeof document>;

  it("a limit is read and written alone", () => {
    assert.deepEqual(surface.read(live, "x", "boost"), { kind: "value", value: 1250, raw: "1250" });
    const written = surface.write(live, "x", "boost", 600);
    assert.equal(written, "max 1300\nboost 600\nmin 300\n");
    assert.equal(surface.restore(written, "x", "boost", "1250"), live);
    assert.equal(surface.restore(written, "x", "boost", undefined), written);
    assert.equal(surface.write(live, "x", "boost", 1250), live);
    assert.ok(surface.sameFields(live, live, "x") && !surface.sameFields(live, written, "x"));
  });

  it("where the GPU is gone it has no place, and nothing is written", () => {
    assert.equal(surface.read("", "x", "max").kind, "no-place");
    assert.equal(surface.write("", "x", "max", 300), "");
    assert.equal(surface.read(live, "x", "RPn").kind, "no-place");
    assert.equal(surface.write(live, "x", "RPn", 300), live);
    assert.equal(surface.write(live, "x", "max", null), live);
  });

  const takes: [value: unknown, raw: string | undefined, ok: boolean][] = [
    [300, "300", true],
    [300, undefined, true],
    [300, "300; rm", false],
    [-1, undefined, false],
    [1.5, undefined, false],
    ["300", undefined, false],
    [null, undefined, false],
  ];
  for (const [value, raw, ok] of takes)
    it(`a ledger that has ${JSON.stringify(value)} of ${raw}: ${ok}`, () => {
      assert.equal(surface.takes("max", value as number, raw), ok);
      assert.ok(surface.takes("of a newer version", value as number, raw));
    });

  it("for people it is in MHz", () =>
    assert.deepEqual([surface.show(300), surface.show(null)], ["300 MHz", "(absent)"]));
});

describe("gpu: what is written to come to other limits", () => {
  const wanted = { min: 350, max: 600, boost: 650 };

  it("each of them, the minimum before the maximum and after it, at the card that it is now", () => {
    const folder = folderOf({ address: A, card: "card1" });
    assert.equal(folder, `/sys/bus/pci/devices/${A}/drm/card1`);
    assert.deepEqual(
      gpuWrites(machine(`${A}/drm/card1`), gpuId(A), wanted),
      ["min 350", "max 600", "min 350", "boost 650"].map((each) => {
        const [name, value] = each.split(" ");
        return { path: `${folder}/gt_${name}_freq_mhz`, value: Number(value) };
      }),
    );
  });

  it("nothing where it is gone", () => assert.deepEqual(gpuWrites(machine(CARD), gpuId(B), wanted), []));
});
