import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { Machine } from "../../../provider/converge/machine";
import { printWanted } from "../../../provider/core/acrn/image/wanted";
import type { Snapshot } from "../../../provider/core/snapshot";
import { ImageSession } from "../../../provider/host/image/session";
import type { ImageState } from "../../../provider/host/image/state";
import type { Connection } from "../../../provider/resources/host-settings";
import { imageCells, imagesOf } from "../../../sdk/cli/inspect/images";
import { A, B, C, image } from "../../host/image/world";
import { type Cell, withCell } from "../../lab/support/cell";
import { cli, folderHost, type Ran } from "./support";

/** cell-1 with a machine-id that no other test has, and images on it. */
const onCell = (work: (cell: Cell, session: ImageSession) => Promise<void>) =>
  withCell({ menu: true, files: { "etc/machine-id": `${randomUUID().replaceAll("-", "")}\n` } }, async (cell) => {
    const connection = cell.lab.connection("cell-1", { user: "root" }) as Connection;
    const session = await ImageSession.open(new Machine({ connection }).target());
    try {
      await work(cell, session);
    } finally {
      await session.close();
    }
  });

function at(cell: Cell, ...argv: string[]): Promise<Ran> {
  return cli(["images", "cell-1", ...argv, "--ssh-config", cell.lab.sshConfig]);
}

const NOTHING: ImageState = { staged: [], partial: [], installed: [] };
const NOWHERE = { files: new Map(), texts: new Map() } as unknown as Snapshot;

/** State, and one line an image: its id, and what is said of it. */
const ROWS: [string, Partial<ImageState>, string[]][] = [
  ["nothing", {}, []],
  ["what is only built", { staged: [B, A] }, [`${A} `, `${B} `]],
  [
    "the default, those before it, then by age, then what is only built",
    {
      staged: [A, B, C],
      installed: [
        { id: A, at: 1 },
        { id: B, at: 2 },
      ],
      promoted: { id: A, before: [] },
      running: B,
    },
    [`${A} the default`, `${B} runs`, `${C} `],
  ],
  [
    "a generation that went is not told of, and does not change the count of those before",
    { staged: [A, C], installed: [], promoted: { id: C, before: [B, A] } },
    [`${C} the default`, `${A} the default 2 times ago`],
  ],
  [
    "one that is tried with its kept kernel",
    { installed: [{ id: A, at: 1, kept: "6.1" }], next: `pulumi-acrn-${A}-kept` },
    [`${A} tried at the next boot`],
  ],
  ["an entry of somebody else's is no image", { installed: [{ id: A, at: 1 }], next: "memtest" }, [`${A} `]],
];

describe("sdk/cli images", function () {
  this.timeout(60_000);

  for (const [name, state, expected] of ROWS)
    it(`rows: ${name}`, () => {
      const { images, next } = imagesOf({ ...NOTHING, ...state }, NOWHERE);
      const rows = images.map((row) => {
        const cells = imageCells(row);
        return `${cells[0]} ${cells.at(-1)}`;
      });
      assert.deepEqual(rows, expected);
      assert.equal(next, state.next ?? null);
    });

  it(
    "tells what is built, in /boot and the default, and what room is left",
    onCell(async (cell, session) => {
      const none = await at(cell);
      assert.equal(none.status, 0, none.err);
      assert.match(none.out, /has no hypervisor image of ours\.\n\/boot has [\d.]+ MiB \(\d+ bytes\) left\.\n$/);
      for (const id of [A, B]) await session.stage(image(id));
      await session.install(A);
      const installed = await at(cell);
      assert.match(installed.out, new RegExp(`^ {2}${A} +yes +\\d{4}-\\d\\d-\\d\\dT[\\d:.]+Z +-$`, "m"));
      assert.match(installed.out, new RegExp(`^ {2}${B} +yes +- +-$`, "m"));
      assert.match(installed.out, /^None of them is the default/m);
      await session.promote(A);
      await session.oneShot(A);
      const { out } = await at(cell);
      assert.match(out, new RegExp(`^ {2}${A} .* the default, tried at the next boot$`, "m"));
      assert.match(out, new RegExp(`^The next boot, and only that, takes pulumi-acrn-${A}\\.$`, "m"));
      assert.doesNotMatch(out, /None of them/);
    }),
  );

  it(
    "tells the same as data, every key always there",
    onCell(async (cell, session) => {
      await session.stage(image(A));
      cell.write("var/lib/pulumi-acrn/images/wanted", printWanted({ id: A, keep: 3 }));
      const { status, out } = await at(cell, "--json");
      const { host, images, next, free } = JSON.parse(out);
      assert.deepEqual([status, host.kind, next], [0, "live", null]);
      assert.ok(free > 0);
      const row = { staged: true, installed: null, kept: null, running: false, promoted: false };
      assert.deepEqual(images, [{ id: A, ...row, before: null, next: false, wanted: true }]);
    }),
  );

  it(
    "is not put off by a file that names the wanted image and is broken",
    onCell(async (cell, session) => {
      await session.stage(image(A));
      cell.write("var/lib/pulumi-acrn/images/wanted", "nonsense\n");
      const { status, out, err } = await at(cell, "--json");
      assert.equal(status, 0, err);
      assert.equal(JSON.parse(out).images[0].wanted, false);
    }),
  );

  it(
    "release takes away what was only built and nobody claims",
    onCell(async (cell, session) => {
      await session.stage(image(A));
      const { status, out, err } = await cli([
        "release",
        "cell-1",
        "--all",
        "--yes",
        "--ssh-config",
        cell.lab.sshConfig,
      ]);
      assert.equal(status, 0, err);
      assert.match(out, /Nobody claims an image on .*, and images of ours are still there/);
      assert.ok(!cell.has("var/lib/pulumi-acrn/images"));
    }),
  );

  it("refuses a folder, which does not boot", async () => {
    const { status, err } = await cli(["images", folderHost()]);
    assert.equal(status, 1);
    assert.match(err, /does not boot.*\nName the machine itself/);
  });
});
