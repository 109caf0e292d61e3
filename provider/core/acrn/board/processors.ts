import { formatCpuList, MAX_CPU_ID } from "../../hardware/cpu-set";
import type { Core, CoreType, Pcpu } from "../../hardware/types";
import { child, descendantsNamed, type XmlElement } from "../../xml";
import { type BoardFile, decimalNumber, hexNumber, refuse, textOf } from "./query";

interface Thread {
  id: number;
  apicId: number;
  type: CoreType;
  core: XmlElement;
  at: XmlElement;
}

/**
 * `processors/.../core/thread` (board files from v2.5 on). Between `processors` and `core` a part may have `die` and
 * `module` levels, so only the step from core to thread is taken at its word. Undefined: the file has no such part.
 * [misc/config_tools/board_inspector/extractors]
 */
export function readProcessors(board: BoardFile): { pcpus: Pcpu[]; cores: Core[] } | undefined {
  const part = child(board.root, "processors");
  if (!part) return undefined;
  const threads = descendantsNamed(part, "core").flatMap((core) => readCore(board, core));
  const all = descendantsNamed(part, "thread").length;
  if (all !== threads.length)
    throw refuse(board, part, "board.thread.core", "a <thread> of <processors> is not a child of a <core>");
  if (all === 0) return undefined;
  refuseDuplicates(board, threads);
  return number(threads);
}

function readCore(board: BoardFile, core: XmlElement): Thread[] {
  const threads = descendantsNamed(core, "thread").map((at) => readThread(board, core, at));
  if (new Set(threads.map((thread) => thread.type)).size > 1)
    throw refuse(board, core, "board.core.type", "the threads of one <core> have different core types");
  return threads;
}

function readThread(board: BoardFile, core: XmlElement, at: XmlElement): Thread {
  const id = decimalNumber(textOf(at, "cpu_id"));
  if (id === undefined || id > MAX_CPU_ID)
    throw refuse(board, at, "board.thread.cpu-id", `a <thread> has no <cpu_id> between 0 and ${MAX_CPU_ID}`);
  const apicId = hexNumber(textOf(at, "apic_id"));
  if (apicId === undefined)
    throw refuse(board, at, "board.thread.apic-id", `the <thread> of pCPU ${id} has no <apic_id> in hex`);
  return { id, apicId, type: coreType(textOf(at, "core_type")), core, at };
}

/** CPUID leaf 0x1A as the inspector words it; `Reserved` and nothing on parts that are not hybrid. */
function coreType(text: string | undefined): CoreType {
  return text === "Core" ? "P" : text === "Atom" ? "E" : "unknown";
}

function refuseDuplicates(board: BoardFile, threads: Thread[]): void {
  const ids = new Set<number>();
  const apicIds = new Map<number, number>();
  for (const { id, apicId, at } of threads) {
    if (ids.has(id)) throw refuse(board, at, "board.thread.cpu-id", `two <thread>s have the cpu_id ${id}`);
    const other = apicIds.get(apicId);
    if (other !== undefined)
      throw refuse(
        board,
        at,
        "board.thread.apic-id",
        `pCPU ${other} and ${id} have the same apic_id 0x${apicId.toString(16)}`,
      );
    ids.add(id);
    apicIds.set(apicId, id);
  }
}

/** Cores are numbered by their lowest pCPU: the core ids of the file repeat on each die. */
function number(threads: Thread[]): { pcpus: Pcpu[]; cores: Core[] } {
  const sorted = [...threads].sort((a, b) => a.id - b.id);
  const index = new Map<XmlElement, number>();
  const cores: Core[] = [];
  const pcpus = sorted.map(({ id, apicId, type, core: element }) => {
    const core = index.get(element) ?? cores.length;
    if (core === cores.length) {
      index.set(element, core);
      cores.push({ index: core, type, pcpus: [] });
    }
    cores[core]?.pcpus.push(id);
    return { id, apicId, core, type };
  });
  return { pcpus, cores };
}

/**
 * `CPU_PROCESSOR_INFO`, all that board files up to v2.4 tell of CPUs: the numbers, divided by commas. Undefined: absent
 * or empty.
 */
export function readCpuNumbers(board: BoardFile): number[] | undefined {
  const at = child(board.root, "CPU_PROCESSOR_INFO");
  const text = textOf(board.root, "CPU_PROCESSOR_INFO");
  if (!at || !text) return undefined;
  const ids = text.split(",").map((item) => decimalNumber(item.trim()));
  const bad = ids.findIndex((id) => id === undefined || id > MAX_CPU_ID);
  if (bad >= 0)
    throw refuse(board, at, "board.cpu-numbers", `item ${bad + 1} of <CPU_PROCESSOR_INFO> is no CPU number`);
  const sorted = [...new Set(ids as number[])].sort((a, b) => a - b);
  if (sorted.length !== ids.length)
    throw refuse(board, at, "board.cpu-numbers", "<CPU_PROCESSOR_INFO> lists a CPU twice");
  return sorted;
}

/** Both lists are from one run of the inspector, so a difference means that one of them was edited or is stale. */
export function compareCpuNumbers(board: BoardFile, pcpus: Pcpu[], numbers: number[] | undefined): void {
  const structured = formatCpuList(pcpus.map((pcpu) => pcpu.id));
  if (numbers === undefined || formatCpuList(numbers) === structured) return;
  board.missing.push(
    `CPU_PROCESSOR_INFO lists the CPUs ${formatCpuList(numbers)}, processors ${structured}: which is right cannot be decided; processors is taken.`,
  );
}
