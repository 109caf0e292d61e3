import assert from "node:assert/strict";
import { owed } from "../../provider/converge/activate/owed";
import { wholeId } from "../../provider/core/acrn/file-document";
import { printWanted } from "../../provider/core/acrn/image/wanted";
import type { Ledger } from "../../provider/core/claims/types";
import type { FileState, Snapshot } from "../../provider/core/snapshot";

const [ID, OTHER] = ["a".repeat(16), "b".repeat(16)];
const IMAGES = "/var/lib/pulumi-acrn/images";
const WAITING = wholeId(`${IMAGES}/next/RT.sh`);

interface State {
  runs?: string;
  promoted?: string;
  wanted?: string;
  field?: string;
}

function stateOf({
  runs = ID,
  promoted = `${ID}\n`,
  wanted = printWanted({ id: ID, keep: 3 }),
  field = WAITING,
}: State) {
  const files = new Map<string, FileState>();
  for (const [name, text] of Object.entries({ promoted, wanted }))
    files.set(`${IMAGES}/${name}`, { path: `${IMAGES}/${name}`, kind: "file", bytes: Buffer.from(text) });
  const texts = new Map([["proc/cmdline", `quiet pulumi_acrn_image=${runs}`]]);
  const snapshot: Snapshot = { identity: {}, kind: "live", files, texts, commands: new Set(), warnings: [] };
  const ledger: Ledger = { format: 1, sequence: 1, owners: {}, documents: {}, fields: { [field]: { claims: {} } } };
  return { snapshot, ledger };
}

describe("launch scripts that a run has left waiting behind its promotion", () => {
  const rows: [what: string, state: State, expected: string | undefined][] = [
    ["it runs, is the default, is wanted, and they wait", {}, ID],
    ["none waits", { field: wholeId("/root/rt.sh") }, undefined],
    ["they wait for another image", { wanted: printWanted({ id: OTHER, keep: 3 }) }, undefined],
    ["which image is wanted cannot be read", { wanted: "nonsense" }, undefined],
    ["it is on trial", { promoted: `${OTHER}\n` }, undefined],
    ["the packaged image runs", { runs: "" }, undefined],
  ];
  for (const [what, state, expected] of rows) it(what, () => assert.equal(owed(stateOf(state)), expected));
});
