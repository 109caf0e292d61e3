import { isRecord } from "../../claims/same";
import type { FieldValue } from "../../claims/types";
import { trimSpace, type XmlElement, type XmlSpec } from "../../xml";
import type { ChildKind } from "./child-field";
import { listField } from "./list-field";

/**
 * `virtio_devices` as a list in the file's order. Each entry is `{ kind }`, the element's name, with
 *
 * - `block`: `path`, the text (an image, or `/dev/part:path`); `vsock`: `cid`, a number;
 * - `network`, `console`, `input`, `gpu`: the schema's elements by name, each a text as it stands; what is absent or empty is absent;
 * - `gpu`: `displays`, a list of such records; in v3.0 and v3.1 `text`, acrn-dm's own words.
 *
 * [3.4-dev misc/config_tools/schema/VMtypes.xsd Virtio*Configuration]
 */
export function virtioField(bars: ChildKind["bars"]): ChildKind {
  return listField({
    element: "virtio_devices",
    bars,
    entry,
    spec,
    takes: (value) => isRecord(value) && typeof value.kind === "string",
  });
}

type Device = Readonly<Record<string, FieldValue>>;

/** Where the text of a kind without children is kept. */
const TEXT: ReadonlyMap<string, string> = new Map([
  ["block", "path"],
  ["vsock", "cid"],
]);

/** What the schema has as a sequence: this order is not free. The others are free (xs:all) and stand as the schema lists them. */
const SEQUENCE = [
  ...["virtio_framework", "interface_name"],
  ...["backend_device_file", "id"],
  ...["use_type", "backend_type", "output_file_path", "sock_file_path", "tty_device_path"],
  ...["display_type", "displays", "monitor_id", "window_resolutions", "horizontal_offset", "vertical_offset"],
];

function entry(element: XmlElement): FieldValue {
  const kind = element.name;
  const text = trimSpace(element.value);
  if (element.children.length > 0) return { kind, ...recordOf(element) };
  if (kind === "vsock" && /^\d{1,10}$/.test(text)) return { kind, cid: Number(text) };
  return text === "" && !TEXT.has(kind) ? { kind } : { kind, [TEXT.get(kind) ?? "text"]: text };
}

function recordOf(element: XmlElement): Record<string, FieldValue> {
  const parts = element.children
    .map((each): [string, FieldValue] => [
      each.name,
      each.children.length > 0 ? each.children.map(recordOf) : trimSpace(each.value),
    ])
    .filter(([, value]) => value !== "");
  return Object.fromEntries(parts);
}

function spec(value: FieldValue): XmlSpec {
  const { kind, ...rest } = value as Device;
  const name = String(kind);
  const text = rest[TEXT.get(name) ?? "text"];
  return text === undefined ? { name, children: childrenOf(rest) } : { name, text: String(text) };
}

function childrenOf(record: Device): XmlSpec[] {
  const place = (name: string) => (SEQUENCE.includes(name) ? SEQUENCE.indexOf(name) : SEQUENCE.length);
  return Object.entries(record)
    .sort(([a], [b]) => place(a) - place(b) || (a < b ? -1 : 1))
    .map(([name, value]) =>
      Array.isArray(value)
        ? { name, children: value.map((each) => ({ name: singular(name), children: childrenOf(each as Device) })) }
        : { name, text: String(value) },
    );
}

/** `displays` holds `display`. */
function singular(name: string): string {
  return name.replace(/s$/, "");
}
