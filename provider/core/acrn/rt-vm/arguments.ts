import type { Refusal } from "../../plan/types";
import type { Dialect } from "../types";
import type { RtVmWish } from "./wish";

/** Of the 2047 that acrn-dm takes, 1024 bytes with the NUL reach the guest [devicemodel/core/sw_load_common.c; reference 6.2]. */
const KERNEL_ARGS = 1023;
const PATH = 1023;

/** Arguments with a property of their own: said in two ways they could differ. */
const DECLARED: ReadonlyMap<string, string> = new Map([
  ["-m", "memory"],
  ["--cpu_affinity", "partition"],
  ["--virtio_poll", "virtioPoll"],
  ["--rtvm", "the resource itself"],
  ["--lapic_pt", "lapicPassthrough"],
  ["--ovmf", "loader"],
  ["-k", "loader"],
  ["-B", "loader"],
  ["-r", "loader"],
]);

/** Unknown to that dialect: acrn-dm prints its usage and exits with 1 (reference 6.2). */
const GONE: Record<Dialect, ReadonlyMap<string, string>> = {
  "3.x": new Map([
    ["-U", "it went in 2.7: VMs are told by name"],
    ["--uuid", "it went in 2.7: VMs are told by name"],
    ["-W", "it is --virtio_msi from 3.0 on"],
  ]),
  "2.x": new Map([
    ["--iasl", "it came with 3.1"],
    ["--cmd_monitor", "it came with 3.0"],
    ["--virtio_msi", "up to 2.7 it is -W"],
  ]),
};

export function argumentRules({ name, kernel, dmArgs }: RtVmWish, dialect: Dialect): Refusal[] {
  const no = (property: string, message: string, hint: string): Refusal => ({
    tip: "acrn-dm",
    code: "rtvm.arguments",
    property,
    message: `${name}: ${message}`,
    hint,
  });
  const out = dmArgs.flatMap((argument, at) => {
    const option = argument.split(/[= ]/)[0] as string;
    const declared = DECLARED.get(option);
    if (declared)
      return [
        no(`dmArgs[${at}]`, `${option} is declared by ${declared}`, `Take it out of dmArgs and use ${declared}.`),
      ];
    const gone = GONE[dialect].get(option);
    if (gone)
      return [no(`dmArgs[${at}]`, `acrn-dm of ACRN ${dialect} does not know ${option}: ${gone}`, "Take it out.")];
    return argument.includes("\0") || argument === ""
      ? [no(`dmArgs[${at}]`, "an empty argument, or one with a NUL", "Take it out.")]
      : [];
  });
  return [...out, ...kernelRules(kernel, no)];
}

function kernelRules(
  kernel: RtVmWish["kernel"],
  no: (property: string, message: string, hint: string) => Refusal,
): Refusal[] {
  if (!kernel) return [];
  const bytes = utf8Length(kernel.args);
  const long = bytes > KERNEL_ARGS;
  const paths = [kernel.image, kernel.ramdisk ?? ""].filter((path) => utf8Length(path) > PATH);
  return [
    ...(long
      ? [
          no(
            "loader.args",
            `${bytes} bytes of kernel arguments, and acrn-dm cuts them after ${KERNEL_ARGS} without a word`,
            `Leave out ${bytes - KERNEL_ARGS} bytes.`,
          ),
        ]
      : []),
    ...paths.map(() => no("loader", `a path longer than ${PATH} bytes`, "Move the file.")),
  ];
}

function utf8Length(text: string): number {
  return new TextEncoder().encode(text).length;
}
