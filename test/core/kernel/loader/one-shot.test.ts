import assert from "node:assert/strict";
import { type BootPlace, findBootPlace, type KernelEvidence } from "../../../../provider/core/kernel/loader";
import { debian, EXTLINUX, grubCfg, machine, systemdBoot } from "../machines";

const CFG = "/boot/grub/grub.cfg";

function found(evidence: KernelEvidence): BootPlace {
  const finding = findBootPlace(evidence);
  assert.ok(finding.known, JSON.stringify(finding));
  return finding;
}

describe("boot loader: can a line be tried once?", () => {
  const grub = (rest: Parameters<typeof machine>[1], files = {}) =>
    found(machine({ ...debian(), ...files }, rest)).oneShot;
  const ROWS: [what: string, oneShot: BootPlace["oneShot"], says: RegExp | string[]][] = [
    ["GRUB on ext4", grub({}), ["grub-reboot"]],
    ["GRUB on btrfs", grub({ bootFs: { type: "btrfs", below: "" } }), /lies on btrfs$/],
    ["GRUB on LVM", grub({ bootFs: { type: "ext4", below: "lvm" } }), /lies on ext4 on lvm$/],
    ["GRUB on what nobody knows", grub({ bootFs: undefined as never }), /not known on which file system/],
    [
      "GRUB without its block",
      grub({}, { [CFG]: grubCfg("quiet", { block: 'set default="0"\n' }) }),
      /no block that takes next_entry/,
    ],
    ["GRUB without custom.cfg", grub({}, { [CFG]: grubCfg("quiet", { custom: false }) }), /does not read custom\.cfg/],
    ["GRUB without its tool", grub({ commands: new Set(["update-grub"]) }), /no grub-reboot/],
    [
      "systemd-boot",
      found(machine(systemdBoot(), { efi: true, commands: new Set(["bootctl"]) })).oneShot,
      ["bootctl", "set-oneshot"],
    ],
    [
      "systemd-boot in an RTVM",
      found(machine(systemdBoot(), { efi: true, volatileNvram: true, commands: new Set(["bootctl"]) })).oneShot,
      /forgets its EFI variables/,
    ],
    [
      "systemd-boot in a folder",
      found(machine(systemdBoot(), { commands: new Set(["bootctl"]) })).oneShot,
      /did not boot by EFI/,
    ],
    ["systemd-boot without bootctl", found(machine(systemdBoot())).oneShot, /no bootctl/],
    ["extlinux", found(machine({ "/boot/extlinux.conf": EXTLINUX })).oneShot, /no one-shot/],
  ];
  for (const [what, oneShot, says] of ROWS)
    it(what, () => {
      if (Array.isArray(says)) assert.deepEqual(oneShot.possible && oneShot.words, says);
      else assert.match(oneShot.possible ? "" : oneShot.why, says);
    });

  it("GRUB without grubenv", () => {
    const { "/boot/grub/grubenv": _gone, ...files } = debian();
    const { oneShot } = found(machine(files));
    assert.match(oneShot.possible ? "" : oneShot.why, /there is no \/boot\/grub\/grubenv/);
  });
});
