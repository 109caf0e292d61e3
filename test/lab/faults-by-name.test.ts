import assert from "node:assert/strict";
import { applyByName } from "../../examples/lab/server/faults/by-name";
import type { Faults } from "../../examples/lab/server/faults/types";

describe("lab faults: by name", () => {
  /** What was set and called, in words. */
  function done(text: string): string {
    const calls: string[] = [];
    const faults = new Proxy({} as Faults, {
      set: (_, name, value) => calls.push(`${String(name)} = ${value}`) > 0,
      get: (_, name) => (value: unknown) => void calls.push(`${String(name)} ${JSON.stringify(value)}`),
    });
    applyByName(text, (host) => {
      calls.push(host);
      return faults;
    });
    return calls.join(", ");
  }

  const rows: [text: string, wanted: string][] = [
    ["cell-1:delay=500", "cell-1, delayMs = 500"],
    ["cell-1:latency=20", "cell-1, latencyMs = 20"],
    ["cell-2:refuse-login", "cell-2, refuseLogin = true"],
    ["cell-1:cut-to-client=0", 'cell-1, cut {"direction":"to-client","after":0}'],
    ["cell-1:cut-to-server=99", 'cell-1, cut {"direction":"to-server","after":99}'],
    ["cell-1:kill=swapped 1", 'cell-1, killScript {"at":"swapped 1","whom":"both"}'],
    ["cell-1:kill", 'cell-1, killScript {"at":"commit","whom":"both"}'],
  ];
  for (const [text, wanted] of rows) it(text, () => assert.equal(done(text), wanted));

  for (const text of ["cell-1", "cell-1:", "cell-1:rain", "cell-1:toString", ":delay=1"])
    it(`${text}: says what there is`, () => assert.throws(() => done(text), /HOST:NAME=VALUE:\n {2}delay=MS/));

  for (const text of ["cell-1:delay", "cell-1:delay=soon", "cell-1:delay=-1"])
    it(`${text}: not a number`, () => assert.throws(() => done(text), /is not a number/));
});
