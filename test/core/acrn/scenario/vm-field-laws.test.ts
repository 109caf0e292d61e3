import assert from "node:assert/strict";
import fc from "fast-check";
import { buildScenario } from "../../../../examples/lab/builder";
import { freeVmId, readScenario } from "../../../../provider/core/acrn/scenario";
import { scenarioSurface } from "../../../../provider/core/acrn/scenario-surface";
import type { FieldValue, Reading } from "../../../../provider/core/claims/types";
import { AcrnError } from "../../../../provider/core/errors";
import { host } from "../../../support/arbitraries";
import { assertLegal } from "./legal";
import { REAL, readReal } from "./support";

const FILE = "s.xml";
const { read, write, restore } = scenarioSurface;

const text = fc.constantFrom("a", "./rt.img", "R&D <1>", "tap0", "/dev/sda3:./x", 'it\'s "x"');
const device: fc.Arbitrary<FieldValue> = fc.oneof(
  text.map((path) => ({ kind: "block", path })),
  fc.integer({ min: 3, max: 4294967294 }).map((cid) => ({ kind: "vsock", cid })),
  fc.constantFrom<FieldValue>(
    { kind: "network", interface_name: "RT" },
    { kind: "network", virtio_framework: "Kernel based (Virtual Host)", interface_name: "x" },
    { kind: "console", use_type: "Virtio console", backend_type: "stdio" },
    { kind: "console", use_type: "Virtio serial port", backend_type: "file", output_file_path: "/tmp/x" },
    { kind: "console" },
    { kind: "input" },
    { kind: "input", backend_device_file: "/dev/input/event3", id: "kbd" },
    { kind: "gpu", display_type: "Full screen", displays: [{ monitor_id: "0" }, { monitor_id: "2" }] },
    {
      kind: "gpu",
      display_type: "Window",
      displays: [{ window_resolutions: "800x600", horizontal_offset: "10", vertical_offset: "20" }],
    },
  ),
);
const bool = fc.boolean() as fc.Arbitrary<FieldValue>;

/** A value for each field. */
const VALUES: Record<string, fc.Arbitrary<FieldValue>> = {
  cpu_affinity: fc
    .uniqueArray(fc.integer({ min: 1, max: 7 }), { minLength: 1, maxLength: 4 })
    .map((ids) => ids.sort((a, b) => a - b)),
  vm_type: bool,
  lapic_passthrough: bool,
  vbootloader: bool,
  vuart0: bool,
  PTM: bool,
  memory: fc.integer({ min: 128, max: 1 << 20 }),
  pci_devs: fc.uniqueArray(
    fc.constantFrom("02:00.0 Ethernet controller: A&B <C>", "00:14.0 USB controller: x", "03:00.0 y"),
    { maxLength: 3 },
  ),
  virtio_devices: fc.array(device, { maxLength: 4 }),
  clos: fc.array(fc.integer({ min: 0, max: 15 }), { minLength: 1, maxLength: 4 }),
};

const step = fc
  .constantFrom(...Object.keys(VALUES))
  .chain((field) =>
    fc.record({ field: fc.constant(field), value: VALUES[field] as fc.Arbitrary<FieldValue>, vm: fc.nat(7) }),
  );

const rawOf = (reading: Reading) => (reading.kind === "value" ? reading.raw : undefined);

/** All that the file says beside one VM. */
function others(each: string, vm: string): unknown {
  return readScenario(each, FILE)
    .vms.filter(({ key }) => key !== vm)
    .map(({ line: _, ...view }) => view);
}

/** One write of one field is what was asked, legal, no more than that, and undone byte for byte. */
function writeLaw(before: string, vm: string, field: string, value: FieldValue): string {
  const key = `vm[${vm}]/${field}`;
  const reading = read(before, FILE, key);
  if (reading.kind === "no-place") {
    assert.throws(() => write(before, FILE, key, value), AcrnError);
    assert.equal(restore(before, FILE, key, undefined), before);
    return before;
  }
  if (reading.kind === "value" && field !== "cpu_affinity") {
    assert.equal(write(before, FILE, key, reading.value), before);
    assert.ok(scenarioSurface.takes(key, reading.value, reading.raw), `${key} takes ${JSON.stringify(reading)}`);
  }
  const after = write(before, FILE, key, value);
  const now = read(after, FILE, key);
  assert.deepEqual(now.kind === "value" && now.value, value, `${key}\n${after}`);
  assert.equal(write(after, FILE, key, value), after);
  assert.deepEqual(others(after, vm), others(before, vm));
  assertLegal(after, before);
  assert.equal(restore(after, FILE, key, rawOf(reading)), before, key);
  return after;
}

