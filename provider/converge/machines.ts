import { sortKeys } from "../core/claims/same";
import type { HostSettings } from "../resources/host-settings";
import { Machine } from "./machine";

const known = new Map<string, Machine>();

/** The machine behind these settings; the same settings give the same object, and so one connection and one read. */
export function machineOf(settings: HostSettings): Machine {
  const key = JSON.stringify(sortKeys(settings));
  const machine = known.get(key) ?? new Machine(settings);
  known.set(key, machine);
  return machine;
}
