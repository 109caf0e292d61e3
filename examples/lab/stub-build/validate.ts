import type { XmlElement } from "@rgrove/parse-xml";
import { builtFrom, type ImageVm } from "../server/physics/image";
import { all, at, rootOf, textOf } from "../server/physics/xml";

export interface Complaint {
  level: "CRITICAL" | "ERROR" | "WARNING";
  text: string;
}

/** What ACRN's own tools say to a scenario, as far as anything that we write could come to it (reference 5). What they accept, is accepted. */
export function complaints(scenario: string, board: string): Complaint[] {
  const [root, boardRoot] = [rootOf(scenario), rootOf(board)];
  const critical = (text: string): Complaint => ({ level: "CRITICAL", text });
  if (!boardRoot) return [critical("the board file is no XML")];
  if (root?.name !== "acrn-config") return [critical("the scenario is no XML with <acrn-config> for its root")];
  if (at(root, "hv").length !== 1) return [critical("there must be one <hv>")];
  if (at(root, "vm").length === 0) return [critical("there is no VM")];
  const image = builtFrom({ scenario, board });
  const legacy = !/<load_order>/.test(scenario);
  const syntax = legacy ? [] : syntaxOf(root);
  if (syntax.length > 0) return syntax.map(critical);
  const errors = [
    ...kinds(image.vms),
    ...(legacy ? classes2x(root) : [...cpus(image.vms), ...rdt(root, boardRoot, scenario, board)]),
  ];
  return [...errors.map((text): Complaint => ({ level: "ERROR", text })), ...warnings(image.vms, image.threads.length)];
}

function syntaxOf(root: XmlElement): string[] {
  const names = at(root, "vm").map((vm) => textOf(vm, "name"));
  const bad = (ok: RegExp, path: string) => all(root, path).filter(({ text }) => !ok.test(text.trim()));
  const switches = [
    "RDT_ENABLED",
    "CDP_ENABLED",
    "VCAT_ENABLED",
    "SPLIT_LOCK_DETECTION_ENABLED",
    "lapic_passthrough",
    "own_pcpu",
  ];
  const service = at(root, "vm").filter((vm) => textOf(vm, "load_order") === "SERVICE_VM");
  return [
    ...names.filter((name) => !/^[A-Za-z0-9_-]{1,15}$/.test(name)).map((name) => `'${name}' is no name of a VM`),
    ...names.filter((name, index) => names.indexOf(name) !== index).map((name) => `two VMs are called ${name}`),
    ...switches.flatMap((name) => bad(/^[yn]$/, name).map(({ text }) => `${name} is ${text}, not y or n`)),
    ...bad(/^(0[Xx][0-9A-Fa-f]+|0)$/, "CLOS_MASK").map(({ text }) => `CLOS_MASK is ${text}, no hexadecimal number`),
    ...bad(/^(Unified|Code|Data)$/, "TYPE").map(({ text }) => `TYPE of a POLICY is ${text}`),
    ...bad(/^SCHED_(BVT|NOOP|PRIO|IORR)$/, "SCHEDULER").map(({ text }) => `SCHEDULER is ${text}`),
    ...bad(/^(Performance|Nominal)$/, "CPU_PERFORMANCE_POLICY").map(({ text }) => `CPU_PERFORMANCE_POLICY is ${text}`),
    ...service.flatMap((vm) => at(vm, "cpu_affinity")).map(() => "unexpected element cpu_affinity in the Service VM"),
    ...at(root, "hv/CACHE_REGION/CACHE_ALLOCATION").flatMap((one) =>
      at(one, "POLICY").length > 0 ? [] : ["a CACHE_ALLOCATION has no POLICY"],
    ),
  ];
}

/** vm_types.xsd. */
function kinds(vms: readonly ImageVm[]): string[] {
  const service = vms.filter((vm) => vm.load === "service");
  const at_ = Number(service[0]?.id);
  const misplaced = vms.filter(
    ({ load, id }) => (load === "pre" && Number(id) >= at_) || (load === "post" && Number(id) <= at_),
  );
  return [
    ...(service.length > 1 ? ["there is more than one Service VM"] : []),
    ...misplaced.map(({ name, load }) => `${load}-launched VM ${name} stands on the wrong side of the Service VM`),
  ];
}

