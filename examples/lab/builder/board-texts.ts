import type { BoardLayout } from "./board-layout";
import { pciIdLines, pciLines } from "./board-pci";
import type { BoardSpec } from "./spec";
import { el, type XmlNode } from "./xml-writer";

/** The text elements that board files begin with: for 2.x up to v2.4 the whole file. */
export function textParts(spec: BoardSpec, layout: BoardLayout): XmlNode[] {
  const parts: [string, string[]][] = [
    ["BIOS_INFO", ["BIOS Information", "Vendor: Lab", "Version: LAB.0001", "Release Date: 01/01/2024"]],
    ["BASE_BOARD_INFO", ["Base Board Information", "Manufacturer: Lab", `Product Name: ${spec.name}`, "Version: 1"]],
    ["PCI_DEVICE", pciLines(spec)],
    ["PCI_VID_PID", pciIdLines(spec)],
    ["WAKE_VECTOR_INFO", defines({ WAKE_VECTOR_32: "0x3F6A400CUL", WAKE_VECTOR_64: "0x3F6A4018UL" })],
    [
      "RESET_REGISTER_INFO",
      defines({
        RESET_REGISTER_ADDRESS: "0xCF9UL",
        RESET_REGISTER_SPACE_ID: "SPACE_SYSTEM_IO",
        RESET_REGISTER_VALUE: "0x6U",
      }),
    ],
    ["PM_INFO", defines({ PM1A_EVT_ADDRESS: "0x1800UL", PM1A_CNT_ADDRESS: "0x1804UL" })],
    ["S3_INFO", defines({ S3_PKG_VAL_PM1A: "0x5U", S3_PKG_VAL_PM1B: "0U", S3_PKG_RESERVED: "0x0U" })],
    ["S5_INFO", defines({ S5_PKG_VAL_PM1A: "0x7U", S5_PKG_VAL_PM1B: "0U", S5_PKG_RESERVED: "0x0U" })],
    ["DRHD_INFO", defines({ DRHD_COUNT: "0U" })],
    ["CPU_BRAND", ['"Lab CPU @ 2.00GHz"']],
    ["CX_INFO", ["/* Cx data is not available */"]],
    ["PX_INFO", ["/* Px data is not available */"]],
    ["MMCFG_BASE_INFO", ["/* PCI mmcfg base of MCFG */", ...defines({ DEFAULT_PCI_MMCFG_BASE: "0xc0000000UL" })]],
    ["TPM_INFO", ["TPM2"]],
    ["CLOS_INFO", closLines(layout)],
    [
      "IOMEM_INFO",
      ["00000000-00000fff : Reserved", "00001000-0009efff : System RAM", "00100000-7fffffff : System RAM"],
    ],
    ["BLOCK_DEVICE_INFO", ['/dev/nvme0n1p3: TYPE="ext4"']],
    ["TTYS_INFO", ["seri:/dev/ttyS0 type:portio base:0x3F8 irq:4"]],
    ["AVAILABLE_IRQ_INFO", ["3, 5, 6, 7, 10, 11, 12, 13, 14, 15"]],
    ["TOTAL_MEM_INFO", [`${(spec.memoryMb ?? 16384) * 1024} kB`]],
    ["CPU_PROCESSOR_INFO", [layout.threads.map((thread) => thread.cpu).join(", ")]],
    ["MAX_MSIX_TABLE_NUM", ["16"]],
  ];
  return parts.map(([tag, lines]) => el(tag, block(lines)));
}

function block(lines: string[]): string {
  return `\n${lines.map((line) => `\t${line}\n`).join("")}\t`;
}

function defines(values: Record<string, string>): string[] {
  return Object.entries(values).map(([name, value]) => `#define ${name.padEnd(23)} ${value}`);
}

/** Nothing on boards without CAT; of caches of one level the smallest numbers. */
export function closLines(layout: BoardLayout): string[] {
  const levels = [2, 3].flatMap((level) => {
    const cats = layout.caches.flatMap((cache) => (cache.level === level && cache.cat ? [cache.cat] : []));
    if (cats.length === 0) return [];
    const mask = 2 ** Math.min(...cats.map((cat) => cat.maskLength)) - 1;
    return [{ name: `L${level}`, max: Math.min(...cats.map((cat) => cat.clos)), mask: `'0x${mask.toString(16)}'` }];
  });
  if (levels.length === 0) return [];
  return [
    `rdt resources supported: ${levels.map((level) => level.name).join(", ")}`,
    `rdt resource clos max: ${levels.map((level) => level.max).join(", ")}`,
    `rdt resource mask max: ${levels.map((level) => level.mask).join(", ")}`,
  ];
}
