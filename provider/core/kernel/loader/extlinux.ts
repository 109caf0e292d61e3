import { bootLabel, extlinuxPlace } from "../places/extlinux";
import { lineIn } from "../places/line-surface";
import type { Finding, KernelEvidence, NoPlace } from "./types";

const FILES = ["/boot/extlinux/extlinux.conf", "/boot/extlinux.conf", "/boot/syslinux/syslinux.cfg"];

/** Configurations of syslinux, extlinux or U-Boot that are there. */
export function extlinuxFiles({ files }: KernelEvidence): string[] {
  return FILES.filter((path) => files.has(path));
}

/** A machine that extlinux, syslinux or U-Boot starts. */
export function extlinuxFinding(evidence: KernelEvidence, file: string): Finding {
  const text = evidence.files.get(file) as string;
  const no = (code: NoPlace["code"], why: string, hint: string, line?: number): NoPlace => {
    return { known: false, code, why, hint, file, ...(line === undefined ? {} : { line }) };
  };
  // Debian's u-boot-menu and extlinux write such a head
  if (/^#.*generated automatically/im.test(text) || evidence.commands.has("u-boot-update"))
    return no(
      "unread",
      `${file} is generated, so that what is written there is lost`,
      "Set the parameters in /etc/default/u-boot (or /etc/default/extlinux) by hand.",
    );
  const label = bootLabel(text);
  if (!label.known) return no("ambiguous", label.why, "Name one label by DEFAULT.", label.line);
  const line = lineIn(extlinuxPlace(), text, file);
  if (line !== undefined && typeof line !== "string")
    return no("computed", line.why, "Give the label an append of its own.", line.line);
  return {
    known: true,
    loader: "extlinux",
    place: "extlinux",
    file,
    oneShot: {
      possible: false,
      why: "extlinux and U-Boot boot their default label every time: ONTIMEOUT has no one-shot",
    },
    others: [],
    later: [],
    notes: [],
  };
}
