import assert from "node:assert/strict";
import { readBoard } from "../../../provider/core/acrn/board";

/** One L3 with CAT, and whatever RTCT v2 tells of it. */
const board = (told: string) => `<acrn-config board="b">
  <processors><die><core><thread><cpu_id>0</cpu_id><apic_id>0x0</apic_id></thread></core></die></processors>
  <caches>
    <cache level="3" id="0x0" type="3">
      <processors><processor>0x0</processor></processors>
      <capability id="CAT"><capacity_mask_length>12</capacity_mask_length><clos_number>8</clos_number></capability>
      ${told}
    </cache>
  </caches>
</acrn-config>`;

const gpu = (mask: string) => `<parameter id="GT Waymask"><waymask>${mask}</waymask></parameter>`;
const sram = (mask: string) =>
  `<capability id="Software SRAM"><start>0x0</start><waymask>${mask}</waymask></capability>`;

describe("board: ways that the GPU and Software SRAM hold", () => {
  const rows: [what: string, told: string, gpuWays: number | undefined, sramWays: number | undefined][] = [
    ["nothing is told", "", undefined, undefined],
    ["the GPU's", gpu("0x3"), 0x3, undefined],
    ["several masks of the GPU", gpu("0x3") + gpu(" 0xC00 "), 0xc03, undefined],
    [
      "several in one",
      '<parameter id="GT Waymask"><waymask>0x1</waymask><waymask>0x8</waymask></parameter>',
      0x9,
      undefined,
    ],
    ["no way of the GPU", gpu("0x0"), undefined, undefined],
    ["Software SRAM's", sram("0x80000000"), undefined, 0x80000000],
    ["those of other agents are not asked for", gpu("0x3").replace("GT", "WRC"), undefined, undefined],
    [
      "an SRAM without a mask (RTCT v1)",
      '<capability id="Software SRAM"><start>0x0</start></capability>',
      undefined,
      undefined,
    ],
  ];
  for (const [what, told, gpuWays, sramWays] of rows)
    it(what, () => {
      const [cache] = readBoard(board(told), "b.xml").caches;
      assert.deepEqual([cache?.gpuWays, cache?.sramWays], [gpuWays, sramWays]);
    });

  for (const text of ["3", "0x1ffffffff", "", "ways"])
    it(`a waymask ${JSON.stringify(text)} is refused with its place`, () =>
      assert.throws(() => readBoard(board(gpu(text)), "b.xml"), { code: "board.cache.waymask" }));
});
