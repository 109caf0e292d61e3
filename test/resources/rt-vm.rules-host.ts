import type { HostTreeSpec, ScenarioSpec } from "../../examples/lab/builder";
import { AcrnError } from "../../provider/core/errors";
import { rtVmKind } from "../../provider/resources/rt-vm";
import { identity, MemoryHost } from "../support/memory-host";
import { planRt } from "./rt-vm.world";

export const HOME = "/root/acrn-work/rt.sh";
export const EDITED = { script: { edited: HOME } };
/** Devices of the builder's board. */
export const [NIC, NO_MSI, GPU] = ["01:00.0", "02:00.0", "00:02.0"];

export interface Host {
  dialect?: "2.x" | "3.x";
  /** The script in the user's folder. */
  script?: string;
  /** Of the scenario's RTVM. @default [2, 3] */
  pcpus?: number[];
  board?: Partial<Exclude<HostTreeSpec["board"], { text: string }>>;
  rdt?: boolean;
  /** A device that the pre-launched VM has. */
  theirs?: string;
}

export function hostOf({ dialect = "3.x", script, board, rdt = false, theirs }: Host): MemoryHost {
  const scenario: ScenarioSpec = {
    name: "s",
    dialect,
    board: "b",
    rdt: { enabled: rdt },
    vms: [
      { kind: "pre", name: "PRE", cpus: [4], ...(theirs ? { pci: [`${theirs} X`] } : {}) },
      { kind: "service", cpus: [0, 1] },
      { kind: "post-rt", name: "RT", cpus: [2, 3] },
      { kind: "post", name: "STD", cpus: [1] },
    ],
  };
  const acrnVersion = dialect === "3.x" ? "3.3" : "2.7";
  const memory = new MemoryHost({
    ...identity("rules"),
    board: { name: "b", dialect, pCores: 5, memoryMb: 8192, ...board },
    scenario,
    acrnVersion,
  });
  for (const path of memory.files.keys()) if (path.endsWith(".sh")) memory.files.delete(path);
  if (script !== undefined) memory.put(HOME, `#!/bin/bash\n${script}\n`);
  return memory;
}

export interface Said {
  code: string;
  property: string | undefined;
  text: string;
  hint: string;
}

/** Everything that stands in the way, whoever says it. */
export function refused(host: Host, args: Record<string, unknown>): Said[] {
  const name = (args.name as string | undefined) ?? "RT";
  const parsed = rtVmKind.schema.safeParse({ name, partition: { pcpus: { [name]: host.pcpus ?? [2, 3] } }, ...args });
  if (!parsed.success)
    return parsed.error.issues.map(({ path, message }) => ({
      code: "schema",
      property: path.join("."),
      text: message,
      hint: message,
    }));
  try {
    const { refusals } = planRt(hostOf(host), { rt: { name, ...args } }, host.pcpus ?? [2, 3]);
    return refusals.map(({ code, property, message, hint }) => ({ code, property, text: message, hint }));
  } catch (error) {
    if (!(error instanceof AcrnError)) throw error;
    return [{ code: error.code, property: error.property, text: error.message, hint: error.hint ?? "" }];
  }
}
