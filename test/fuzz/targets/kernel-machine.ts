import assert from "node:assert/strict";
import { readGrubCfg } from "../../../provider/core/acrn/image/grub-cfg";
import { AcrnError } from "../../../provider/core/errors";
import { getParam, setParam } from "../../../provider/core/kernel/cmdline";
import { defaultEntry, environmentOf, kernelEntry } from "../../../provider/core/kernel/grub/entry";
import { heightsOf, linesOf } from "../../../provider/core/kernel/heights";
import { findBootPlace, type KernelEvidence } from "../../../provider/core/kernel/loader";
import { surfaceOf } from "../../../provider/core/kernel/place";
import { trialEntry } from "../../../provider/core/kernel/trial";
import { debian, EXTLINUX, machine, rhel, systemdBoot } from "../../core/kernel/machines";
import { bundle, unbundle } from "../bundle";
import { mutated } from "../mutate";
import { words } from "../seeds";
import type { Target } from "../target";

/** What a machine says of how it boots, file by file. */

const RUNNING = "BOOT_IMAGE=/boot/vmlinuz-6.1.0-18-rt-amd64 root=UUID=11-22 ro quiet";
const FRAGMENT = { "/etc/default/grub.d/50-cloudimg-settings.cfg": 'GRUB_CMDLINE_LINUX_DEFAULT="console=ttyS0"\n' };

const SEEDS = [
  debian(),
  { ...debian('GRUB_CMDLINE_LINUX="isolcpus=2-3"\n', "isolcpus=2-3"), ...FRAGMENT, running: RUNNING },
  { ...rhel(), running: RUNNING },
  { ...systemdBoot(["arch", "lts"], "default arch.conf\n"), loaderInfo: "systemd-boot 252" },
  { "/boot/extlinux/extlinux.conf": EXTLINUX, running: `${RUNNING} initrd=/x` },
  { ostree: "", commands: "rpm-ostree" },
].map(bundle);

const WORDS = words(
  // biome-ignore lint/suspicious/noTemplateCurlyInString: of the format, not of TypeScript
  "GRUB_CMDLINE_LINUX= GRUB_CMDLINE_LINUX_DEFAULT= $GRUB_CMDLINE_LINUX options append label blscfg menuentry submenu { } default set default= ${saved_entry} " +
    "saved_entry=0 next_entry linux /10_linux custom.cfg BOOT_IMAGE=(hd0,gpt2)/vmlinuz initrd= === /boot/grub/grub.cfg /boot/efi/EFI/x/grub.cfg /boot/loader/entries/a+3.conf",
);

export const kernelMachine: Target = {
  name: "how a machine boots",
  runs: 1200,
  make: (random) => mutated(random, { seeds: SEEDS, words: WORDS }),
  run: (input) => {
    const evidence = evidenceOf(input);
    const found = findBootPlace(evidence);
    // as a resource says it
    if (!found.known) throw new AcrnError(`boot.${found.code}`, found.why, { hint: found.hint });
    const heights = heightsOf({ isolcpus: "2-3", quiet: null, console: ["a", "b"] }, linesOf(evidence, found));
    const { file, generated } = found;
    const text = file === undefined ? "" : (evidence.files.get(file) ?? "");
    const written = surfaceOf(found)?.write(text, file ?? "", "param[isolcpus]", "2-3");
    return [found, heights, written, generated === undefined ? undefined : trialOf(evidence, generated)];
  },
  grow: {
    "entries of GRUB's menu": (n) => menuOf("menuentry a {\n linux /x a\n}\n".repeat(n / 29)),
    "words of a line": (n) => menuOf(`menuentry a {\n linux /x ${"a ".repeat(n / 2)}\n}\n`),
    "BLS entries": (n) =>
      bundle(
        Object.fromEntries([
          ["/boot/grub2/grub.cfg", "blscfg\n"],
          ...Array.from({ length: n / 60 }, (_, at) => [`/boot/loader/entries/${at}.conf`, "linux /x\noptions a\n"]),
        ]),
      ),
    fragments: (n) =>
      bundle({
        ...debian(),
        ...Object.fromEntries(
          Array.from({ length: n / 70 }, (_, at) => [
            `/etc/default/grub.d/${at}.cfg`,
            'GRUB_CMDLINE_LINUX="$GRUB_CMDLINE_LINUX a"\n',
          ]),
        ),
      }),
  },
};

const menuOf = (entries: string): Buffer =>
  bundle({ ...debian(), "/boot/grub/grub.cfg": `### BEGIN /etc/grub.d/10_linux ###\n${entries}` });

/** Files by path; what is no path is said of the machine otherwise. */
function evidenceOf(input: Buffer): KernelEvidence {
  const texts = new Map([...unbundle(input)].map(([path, bytes]) => [path, bytes.toString("utf8")]));
  const [running, loaderInfo, commands] = ["running", "loaderInfo", "commands"].map((name) => texts.get(name));
  return machine({}, {
    ...(running === undefined ? {} : { running }),
    ...(loaderInfo === undefined ? {} : { loaderInfo }),
    ...(commands === undefined ? {} : { commands: new Set(commands.split(/\s+/)) }),
    ostree: texts.has("ostree"),
    files: texts,
  } as Partial<KernelEvidence>);
}

/** The entry for one boot of what boots by default, with a parameter more. */
function trialOf({ files }: KernelEvidence, generated: string): string | undefined {
  const text = files.get(generated) ?? "";
  const grubenv = files.get(`${generated.slice(0, generated.lastIndexOf("/"))}/grubenv`);
  const booted = defaultEntry(text, generated, environmentOf(grubenv).get("saved_entry"));
  if (!booted.known) return undefined;
  const entry = trialEntry({ text, boots: booted.boots }, "1", setParam(booted.boots.line, "isolcpus", "2-3"));
  const [menu] = readGrubCfg(entry, { file: "custom.cfg" }).entries;
  const read = menu && kernelEntry(entry, "custom.cfg", menu);
  assert.equal(read && getParam(read.line, "isolcpus"), "2-3", "the entry says what was meant");
  return entry;
}
