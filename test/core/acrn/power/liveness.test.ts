import assert from "node:assert/strict";
import type { Evidence } from "../../../../provider/core/acrn/evidence";
import { livenessOf, RECORDS } from "../../../../provider/core/acrn/power/liveness";
import type { FileState, Snapshot } from "../../../../provider/core/snapshot";

const BOOT = "b-1";

interface Row {
  record?: string;
  /** Of the running acrn-dm processes; undefined: they could not be read. */
  running?: Record<string, number> | "unreadable";
  /** Names in /run/acrn/mngr; null: it could not be read. */
  sockets?: string | null;
  offline?: string | null;
  cpus?: number[];
}

function liveness({ record, running = {}, sockets = "", offline = "", cpus = [2, 3] }: Row) {
  const path = `${RECORDS}/RT`;
  const files = new Map<string, FileState>();
  if (record !== undefined) files.set(path, { path, kind: "file", bytes: Buffer.from(record) });
  const texts = new Map<string, string>();
  if (sockets !== null) texts.set("run/acrn/mngr", sockets);
  if (offline !== null) texts.set("sys/devices/system/cpu/offline", offline);
  const snapshot: Snapshot = {
    identity: { bootId: BOOT },
    kind: "live",
    files,
    texts,
    commands: new Set(),
    warnings: [],
  };
  const vms = running === "unreadable" ? [] : Object.entries(running).map(([name, pid]) => ({ name, pid, args: [] }));
  const evidence: Evidence = {
    built: { known: false, why: "" },
    running: running === "unreadable" ? { known: false, why: "no ps" } : { known: true, vms },
  };
  return livenessOf("RT", { snapshot, evidence, cpus });
}

/** No proof is unknown, never off (reference 7b). */
const ROWS: [what: string, row: Row, state: string, why: RegExp][] = [
  ["its acrn-dm is alive", { running: { RT: 41 } }, "running", /^acrn-dm 41 is alive$/],
  ["alive, whatever an old record says", { running: { RT: 41 }, record: `ended ${BOOT} 0\n` }, "running", /41/],
  ["another VM's acrn-dm is none of its", { running: { RT2: 41 } }, "off", /nothing launched it/],
  ["processes that cannot be read", { running: "unreadable", record: `ended ${BOOT} 0\n` }, "unknown", /^no ps$/],
  ["an end with status 0 in this boot", { record: `ended ${BOOT} 0\n` }, "off", /ended by itself in this boot/],
  ["the same without line break", { record: `ended ${BOOT} 0` }, "off", /ended by itself/],
  ["an end with a signal", { record: `ended ${BOOT} 137\n` }, "unknown", /ended with status 137/],
  ["a start without an end", { record: `started ${BOOT} 41\n` }, "unknown", /nobody recorded an end/],
  [
    "an end in another boot proves nothing of this one, and nothing else speaks",
    { record: "ended b-0 0\n" },
    "off",
    /nothing launched it/,
  ],
  [
    "an end in another boot, and its CPUs are gone",
    { record: "ended b-0 0\n", offline: "2-3\n" },
    "unknown",
    /CPU 2,3 was handed over/,
  ],
  ["a start in another boot", { record: "started b-0 41\n" }, "off", /nothing launched it/],
  ["a record that is torn", { record: "ended b", offline: "3\n" }, "unknown", /CPU 3 was handed over/],
  ["a record with more behind it", { record: `ended ${BOOT} 0 0\n`, offline: "3" }, "unknown", /CPU 3/],
  [
    "a socket that a killed acrn-dm left",
    { sockets: "RT.monitor.41.socket\n" },
    "unknown",
    /a socket of its acrn-dm is left/,
  ],
  ["a socket of another VM", { sockets: "RT2.monitor.41.socket\n" }, "off", /no socket/],
  ["all CPUs online", { cpus: [2, 3], offline: "\n" }, "off", /still has CPU 2,3/],
  ["CPU 0, and an empty list of what is offline", { cpus: [0], offline: "" }, "off", /still has CPU 0/],
  ["other CPUs are offline", { offline: "1,4-7\n" }, "off", /still has CPU 2,3/],
  ["one of them is offline", { offline: "0-1,3,5\n" }, "unknown", /CPU 3 was handed over/],
  ["both in a range", { offline: "1-4\n" }, "unknown", /CPU 2,3 was/],
  ["the list of offline CPUs cannot be read", { offline: null }, "unknown", /it is off, or an orphan/],
  ["the sockets cannot be read", { sockets: null }, "unknown", /it is off, or an orphan/],
  ["it has no CPUs", { cpus: [] }, "unknown", /it is off, or an orphan/],
];

describe("liveness of an RTVM: running, off (proved), unknown", () => {
  for (const [what, row, state, why] of ROWS)
    it(`${what}: ${state}`, () => {
      const found = liveness(row);
      assert.equal(found.state, state);
      assert.match(found.why, why);
    });

  it("CPUs that nobody can name: unknown", () => {
    const snapshot: Snapshot = {
      identity: {},
      kind: "live",
      files: new Map(),
      texts: new Map([
        ["run/acrn/mngr", ""],
        ["sys/devices/system/cpu/offline", ""],
      ]),
      commands: new Set(),
      warnings: [],
    };
    const evidence: Evidence = { built: { known: false, why: "" }, running: { known: true, vms: [] } };
    assert.equal(livenessOf("RT", { snapshot, evidence, cpus: undefined }).state, "unknown");
  });

  it("a machine without boot id: a record proves nothing", () => {
    const path = `${RECORDS}/RT`;
    const files = new Map<string, FileState>([
      [path, { path, kind: "file", bytes: Buffer.from("ended undefined 0\n") }],
    ]);
    const snapshot: Snapshot = {
      identity: {},
      kind: "live",
      files,
      texts: new Map(),
      commands: new Set(),
      warnings: [],
    };
    const evidence: Evidence = { built: { known: false, why: "" }, running: { known: true, vms: [] } };
    assert.equal(livenessOf("RT", { snapshot, evidence, cpus: [2] }).state, "unknown");
  });
});
