import assert from "node:assert/strict";
import { launchedVms, RECORDS } from "../../../../provider/core/acrn/power/liveness";
import { comesBack } from "../../../../provider/core/acrn/power/marks";
import type { FileState, Snapshot } from "../../../../provider/core/snapshot";

function snapshotWith(files: Record<string, FileState["kind"]>, sockets?: string): Snapshot {
  return {
    identity: {},
    kind: "live",
    files: new Map(Object.entries(files).map(([path, kind]) => [path, { path, kind }])),
    texts: new Map(sockets === undefined ? [] : [["run/acrn/mngr", sockets]]),
    commands: new Set(),
    warnings: [],
  };
}

describe("which VMs an earlier run left off", () => {
  const MARK = "/var/lib/pulumi-acrn/cycling/RT";
  const ROWS: [what: string, files: Record<string, FileState["kind"]>, expected: boolean][] = [
    ["noted down", { [MARK]: "file" }, true],
    ["nothing is noted down", {}, false],
    ["looked for and not there", { [MARK]: "absent" }, false],
    ["another VM's", { "/var/lib/pulumi-acrn/cycling/RT2": "file" }, false],
  ];
  for (const [what, files, expected] of ROWS)
    it(what, () => assert.equal(comesBack("RT", snapshotWith(files)), expected));
});

describe("which VMs were launched in this boot, whatever scenario they are of", () => {
  const ROWS: [what: string, files: Record<string, FileState["kind"]>, sockets: string | undefined, vms: string[]][] = [
    ["none", {}, "", []],
    ["by the record of a launch of ours", { [`${RECORDS}/GONE`]: "file" }, "", ["GONE"]],
    ["by the socket of an acrn-dm", {}, "RT.1.monitor.41.socket\nother.sock", ["RT.1"]],
    ["by both", { [`${RECORDS}/A`]: "file" }, "B.monitor.7.socket", ["A", "B"]],
    ["the folder of sockets could not be read", { [`${RECORDS}/A`]: "file" }, undefined, ["A"]],
  ];
  for (const [what, files, sockets, vms] of ROWS)
    it(what, () => assert.deepEqual(launchedVms(snapshotWith(files, sockets)), vms));
});
