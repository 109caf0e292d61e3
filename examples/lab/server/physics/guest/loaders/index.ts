import { kernelsOf } from "../spec";
import { byExtlinux } from "./extlinux";
import { byGrub } from "./grub";
import { bySystemdBoot } from "./systemd-boot";
import type { Choice, Loading } from "./types";

/** What this machine's boot loader starts. */
export function choose(dir: string, loading: Loading): Choice {
  const { spec, bootArgs } = loading;
  if (spec.layout === "script" || bootArgs !== undefined) return given(loading);
  if (spec.layout !== "yocto") return byGrub(dir, loading);
  return spec.loader === "extlinux" ? byExtlinux(dir, loading) : bySystemdBoot(dir, loading);
}

/** acrn-dm loads the kernel itself, and what lies on the guest's disk has no say [devicemodel/core/sw_load_bzimage.c]. */
function given({ spec, bootArgs }: Loading): Choice {
  const [kernel = ""] = kernelsOf(spec);
  const cmdline = bootArgs ?? spec.cmdline ?? "root=/dev/vda2 ro quiet";
  return { title: "", id: "", kernel, cmdline, initrd: false, behaves: "boots" };
}
