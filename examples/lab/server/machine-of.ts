import { existsSync } from "node:fs";
import { join } from "node:path";
import type { Children } from "./children";
import { LabHost } from "./host";
import { deskIn } from "./physics/desk";
import { Machine } from "./physics/machine";
import { guestStubs } from "./physics/stub-texts";
import type { LabHostSpec } from "./types";

/** The machine that a host is, if it is one: its guests are hosts of their own, without a machine. */
export function machineOf(spec: LabHostSpec, state: string, children: Children): Machine | undefined {
  if (!(spec.physics ?? existsSync(join(spec.dir, "dev/acrn_hsm")))) return undefined;
  const desk = deskIn(state);
  const guests = Object.keys(spec.guests ?? {}).map((vm): [string, LabHost] => {
    const folder = join(state, "guests", vm);
    const guest: LabHostSpec = { name: `${spec.name}.${vm}`, dir: join(folder, "tree"), users: { root: {} } };
    const keys = { authorizedKeys: spec.authorizedKeys ?? [] };
    return [vm, new LabHost({ ...guest, ...keys }, folder, children, guestStubs(desk, vm))];
  });
  return new Machine(spec, state, join(state, "bin"), new Map(guests), children);
}