interface Step {
  field: string;
  value: FieldValue;
  vm: number;
}

/** Several writes, the VM's own among them, given back in another order (children before the VM): the bytes are those from before. */
function sequenceLaw(before: string, steps: readonly Step[], order: readonly number[], insert: boolean): void {
  const keys = readScenario(before, FILE).vms.map(({ key }) => key);
  let now = before;
  const done = new Map<string, string | undefined>();
  const vms = insert ? [...keys, "NEW_RT"] : keys;
  if (insert) now = write(now, FILE, "vm[NEW_RT]", { id: freeVmId(now, FILE), load: "post-launched", realtime: false });
  for (const { field, value, vm } of steps) {
    const name = vms[(vms.length - 1 + vm) % vms.length] as string;
    const key = `vm[${name}]/${field}`;
    const reading = read(now, FILE, key);
    const next = writeLaw(now, name, field, value);
    if (reading.kind !== "no-place" && !done.has(key)) done.set(key, rawOf(reading));
    now = next;
  }
  const back = [...done]
    .map((entry, at) => ({ entry, rank: order[at % order.length] ?? 0 }))
    .sort((a, b) => a.rank - b.rank);
  for (const { entry } of back) now = restore(now, FILE, entry[0], entry[1]);
  if (insert) now = restore(now, FILE, "vm[NEW_RT]", undefined);
  assert.equal(now, before);
}

function canInsert(each: string): boolean {
  try {
    write(each, FILE, "vm[NEW_RT]", { id: freeVmId(each, FILE), load: "post-launched", realtime: false });
    return true;
  } catch (error) {
    if (error instanceof AcrnError && ["scenario.full", "scenario.uuid", "scenario.no-service-vm"].includes(error.code))
      return false;
    throw error;
  }
}

const order = fc.array(fc.nat(99), { minLength: 12, maxLength: 12 });

describe("VM fields: laws", function () {
  this.timeout(60_000);
  for (const name of Object.keys(REAL))
    it(`in ${name}`, function () {
      const file = readReal(this, name);
      const insert = canInsert(file);
      fc.assert(
        fc.property(fc.array(step, { minLength: 1, maxLength: 8 }), order, (steps, ranks) =>
          sequenceLaw(file, steps, ranks, insert),
        ),
        { numRuns: 15 },
      );
    });

  it("in any built scenario", () => {
    fc.assert(
      fc.property(
        host({ textOnly: false }),
        fc.array(step, { minLength: 1, maxLength: 8 }),
        order,
        ({ scenario }, steps, ranks) => {
          const file = buildScenario(scenario);
          sequenceLaw(file, steps, ranks, canInsert(file));
        },
      ),
      { numRuns: 120 },
    );
  });

  it("in any built scenario that people edited", () => {
    const remark = fc.constantFrom(" <!-- a\n b -->", "\n<!-- c -->", "<?pi x?>", " ", "\r\n\r\n", "<!-- <vm> -->", "");
    fc.assert(
      fc.property(
        host({ textOnly: false }),
        fc.array(remark, { minLength: 13, maxLength: 13 }),
        fc.array(step, { minLength: 1, maxLength: 6 }),
        order,
        ({ scenario }, remarks, steps, ranks) => {
          let at = 0;
          const file = buildScenario(scenario).replace(
            /<\/(name|memory|block|network|vm|guest_flag|vuart0)>|<(virtio_devices|guest_flags|vm id="\d+"|memory)>/g,
            (tag) => tag + remarks[at++ % remarks.length],
          );
          sequenceLaw(file, steps, ranks, canInsert(file));
        },
      ),
      { numRuns: 120 },
    );
  });

  it("in any built scenario that lacks elements", () => {
    const gone = fc.subarray([
      "PTM",
      "vuart0",
      "vbootloader",
      "memory",
      "guest_flags",
      "virtio_devices",
      "pci_devs",
      "lapic_passthrough",
    ]);
    fc.assert(
      fc.property(
        host({ textOnly: false }),
        gone,
        fc.array(step, { minLength: 1, maxLength: 8 }),
        order,
        ({ scenario }, names, steps, ranks) => {
          const file = names.reduce(
            (now, name) => now.replace(new RegExp(`<${name}>[\\s\\S]*?</${name}>`, "g"), "<!-- gone -->"),
            buildScenario(scenario),
          );
          sequenceLaw(file, steps, ranks, canInsert(file));
        },
      ),
      { numRuns: 120 },
    );
  });
});
