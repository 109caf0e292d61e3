import { existsSync } from "node:fs";
import { join } from "node:path";
import { writeGuestTree } from "../builder/guest";
import type { Children } from "./children";
import { LabHost } from "./host";
import { BareMachine } from "./physics/bare";
import { deskIn } from "./physics/desk";
import { GuestOs } from "./physics/guest/os";
import { Machine } from "./physics/machine";
import { guestStubs } from "./physics/stub-texts";
import type { LabGuestSpec } from "./physics/types";
import type { LabHostSpec } from "./types";

/** The machine that a host is, if it is one: its guests are hosts of their own, without a machine. */
export function machineOf(spec: LabHostSpec, state: string, children: Children): Machine | BareMachine | undefined {
  const { os, dir, name } = spec;
  if (os) {
    writeGuestTree(dir, name, os);
    return new BareMachine({ ...spec, os }, state, deskIn(state), children);
  }
  if (!(spec.physics ?? existsSync(join(dir, "dev/acrn_hsm")))) return undefined;
  const guests = Object.entries(spec.guests ?? {}).map(
    ([vm, guest]) => [vm, guestOf(spec, vm, guest, state, children)] as const,
  );
  return new Machine(spec, state, join(state, "bin"), new Map(guests), children);
}

/** What answers behind a host as long as a VM runs. */
function guestOf(host: LabHostSpec, vm: string, guest: LabGuestSpec, state: string, children: Children): LabHost {
  const desk = deskIn(state);
  const folder = join(state, "guests", vm);
  const { layout } = guest;
  const full: LabHostSpec = { name: `${host.name}.${vm}`, dir: join(folder, "tree"), users: { root: {} } };
  const keys = { authorizedKeys: host.authorizedKeys ?? [] };
  if (!layout) return new LabHost({ ...full, ...keys }, folder, children, guestStubs(desk, vm));
  const spec = { ...guest, layout };
  writeGuestTree(full.dir, full.name, spec, guest.files);
  const os = new GuestOs({ ...spec, name: vm, dir: full.dir }, { folder, desk, children });
  return new LabHost({ ...full, ...keys }, folder, children, os);
}
