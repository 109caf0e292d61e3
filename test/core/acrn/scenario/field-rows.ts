import assert from "node:assert/strict";
import { scenarioSurface } from "../../../../provider/core/acrn/scenario-surface";
import type { FieldValue } from "../../../../provider/core/claims/types";

export const FILE = "s.xml";
const { read, write, restore } = scenarioSurface;

export const file = (...lines: string[]) =>
  ["<acrn-config>", "  <hv/>", ...lines.map((each) => `  ${each}`), "</acrn-config>", ""].join("\n");
export const vm3 = (...lines: string[]) =>
  file(
    '<vm id="0">',
    "  <load_order>SERVICE_VM</load_order>",
    "  <name>S</name>",
    "</vm>",
    '<vm id="1">',
    "  <load_order>POST_LAUNCHED_VM</load_order>",
    "  <name>A</name>",
    ...lines.map((each) => `  ${each}`),
    "</vm>",
  );
export const vm2 = (...lines: string[]) =>
  file(
    '<vm id="1">',
    "  <vm_type>POST_STD_VM</vm_type>",
    "  <name>A</name>",
    ...lines.map((each) => `    ${each}`),
    "  <clos/>",
    "</vm>",
  );
export const pre2 = (type: string) =>
  file('<vm id="0">', `  <vm_type>${type}</vm_type>`, "  <name>A</name>", "  <clos/>", "</vm>");
export const like = (...lines: string[]) =>
  vm3().replace(
    "</acrn-config>",
    `  <vm id="2">\n${lines.map((each) => `    ${each}\n`).join("")}  </vm>\n</acrn-config>`,
  );

export interface Row {
  name: string;
  field: string;
  before: string;
  value: FieldValue;
  after: string;
  /** What is read before the write. */
  was?: FieldValue;
}

/** What a ledger would record of a field before its first write. */
export const raw = (text: string, key: string) => {
  const reading = read(text, FILE, key);
  return reading.kind === "value" ? reading.raw : undefined;
};

/** Each row: read, written, written again, and given back byte for byte; with both line ends. */
export function holds(rows: readonly Row[]): void {
  for (const eol of ["\n", "\r\n"])
    for (const { name, field, before, value, after, was } of rows)
      it(`${field}: ${name}${eol === "\n" ? "" : " (CRLF)"}`, () => {
        const [from, to] = [before, after].map((text) => text.replaceAll("\n", eol)) as [string, string];
        const key = `vm[A]/${field}`;
        const reading = read(from, FILE, key);
        assert.deepEqual(reading.kind === "value" ? reading.value : reading.kind, was === undefined ? "absent" : was);
        const written = write(from, FILE, key, value);
        assert.equal(written, to);
        assert.equal(write(written, FILE, key, value), to);
        assert.equal(restore(written, FILE, key, raw(from, key)), from);
      });
}
