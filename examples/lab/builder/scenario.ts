import { scenarioParts2x } from "./scenario-2x";
import { scenarioParts3x } from "./scenario-3x";
import type { ScenarioSpec, VmKind, VmSpec } from "./spec";
import { comment, el, type Layout, writeXml, type XmlNode } from "./xml-writer";

/** Writes a scenario file in the dialect and version of the spec, laid out as ACRN's own tools save it. */
export function buildScenario(spec: ScenarioSpec): string {
  const dialect = spec.dialect ?? "3.x";
  const version = versionOf(spec);
  const vms = spec.vms.map((vm, id) => ({ ...vm, id, name: vmName(spec, id) }));
  const parts = dialect === "2.x" ? scenarioParts2x(spec, vms, version) : scenarioParts3x(spec, vms, version);
  const attributes: Record<string, string> = dialect === "2.x" ? { board: spec.board, scenario: spec.name } : {};
  const content: XmlNode[] = spec.comments ? [comment("cell 7: do not touch <vm> ids & order"), ...parts] : parts;
  const layout: Layout = { indent: spec.indent ?? "  ", eol: spec.eol ?? "\n", bom: spec.bom ?? false };
  if (dialect === "3.x") layout.finalNewline = false;
  if (dialect === "2.x" || spec.bom) layout.declaration = '<?xml version="1.0" encoding="utf-8"?>';
  return writeXml(el("acrn-config", content, attributes), layout);
}

export function versionOf(spec: ScenarioSpec): "2.5" | "2.7" | "3.0" | "3.3" {
  const version = spec.version ?? (spec.dialect === "2.x" ? "2.5" : "3.3");
  if (version.startsWith("2") !== (spec.dialect === "2.x"))
    throw new Error(`scenario ${spec.name}: version ${version} is not of dialect ${spec.dialect ?? "3.x"}`);
  return version;
}

export function isRealtime(kind: VmKind): boolean {
  return kind === "pre-rt" || kind === "post-rt";
}

export function isPostLaunched(kind: VmKind): boolean {
  return kind === "post" || kind === "post-rt";
}

/** The name that the file gives the VM: told, or made from its kind. Undefined where v2.5 has none. */
export function vmName(spec: ScenarioSpec, id: number): string | undefined {
  const vm = spec.vms[id] as VmSpec;
  if (vm.name !== undefined) return vm.name;
  if (isPostLaunched(vm.kind) && versionOf(spec) === "2.5") return undefined;
  if (vm.kind === "service") return "ACRN_Service_VM";
  const prefix = { "pre-rt": "PRE_RT_VM", pre: "SAFETY_VM", "post-rt": "POST_RT_VM", post: "POST_STD_VM" }[vm.kind];
  const before = spec.vms.slice(0, id).filter((other) => other.kind === vm.kind).length;
  return `${prefix}${isPostLaunched(vm.kind) ? before + 1 : before}`;
}
