import assert from "node:assert/strict";
import type { Ledger } from "../../../provider/core/claims/types";
import type { FileState, Snapshot } from "../../../provider/core/snapshot";
import { imagesLeft } from "../../../sdk/cli/clear-up";

const ID = "a".repeat(16);
const LEDGER: Ledger = { format: 1, sequence: 1, owners: {}, documents: {}, fields: {} };
const CLAIMED: Ledger = {
  ...LEDGER,
  owners: { x: { id: "x", stack: "s", urn: "u", urns: ["u"], kind: "HypervisorImage", sequence: 1 } as never },
};

function machine(path: string, kind: Snapshot["kind"]): Snapshot {
  const file: FileState = { path, kind: "file", bytes: Buffer.from("x") };
  const files = new Map([[path, file]]);
  return { identity: {}, kind, files, texts: new Map(), commands: new Set(), warnings: [] };
}

describe("sdk/cli release: images that nobody claims", () => {
  const rows: [what: string, path: string, expected: boolean, kind?: Snapshot["kind"], ledger?: Ledger][] = [
    ["installed", `/boot/pulumi-acrn/${ID}/acrn.bin`, true],
    ["only built", `/var/lib/pulumi-acrn/images/${ID}/image.json`, true],
    ["the default", "/var/lib/pulumi-acrn/images/promoted", true],
    ["a launch script that waits", "/var/lib/pulumi-acrn/images/next/RT.sh", false],
    ["a folder of somebody else's", "/boot/pulumi-acrn/notes/text", false],
    ["another file", "/var/lib/pulumi-acrn/ledger.json", false],
    ["a folder, which does not boot", `/boot/pulumi-acrn/${ID}/acrn.bin`, false, "folder"],
    ["claimed", `/boot/pulumi-acrn/${ID}/acrn.bin`, false, "live", CLAIMED],
  ];
  for (const [what, path, expected, kind = "live", ledger = LEDGER] of rows)
    it(what, () => assert.equal(imagesLeft(machine(path, kind), ledger), expected));
});
