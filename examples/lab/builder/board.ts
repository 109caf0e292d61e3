import { type BoardLayout, type CacheLayout, type CoreLayout, layOut, type ThreadLayout } from "./board-layout";
import { devicesPart } from "./board-pci";
import { textParts } from "./board-texts";
import type { BoardSpec } from "./spec";
import { el, fields, writeXml, type XmlElementNode, type XmlNode } from "./xml-writer";

/** Writes a board file as board_inspector.py of that dialect lays it out. */
export function buildBoard(spec: BoardSpec): string {
  const layout = layOut(spec);
  const parts: XmlNode[] = [...textParts(spec, layout)];
  if (spec.structured ?? true) parts.push(...structuredParts(spec, layout));
  return writeXml(el("acrn-config", parts, { board: spec.name }));
}

function structuredParts(spec: BoardSpec, layout: BoardLayout): XmlNode[] {
  const legacy = spec.dialect === "2.x";
  return [
    processorsPart(layout, legacy),
    cachesPart(layout),
    memoryPart(spec),
    ...(legacy
      ? []
      : [
          el("ioapics", [
            el("ioapic", fields({ address: "0xfec00000", gsi_base: "0x0", gsi_number: 120 }), { id: "0x2" }),
          ]),
        ]),
    devicesPart(spec),
    ...(legacy ? [] : [deviceClasses()]),
  ];
}

function processorsPart(layout: BoardLayout, legacy: boolean): XmlElementNode {
  const model = el(
    "model",
    [
      ...fields({ family_id: "0x6", model_id: "0x97", core_type: coreType(layout, "P"), native_model_id: "" }),
      ...["vmx", "x2apic", "tsc_deadline", "gbyte_pages"].map((id) => el("capability", undefined, { id })),
      ...(legacy ? [] : [el("attribute", "39", { id: "physical_address_bits" })]),
    ],
    { description: "Lab CPU @ 2.00GHz" },
  );
  const die = el(
    "die",
    layout.cores.map((core) => coreElement(layout, core)),
    { id: legacy ? "0" : "0x0" },
  );
  return el("processors", [model, die]);
}

function coreElement(layout: BoardLayout, core: CoreLayout): XmlElementNode {
  const threads = core.threads.map((thread) => threadElement(layout, thread));
  return el("core", threads, { id: hex(core.index) });
}

function threadElement(layout: BoardLayout, thread: ThreadLayout): XmlElementNode {
  const apicId = hex(thread.apicId);
  const type = coreType(layout, thread.type);
  const content = {
    cpu_id: thread.cpu,
    apic_id: apicId,
    x2apic_id: apicId,
    family_id: "0x6",
    model_id: "0x97",
    stepping_id: "0x1",
    core_type: type,
    native_model_id: "",
  };
  return el("thread", fields(content), { id: apicId });
}

/** CPUID leaf 0x1A as the inspector words it. */
function coreType(layout: BoardLayout, type: "P" | "E"): string {
  if (!layout.hybrid) return "Reserved";
  return type === "P" ? "Core" : "Atom";
}

function cachesPart(layout: BoardLayout): XmlElementNode {
  return el("caches", layout.caches.map(cacheElement));
}

function cacheElement(cache: CacheLayout): XmlElementNode {
  const { cat } = cache;
  const numbers = { cache_size: cache.size, line_size: 64, ways: cache.ways, sets: cache.size / cache.ways / 64 };
  const flags = {
    partitions: 1,
    self_initializing: 1,
    fully_associative: 0,
    write_back_invalidate: 0,
    cache_inclusiveness: 0,
    complex_cache_indexing: 0,
  };
  const processors = cache.threads.map((thread) => thread.apicId).sort((a, b) => a - b);
  const content: XmlNode[] = [
    ...fields(numbers),
    ...fields(flags),
    el(
      "processors",
      processors.map((apicId) => el("processor", hex(apicId))),
    ),
  ];
  if (cat)
    content.push(
      el("capability", fields({ capacity_mask_length: cat.maskLength, clos_number: cat.clos }), { id: "CAT" }),
    );
  if (cat?.cdp) content.push(el("capability", undefined, { id: "CDP" }));
  if (cache.gtWayMask) content.push(el("parameter", fields({ waymask: cache.gtWayMask }), { id: "GT Waymask" }));
  return el("cache", content, { level: `${cache.level}`, id: cache.id, type: `${cache.type}` });
}

function memoryPart(spec: BoardSpec): XmlElementNode {
  const end = (spec.memoryMb ?? 16384) * 1048576;
  const wide = (value: number) => `0x${value.toString(16).padStart(16, "0")}`;
  const range = (start: number, stop: number) =>
    el("range", undefined, { start: wide(start), end: wide(stop - 1), size: `${stop - start}` });
  return el("memory", [range(0, 0x9f000), range(0x100000, end)]);
}

function deviceClasses(): XmlElementNode {
  const serial = el("serial", fields({ dev_path: "/dev/ttyS0", type: 4 }));
  return el("device-classes", [el("ttys", [serial])]);
}

function hex(value: number): string {
  return `0x${value.toString(16)}`;
}
