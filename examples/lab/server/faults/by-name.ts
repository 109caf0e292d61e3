import type { Faults } from "./types";

/** A fault of the command line: what it does to a host, given the text behind `=`. */
interface Named {
  value: string;
  does: string;
  apply(faults: Faults, value: string): void;
}

/** What `npm run lab -- --fault HOST:NAME=VALUE` knows. */
const NAMED: Record<string, Named> = {
  delay: { value: "MS", does: "each command starts so late", apply: (f, text) => (f.delayMs = number(text)) },
  latency: { value: "MS", does: "each byte takes so long, each way", apply: (f, text) => (f.latencyMs = number(text)) },
  "refuse-login": { value: "", does: "no login succeeds", apply: (f) => (f.refuseLogin = true) },
  "cut-to-client": {
    value: "BYTES",
    does: "the next connection is cut after so many bytes to the client",
    apply: (f, text) => f.cut({ direction: "to-client", after: number(text) }),
  },
  "cut-to-server": {
    value: "BYTES",
    does: "the same, to the host",
    apply: (f, text) => f.cut({ direction: "to-server", after: number(text) }),
  },
  kill: {
    value: "STEP",
    does: "the next transaction is killed at this line of its journal: commit, swapped 1",
    apply: (f, text) => f.killScript({ at: text || "commit", whom: "both" }),
  },
};

/** Applies `HOST:NAME` or `HOST:NAME=VALUE`; throws a sentence that names what there is. */
export function applyByName(text: string, faultsOf: (host: string) => Faults): void {
  const [, host = "", name = "", value = ""] = /^([^:]+):([^=]+)(?:=(.*))?$/.exec(text) ?? [];
  const fault = Object.hasOwn(NAMED, name) ? NAMED[name] : undefined;
  if (!fault) throw new Error(`--fault takes HOST:NAME or HOST:NAME=VALUE:\n${faultHelp()}`);
  fault.apply(faultsOf(host), value);
}

function faultHelp(): string {
  return Object.entries(NAMED)
    .map(([name, { value, does }]) => `  ${`${name}${value && `=${value}`}`.padEnd(20)}  ${does}`)
    .join("\n");
}

function number(text: string): number {
  const value = Number(text);
  if (text === "" || !Number.isInteger(value) || value < 0) throw new Error(`${JSON.stringify(text)} is not a number`);
  return value;
}
