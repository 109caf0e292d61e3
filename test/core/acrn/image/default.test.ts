import assert from "node:assert/strict";
import { defaultImage, isDefault, unconfirmedImage } from "../../../../provider/core/acrn/image/default";
import type { FileState, Snapshot } from "../../../../provider/core/snapshot";

const ID = "0123456789abcdef";

function machine(promoted: string | undefined, times: { promoted?: number; menu?: number }): Snapshot {
  const files = new Map<string, FileState>();
  const put = (path: string, text: string, mtime: number | undefined) =>
    files.set(path, { path, kind: "file", bytes: Buffer.from(text), ...(mtime === undefined ? {} : { mtime }) });
  if (promoted !== undefined) put("/var/lib/pulumi-acrn/images/promoted", promoted, times.promoted);
  if (times.menu !== undefined) put("/boot/grub/grub.cfg", "", times.menu);
  return { identity: {}, kind: "live", files, texts: new Map(), commands: new Set(), warnings: [] };
}

describe("which image boots by default", () => {
  const rows: [what: string, snapshot: Snapshot, expected: boolean][] = [
    ["promoted, and the menu made after it", machine(`${ID}\n`, { promoted: 5, menu: 6 }), true],
    ["in the same second", machine(`${ID}\n`, { promoted: 5, menu: 5 }), true],
    [
      "promoted, and the menu is older: a run was cut between the two",
      machine(`${ID}\n`, { promoted: 6, menu: 5 }),
      false,
    ],
    ["the menu lies elsewhere", machine(`${ID}\n`, { promoted: 6 }), true],
    ["another one", machine(`${"f".repeat(16)}\n${ID}\n`, { promoted: 5, menu: 6 }), false],
    ["none", machine(undefined, { menu: 6 }), false],
  ];
  for (const [what, snapshot, expected] of rows) it(what, () => assert.equal(isDefault(snapshot, ID), expected));

  it("the one before, until the menu was made", () => {
    const other = "f".repeat(16);
    const text = `${other}\n${ID}\n`;
    assert.equal(defaultImage(machine(text, { promoted: 6, menu: 5 })), ID);
    assert.equal(defaultImage(machine(text, { promoted: 6, menu: 6 })), other);
    assert.equal(defaultImage(machine(`${ID}\n`, { promoted: 6, menu: 5 })), undefined);
  });

  it("what runs and is not it is unconfirmed, whatever was promoted before", () => {
    const runs = (snapshot: Snapshot): Snapshot => ({
      ...snapshot,
      texts: new Map([["proc/cmdline", `quiet pulumi_acrn_image=${ID}`]]),
    });
    const confirmed = machine(`${ID}\n`, { promoted: 5, menu: 6 });
    assert.equal(unconfirmedImage(confirmed), undefined);
    assert.equal(unconfirmedImage(runs(confirmed)), undefined);
    assert.equal(unconfirmedImage(runs(machine(`${ID}\n`, { promoted: 6, menu: 5 }))), ID);
    assert.equal(unconfirmedImage(runs(machine(undefined, {}))), ID);
  });
});
