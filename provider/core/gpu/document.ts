import type { Document, Ledger, Surface } from "../claims/types";
import { splitField } from "../claims/types";
import type { Snapshot } from "../snapshot";
import { type Gpu, gpusIn, LIMITS, type Limits } from "./read";

/**
 * The limits that run, as a document of three numbers: claims, ledger and plan treat them as any other file's fields, so what they were
 * before stands in the ledger's baseline and outlives a reboot. Only the writing is another one (converge/set-running.ts): no file
 * of sysfs can be swapped.
 */
const ID = /^gpu\[([0-9a-f:.]{7,20})\]$/;

export function gpuId(address: string): string {
  return `gpu[${address}]`;
}

export function limitId(address: string, limit: keyof Limits): string {
  return `${gpuId(address)} ${limit}`;
}

/** The GPU of a document's or a field's id. */
export function addressOfId(id: string): string | undefined {
  return ID.exec(id.split(" ", 1)[0] ?? "")?.[1];
}

export function limitsText(now: Limits): string {
  return LIMITS.map((limit) => `${limit} ${now[limit]}\n`).join("");
}

/** The limits in a document's text; undefined: the GPU is not there. */
export function limitsOf(text: string | undefined): Limits | undefined {
  const [max, boost, min] = LIMITS.map((limit) => valueIn(text ?? "", limit));
  return max === undefined || boost === undefined || min === undefined ? undefined : { min, max, boost };
}

/** Every GPU that the machine has now, and those that the ledger knows: those may be gone, or passed through, by now. */
export function gpuDocuments(snapshot: Snapshot, ledger: Ledger): Document[] {
  const gpus = gpusIn(snapshot) ?? [];
  const known = [...Object.keys(ledger.documents), ...Object.keys(ledger.fields).map((field) => splitField(field)[0])];
  const addresses = new Set([...gpus.map(({ address }) => address), ...known.flatMap((id) => addressOfId(id) ?? [])]);
  return [...addresses].map((address) =>
    documentOf(
      address,
      gpus.find((gpu) => gpu.address === address),
    ),
  );
}

function documentOf(address: string, gpu: Gpu | undefined): Document {
  return {
    id: gpuId(address),
    path: `/sys/bus/pci/devices/${address}/drm`,
    surface: limitsSurface,
    live: gpu && limitsText(gpu.now),
    blank: "",
  };
}

function valueIn(text: string, key: string): number | undefined {
  const found = new RegExp(`^${key} (\\d+)$`, "m").exec(text);
  return found ? Number(found[1]) : undefined;
}

const isLimit = (key: string): key is keyof Limits => (LIMITS as readonly string[]).includes(key);

const limitsSurface: Surface = {
  read: (text, _file, key) => {
    const value = isLimit(key) ? valueIn(text, key) : undefined;
    return value === undefined
      ? { kind: "no-place", why: "i915 does not drive this GPU now" }
      : { kind: "value", value, raw: String(value) };
  },
  write: (text, _file, key, value) => (typeof value === "number" ? put(text, key, String(value)) : text),
  restore: (text, _file, key, raw) => (raw === undefined ? text : put(text, key, raw)),
  takes: (key, value, raw) =>
    !isLimit(key) ||
    (typeof value === "number" &&
      Number.isSafeInteger(value) &&
      value >= 0 &&
      (raw === undefined || raw === `${value}`)),
  sameFields: (a, b) => a === b,
  show: (value) => (typeof value === "number" ? `${value} MHz` : "(absent)"),
};

function put(text: string, key: string, value: string): string {
  return isLimit(key) ? text.replace(new RegExp(`^${key} \\d+$`, "m"), `${key} ${value}`) : text;
}