/** cpu_assignment.xsd. */
function cpus(vms: readonly ImageVm[]): string[] {
  const named = vms.filter((vm) => vm.load !== "service");
  const shared = named.flatMap((vm) =>
    vm.severe
      ? named
          .filter((other) => other !== vm && other.pcpus.some((cpu) => vm.pcpus.includes(cpu)))
          .map((other) => [vm, other] as const)
      : [],
  );
  return [
    ...named.filter(({ pcpus }) => pcpus.length === 0).map(({ name }) => `${name} has no physical CPU`),
    ...named
      .filter(({ severe, pcpus }) => severe && pcpus.includes(0))
      .map(({ name }) => `physical CPU 0 is in the real-time VM ${name}`),
    ...shared.map(([vm, other]) => `a physical CPU of the real-time VM ${vm.name} is assigned to ${other.name}, too`),
  ];
}

/** rdt_support.xsd; what it does not ask, is accepted: masks that overlap, are too wide, have gaps, or name nobody. */
function rdt(root: XmlElement, board: XmlElement, scenario: string, boardText: string): string[] {
  const on = (name: string) => textOf(root, `hv/FEATURES/RDT/${name}`) === "y";
  const { table, caches } = builtFrom({ scenario, board: boardText });
  const levels = at(board, "caches/cache").filter((cache) => /^[23]$/.test(cache.attributes.level ?? ""));
  const capabilities = all(board, "capability").filter((one) => one.attributes.id === "CDP").length;
  const needed = table.l3.length;
  const limit = Math.min(...caches.map(({ clos }) => clos));
  return [
    ...(on("VCAT_ENABLED") && (on("CDP_ENABLED") || !on("RDT_ENABLED"))
      ? ["VCAT_ENABLED needs RDT_ENABLED, and no CDP"]
      : []),
    ...(on("CDP_ENABLED") && !on("RDT_ENABLED") ? ["CDP_ENABLED needs RDT_ENABLED"] : []),
    ...(on("RDT_ENABLED") && on("CDP_ENABLED") && capabilities !== levels.length
      ? ["CDP is not supported by all caches of L2 and L3"]
      : []),
    ...(on("RDT_ENABLED") && caches.length > 0 && needed >= limit
      ? [`${needed} CLOS ids are needed, and less than ${limit} can be`]
      : []),
    ...sram(root, board),
  ];
}

/** No POLICY takes a way of the software SRAM (v3.2). */
function sram(root: XmlElement, board: XmlElement): string[] {
  return at(board, "caches/cache").flatMap((cache) => {
    const ways = at(cache, "capability").find((one) => one.attributes.id === "Software SRAM");
    const mask = ways && textOf(ways, "waymask");
    if (!mask) return [];
    const here = at(root, "hv/CACHE_REGION/CACHE_ALLOCATION").filter(
      (one) => textOf(one, "CACHE_ID") === cache.attributes.id && textOf(one, "CACHE_LEVEL") === cache.attributes.level,
    );
    const hits = here
      .flatMap((one) => at(one, "POLICY"))
      .filter((one) => (BigInt(textOf(one, "CLOS_MASK")) & BigInt(mask)) !== 0n);
    return hits.map((one) => `the POLICY of ${textOf(one, "VM")} takes ways of the software SRAM`);
  });
}

/** 2.x: every class that is named must be there. */
function classes2x(root: XmlElement): string[] {
  if (textOf(root, "hv/FEATURES/RDT/RDT_ENABLED") !== "y") return [];
  const masks = at(root, "hv/FEATURES/RDT/CLOS_MASK").length;
  const cdp = textOf(root, "hv/FEATURES/RDT/CDP_ENABLED") === "y";
  const named = at(root, "vm/clos/vcpu_clos").map(({ text }) => Number(text));
  const beyond = named.filter((id) => id >= (cdp ? Math.floor(masks / 2) : masks));
  return beyond.map((id) => `vcpu_clos ${id} is beyond the ${masks} masks`);
}

function warnings(vms: readonly ImageVm[], threads: number): Complaint[] {
  const beyond = vms.filter(({ pcpus }) => pcpus.some((cpu) => cpu >= threads && threads > 0));
  return beyond.map(({ name }) => ({
    level: "WARNING",
    text: `${name} has a physical CPU that the board does not have`,
  }));
}
