import { getParam } from "./cmdline";
import { callsBlscfg } from "./grub/entry";
import { grubBlsPlace } from "./loader/bls";
import { extlinuxFiles, extlinuxFinding } from "./loader/extlinux";
import { grubPlace, isMenu } from "./loader/grub";
import { loaderRoots, systemdBootPlace } from "./loader/systemd-boot";
import type { Finding, KernelEvidence, NoPlace } from "./loader/types";

export {
  type BootPlace,
  EVIDENCE_PATHS,
  type Finding,
  type KernelEvidence,
  type LineSource,
  type LoaderName,
  type NoPlace,
  type OneShot,
} from "./loader/types";

/** Which place this machine's boot loader really reads, or why nobody can tell. Never guesses: two answers are none. */
export function findBootPlace(evidence: KernelEvidence): Finding {
  if (evidence.ostree) return ostreePlace(evidence);
  const found = candidates(evidence);
  const [only] = found;
  if (found.length === 1 && only) return only.place();
  if (found.length > 1) return several(evidence, found);
  return nothing(evidence);
}

interface Candidate {
  kind: "grub" | "systemd-boot" | "extlinux";
  what: string;
  place(): Finding;
}

function candidates(evidence: KernelEvidence): Candidate[] {
  const menus = grubMenus(evidence);
  const grub = menus.map(([path, text]): Candidate => {
    const bls = callsBlscfg(text);
    return { kind: "grub", what: path, place: () => (bls ? grubBlsPlace : grubPlace)(evidence, path) };
  });
  // entries that GRUB reads are no sign of systemd-boot
  const bls = menus.some(([, text]) => callsBlscfg(text));
  const roots = loaderRoots(evidence).filter((root) => evidence.files.has(`${root}/loader/loader.conf`) || !bls);
  const systemd: Candidate[] =
    roots.length > 0
      ? [{ kind: "systemd-boot", what: `${roots[0]}/loader`, place: () => systemdBootPlace(evidence) }]
      : [];
  const extlinux = extlinuxFiles(evidence).map((path): Candidate => {
    return { kind: "extlinux", what: path, place: () => extlinuxFinding(evidence, path) };
  });
  return [...grub, ...systemd, ...extlinux];
}

/** GRUB for EFI has its menu on the EFI partition where there is one, and another one in /boot is not read [RHEL 8]. */
function grubMenus({ files, efi }: KernelEvidence): (readonly [path: string, text: string])[] {
  const menus = [...files].filter(([path, text]) => path.endsWith("/grub.cfg") && isMenu(text));
  const [onEfi, others] = [true, false].map((on) => menus.filter(([path]) => path.startsWith("/boot/efi/") === on));
  if (efi === undefined || !onEfi || !others) return menus;
  return efi && onEfi.length > 0 ? onEfi : others;
}

/** What runs tells which of several boot loaders started it. */
function several(evidence: KernelEvidence, found: readonly Candidate[]): Finding {
  const kind = startedBy(evidence);
  const left = found.filter((each) => each.kind === kind);
  const [only] = left;
  if (left.length === 1 && only) return only.place();
  return {
    known: false,
    code: "ambiguous",
    why: `several boot loaders are configured, and nothing tells which one starts this machine: ${found.map(({ what }) => what).join(", ")}`,
    hint: "Remove what is left over of the others, or set the parameters by hand.",
  };
}

/**
 * systemd-boot says so itself, by LoaderInfo. GRUB puts the kernel's path before the line, as `BOOT_IMAGE=/...` or `BOOT_IMAGE=(hd0,gpt2)/...`
 * [grub-core/loader/i386/linux.c]; syslinux puts the name as its configuration has it, and with it `initrd=`.
 */
function startedBy({ loaderInfo, running }: KernelEvidence): Candidate["kind"] | undefined {
  if (loaderInfo !== undefined && /^systemd-boot\b/.test(loaderInfo)) return "systemd-boot";
  const image = running === undefined ? undefined : getParam(running, "BOOT_IMAGE");
  if (typeof image !== "string") return undefined;
  if (getParam(running as string, "initrd") !== undefined) return "extlinux";
  return /^(?:\([^)]*\))?\//.test(image) ? "grub" : undefined;
}

function ostreePlace({ commands }: KernelEvidence): Finding {
  if (!commands.has("rpm-ostree"))
    return {
      known: false,
      code: "unsupported",
      why: "an ostree system makes its boot entries itself, and there is no rpm-ostree to ask for other arguments",
      hint: "Set them with the system's own tool, for example `ostree admin kargs edit-in-place` or `bootc`.",
    };
  return {
    known: true,
    loader: "rpm-ostree",
    place: "rpm-ostree",
    oneShot: {
      possible: false,
      why: "a deployment of ostree stays the default once it is made: `rpm-ostree rollback` is the way back",
    },
    others: [],
    later: [],
    notes: ["the arguments are those of a new deployment: the one before stays in the menu"],
  };
}

function nothing({ files }: KernelEvidence): NoPlace {
  const written = ["/etc/default/grub", "/etc/kernel/cmdline"].filter((path) => files.has(path));
  const stub = [...files.keys()].find((path) => path.endsWith("/grub.cfg"));
  const seen = [
    ...(stub ? [`${stub} has no menu`] : []),
    ...written.map((path) => `${path} is there, and nothing tells that anything reads it`),
  ];
  return {
    known: false,
    code: "unread",
    why: `no boot loader's configuration was found${seen.length > 0 ? ` (${seen.join("; ")})` : ""}`,
    hint: "Known are grub.cfg below /boot, entries in loader/entries, extlinux.conf and rpm-ostree. Is /boot mounted? Else set the parameters by hand.",
  };
}
