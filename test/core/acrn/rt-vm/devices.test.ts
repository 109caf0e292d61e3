import assert from "node:assert/strict";
import type { VirtualDevice } from "../../../../provider/core/acrn/launch/types";
import { passthroughRules, passthroughWarnings, pollingRules } from "../../../../provider/core/acrn/rt-vm/devices";
import type { RtVmWish } from "../../../../provider/core/acrn/rt-vm/wish";
import type { PciDevice, Topology } from "../../../../provider/core/hardware/types";

const device = (bdf: string, kind: string | undefined, msi = true): PciDevice =>
  ({ bdf, description: `${bdf} X`, msi, ...(kind === undefined ? {} : { class: kind }) }) as PciDevice;
const PCI = [
  device("00:02.0", "0x030000"),
  device("00:02.1", "0x038000"),
  device("00:1f.0", "0x060100", false),
  device("01:00.0", "0x030000"),
  device("02:00.0", "0x020000"),
  device("03:00.0", undefined, false),
  ...["04:00.0", "05:00.0", "06:00.0"].map((bdf) => device(bdf, "0x020000")),
];
const board = (pci: PciDevice[] = PCI) => ({ pci }) as Topology;
const wish = (...bdfs: string[]): RtVmWish => ({
  name: "RT",
  pcpus: [2],
  dmArgs: [],
  passthrough: bdfs.map((bdf) => ({ bdf })),
});
const OTHERS = [{ key: "STD", passthrough: ["04:00.0"] }];

describe("rules: passthrough to an RTVM (T03)", () => {
  const ROWS: [what: string, no: string[], yes: string[], at: number, message: RegExp, hint: RegExp][] = [
    ["the same device twice", ["02:00.0", "02:00.0"], ["02:00.0", "05:00.0"], 1, /is there twice/, /once/],
    [
      "another VM's device",
      ["02:00.0", "04:00.0"],
      ["02:00.0", "05:00.0"],
      1,
      /04:00\.0 is STD's already/,
      /Take it out of STD/,
    ],
    [
      "one that the board does not have",
      ["07:00.0"],
      ["06:00.0"],
      0,
      /no PCI device 07:00\.0/,
      /It has 00:02\.0.*, \.\.\./,
    ],
    ["the integrated GPU", ["00:02.0"], ["01:00.0"], 0, /integrated GPU/, /standard VM/],
    ["the integrated GPU as another display", ["00:02.1"], ["01:00.0"], 0, /integrated GPU/, /standard VM/],
    ["one without MSI", ["00:1f.0"], ["02:00.0"], 0, /neither MSI nor MSI-X/, /Choose one that has: 00:02\.0/],
    ["one without MSI, as far as the board tells", ["00:1f.0"], ["03:00.0"], 0, /neither MSI/, /Choose/],
  ];
  for (const [what, no, yes, at, message, hint] of ROWS)
    it(what, () => {
      const [found, ...more] = passthroughRules(wish(...no), board(), OTHERS);
      assert.deepEqual([found?.code, found?.property, more], ["rtvm.passthrough", `passthrough[${at}]`, []]);
      assert.match(found?.message ?? "", message);
      assert.match(found?.hint ?? "", hint);
      assert.deepEqual(passthroughRules(wish(...yes), board(), OTHERS), []);
    });

  it("a board that lists no devices, or none at all, refuses nothing of the hardware", () => {
    for (const known of [board([]), undefined]) {
      assert.deepEqual(passthroughRules(wish("00:02.0"), known, []), []);
      assert.match(passthroughWarnings(wish("00:02.0"), known).join(), /lists no PCI devices: not checked/);
      assert.equal(passthroughRules(wish("04:00.0"), known, OTHERS).length, 1, "other VMs are known all the same");
    }
  });

  it("warns of what is not told, and of nothing else", () => {
    assert.match(
      passthroughWarnings(wish("03:00.0"), board()).join(),
      /T03: RT: 03:00\.0: .*does not tell whether it has MSI/,
    );
    assert.deepEqual(passthroughWarnings(wish("02:00.0"), board()), []);
    assert.deepEqual(passthroughWarnings(wish("07:00.0"), board()), [], "that is refused");
    assert.deepEqual(passthroughWarnings({ ...wish(), passthrough: undefined } as unknown as RtVmWish, board()), []);
  });
});

describe("rules: virtio devices of an RTVM are polled (T02)", () => {
  const disk: VirtualDevice = { kind: "block", path: "/a" };
  const ROWS: [
    what: string,
    poll: number | undefined,
    devices: VirtualDevice[],
    launched: number | undefined,
    refused: boolean,
  ][] = [
    ["polling declared", 1000, [disk], undefined, false],
    ["polling as the script has it", undefined, [disk], 1, false],
    ["no polling at all", undefined, [disk], undefined, true],
    ["switched off", 0, [disk], 1_000_000, true],
    ["switched off with nothing to poll", 0, [], undefined, false],
    ["the script's 0", undefined, [disk], 0, true],
  ];
  for (const [what, poll, devices, launched, no] of ROWS)
    it(what, () => {
      const declared = { ...wish(), ...(poll === undefined ? {} : { virtioPoll: poll }) };
      const found = pollingRules(declared, devices, launched);
      assert.equal(found.length, no ? 1 : 0);
      if (!no) return;
      assert.deepEqual([found[0]?.code, found[0]?.property, found[0]?.tip], ["rtvm.polling", "virtioPoll", "T02"]);
      assert.match(found[0]?.message ?? "", /\(block\)/);
      assert.match(found[0]?.hint ?? "", /virtioPoll: 1000000/);
    });
});
