import fc from "fast-check";
import {
  type BoardSpec,
  type CacheSpec,
  type CoreSpec,
  layOut,
  type PciSpec,
  pciOf,
  type ScenarioSpec,
  type VmSpec,
} from "../../examples/lab/builder";

/** Arbitraries of the project: specs that the lab's builders take. Shrinking goes towards small, plain boards. */

/** One line as lspci words it, with the characters that XML must escape. */
const deviceText = fc
  .array(fc.constantFrom("Controller", "R&D", '"X"', "<A>", "[Iris]", "#1", "NIC", "I210", "Co.,", "it's"), {
    minLength: 1,
    maxLength: 4,
  })
  .map((words) => words.join(" "));

function pciDevices(): fc.Arbitrary<PciSpec[]> {
  const device = fc.record({
    bus: fc.constantFrom(0, 0, 1, 2, 0x58, 0xff),
    slot: fc.integer({ min: 1, max: 0x1f }),
    fn: fc.integer({ min: 0, max: 7 }),
    class: fc.constantFrom("0x020000", "0x030000", "0x0c0330", "0x010802"),
    text: deviceText,
    rev: fc.constantFrom("", " (rev 01)", " (rev 0b)"),
    msi: fc.boolean(),
  });
  const hex2 = (value: number) => value.toString(16).padStart(2, "0");
  return fc
    .uniqueArray(device, { maxLength: 6, selector: ({ bus, slot, fn }) => `${bus}/${slot}/${fn}` })
    .map((devices) =>
      devices.map(({ bus, slot, fn, text, rev, ...rest }) => ({
        ...rest,
        bdf: `${hex2(bus)}:${hex2(slot)}.${fn}`,
        description: `Ethernet controller: ${text}${rev}`,
      })),
    );
}

function cache(): fc.Arbitrary<CacheSpec> {
  const cat = fc.oneof(
    fc.constant(false),
    fc.constant(true),
    fc.record({ maskLength: fc.integer({ min: 4, max: 20 }), clos: fc.constantFrom(4, 8, 16), cdp: fc.boolean() }),
  );
  return fc.record({ ways: fc.constantFrom(4, 8, 10, 12, 16, 20), cat });
}

export interface BoardOptions {
  /** Fixes the dialect. */
  dialect?: "2.x" | "3.x";
  /** Text-only boards too. @default true */
  textOnly?: boolean;
}

/** Boards of one to eight cores: SMT or not, P and E, L2 shared by 1, 2 or 4, CAT here and there. */
export function boardSpec(options: BoardOptions = {}): fc.Arbitrary<BoardSpec> {
  const core: fc.Arbitrary<CoreSpec> = fc.oneof(
    fc.record({ type: fc.constant("P" as const), threads: fc.constantFrom(1 as const, 2 as const) }),
    fc.constant({ type: "E" as const, threads: 1 as const }),
  );
  return fc
    .record({
      name: fc.constantFrom("nuc11", "whl-ipc-i5", "Lab_Board"),
      dialect: options.dialect ? fc.constant(options.dialect) : fc.constantFrom("3.x" as const, "2.x" as const),
      structured: options.textOnly === false ? fc.constant(true) : fc.boolean().map((flag) => !flag),
      cores: fc.array(core, { minLength: 1, maxLength: 8 }),
      numbering: fc.constantFrom("siblings-last" as const, "siblings-together" as const),
      l2SharedBy: fc.constantFrom(1 as const, 2 as const, 4 as const),
      eClusterSize: fc.constantFrom(4 as const, 2 as const, 1 as const),
      l2: cache(),
      eL2: fc.option(cache(), { nil: undefined }),
      l3: fc.oneof(cache(), fc.constant(false as const)),
      apicStep: fc.constantFrom(2 as const, 4 as const, 8 as const),
      pci: pciDevices(),
    })
    .map(({ eL2, ...spec }): BoardSpec => (eL2 ? { ...spec, eL2 } : spec));
}

/** Who gets a pCPU: an index into the VMs that want cores of their own, or nobody (the shared pool). */
interface Wishes {
  owners: number[];
  kinds: ("pre-rt" | "pre" | "post-rt" | "post")[];
  picks: number[];
}

/**
 * Scenarios that ACRN's validator accepts on that board (reference, section 5): one Service VM, pre-launched before and
 * post-launched after it, no pCPU 0 and no shared pCPU for RTVMs, one core type a VM, RTVMs launched before or after
 * but not both, each PCI device once, names unique.
 */
