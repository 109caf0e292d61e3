import type { Call } from "../../desk";
import type { Manager } from "./manager";

/** What systemctl of a guest asks for. */
export interface Asked {
  dir: string;
  manager: Manager;
  /** v254 or newer: is-enabled has a word for a unit that is not there. */
  recent: boolean;
  /** The machine goes down. */
  down(how: "reset" | "off"): void;
}

/** What one verb does: its status. */
export type Verb = (call: Call, names: readonly string[], asked: Asked) => number | Promise<number>;

/** One after the other; the last thing that went wrong is the status. */
export const each =
  (one: (call: Call, name: string, asked: Asked) => number | Promise<number>): Verb =>
  async (call, names, asked) => {
    let status = 0;
    for (const name of names) status = (await one(call, name, asked)) || status;
    return status;
  };
