import { AcrnError } from "../errors";
import type { Pcpu, Topology } from "../hardware/types";
import { remembered } from "../text/remembered";
import { readCaches } from "./board/caches";
import { readClos } from "./board/clos";
import { readMemoryMb } from "./board/memory";
import { readPci } from "./board/pci";
import { compareCpuNumbers, readCpuNumbers, readProcessors } from "./board/processors";
import { type BoardFile, openBoard } from "./board/query";

/** What is made of one is small beside its file of 70 to 300 KB, and every host of a fleet may have its own. */
const BOARDS = { texts: 64, chars: 4 * 1024 * 1024 };

/**
 * Reads a board file (`<board>.xml`, the output of ACRN's board_inspector.py), of both dialects: with the structured
 * parts `processors`, `caches` and `devices` (v2.5 on), or with texts alone (up to v2.4).
 *
 * What the file does not say is named in `Topology.missing`; what contradicts itself is an AcrnError with its place,
 * since a topology that is half right lets a stranger share a cache with an RTVM.
 */
export const readBoard = remembered<Topology>((text, file) => {
  const board = openBoard(text, file);
  const processors = readProcessors(board);
  const numbers = readCpuNumbers(board);
  if (!processors && !numbers) throw noCpus(board);
  if (processors) compareCpuNumbers(board, processors.pcpus, numbers);
  else sayNoProcessors(board);
  const caches = readCaches(board, processors?.pcpus);
  if (!caches) sayNoCaches(board);
  const topology: Topology = {
    pcpus: processors?.pcpus ?? (numbers ?? []).map((id): Pcpu => ({ id, type: "unknown" })),
    cores: processors?.cores ?? [],
    caches: caches ?? [],
    pci: readPci(board),
    cachesKnown: caches !== undefined,
    coresKnown: processors !== undefined,
    missing: board.missing,
  };
  const memoryMb = readMemoryMb(board);
  if (memoryMb !== undefined) topology.memoryMb = memoryMb;
  const [name, clos] = [board.root.attributes.get("board"), readClos(board, caches)];
  if (name) topology.board = name;
  if (clos) topology.clos = clos;
  return topology;
}, BOARDS);

function sayNoProcessors(board: BoardFile): void {
  board.missing.push(
    "The file has no processors part (boards before v2.5): APIC ids, SMT siblings and core types cannot be decided.",
  );
}

function sayNoCaches(board: BoardFile): void {
  board.missing.push(
    "The file has no usable caches part (boards before v2.5): which pCPUs share an L2 or L3 cannot be decided.",
  );
}

function noCpus(board: BoardFile): AcrnError {
  return new AcrnError("board.no-cpus", "the file names no CPU: it is no board file", {
    where: { file: board.doc.file, line: 1, column: 1 },
    hint: "A board file comes from ACRN's board_inspector.py and has <processors> or <CPU_PROCESSOR_INFO>; scenario files have neither.",
  });
}