export function scenarioSpec(board: BoardSpec, version?: ScenarioSpec["version"]): fc.Arbitrary<ScenarioSpec> {
  const versions = version ? [version] : (["3.3", "3.0", "2.7", "2.5"] as const);
  const pcpus = layOut(board).threads.length;
  return fc
    .record({
      version: fc.constantFrom(...versions),
      wishes: fc.record({
        owners: fc.array(fc.nat(5), { minLength: pcpus, maxLength: pcpus }),
        kinds: fc.array(fc.constantFrom("post-rt" as const, "post" as const, "pre" as const, "pre-rt" as const), {
          maxLength: 5,
        }),
        picks: fc.array(fc.nat(255), { minLength: 6, maxLength: 6 }),
      }),
      ownPcpu: fc.boolean(),
      eol: fc.constantFrom("\n" as const, "\r\n" as const),
      bom: fc.boolean(),
      indent: fc.constantFrom("  ", "    ", "\t", ""),
      comments: fc.boolean(),
      rdt: fc.boolean(),
    })
    .map(({ version: made, wishes, rdt, ownPcpu, ...layout }): ScenarioSpec => {
      const dialect = made.startsWith("2") ? "2.x" : "3.x";
      const vms = vmsOf(board, wishes, ownPcpu && made === "3.3");
      return { ...layout, version: made, dialect, name: "shared", board: board.name, vms, rdt: { enabled: rdt } };
    });
}

/** A board with a scenario for it. */
export function host(options: BoardOptions & { version?: ScenarioSpec["version"] } = {}): fc.Arbitrary<{
  board: BoardSpec;
  scenario: ScenarioSpec;
}> {
  return boardSpec(options).chain((board) =>
    scenarioSpec(board, options.version).map((scenario) => ({ board, scenario })),
  );
}

function vmsOf(board: BoardSpec, { owners, kinds, picks }: Wishes, ownPcpu: boolean): VmSpec[] {
  const threads = [...layOut(board).threads].sort((a, b) => a.cpu - b.cpu);
  const preRt = kinds.indexOf("pre-rt");
  const wanted = kinds.filter((kind, at) =>
    preRt < 0 ? true : kind !== "post-rt" && (kind !== "pre-rt" || at === preRt),
  );
  const exclusive = wanted.filter((kind) => kind !== "post");
  // pCPU 0 stays with the Service VM: it must keep one, and no RTVM may have it.
  const taken = exclusive.map((_, at) => ofOneType(threads.filter(({ cpu }) => cpu !== 0 && owners[cpu] === at)));
  const pool = threads.filter(({ cpu }) => !taken.some((cpus) => cpus.includes(cpu)));
  const devices = pciOf(board).filter((device) => device.msi && !device.class.startsWith("0x06"));
  const queue = [...taken];
  const vms = wanted.map((kind, at): VmSpec => {
    const pick = picks[at] ?? 1;
    const cpus = kind === "post" ? someOf(pool, pick) : (queue.shift() ?? []);
    return { kind, cpus: pick % 4 === 3 ? cpus.reverse() : cpus };
  });
  const usable = vms.filter((vm) => vm.cpus.length > 0);
  for (const vm of usable) {
    const device = devices.shift();
    if (device && vm.kind !== "post") vm.pci = [`${device.bdf} ${device.description}`];
    if (ownPcpu && vm.kind === "post-rt") vm.ownPcpu = true;
  }
  const service: VmSpec = { kind: "service", cpus: pool.map(({ cpu }) => cpu) };
  const early = (vm: VmSpec) => vm.kind.startsWith("pre");
  return [...usable.filter(early), service, ...usable.filter((vm) => !early(vm))];
}

type Threads = { cpu: number; type: "P" | "E" }[];

/** Rule: no VM over two core types. The type of the first counts, the others stay in the pool. */
function ofOneType(threads: Threads): number[] {
  return threads.filter(({ type }) => type === threads[0]?.type).map(({ cpu }) => cpu);
}

/** Some of the pool, chosen by the bits of a number; at least its first. */
function someOf(pool: Threads, bits: number): number[] {
  const some = pool.filter((_, index) => bits & (1 << (index % 8)));
  return ofOneType(some.length > 0 ? some : pool.slice(0, 1));
}
