import assert from "node:assert/strict";
import { type BootPlace, findBootPlace, type KernelEvidence } from "../../../../provider/core/kernel/loader";
import { alsoSetIn, surfaceOf } from "../../../../provider/core/kernel/place";
import { debian, EXTLINUX, grubCfg, MKCONFIG, machine, rhel, systemdBoot } from "../machines";

const D = "GRUB_CMDLINE_LINUX_DEFAULT";
const A = "GRUB_CMDLINE_LINUX";
const DEFAULT = "/etc/default/grub";
const CFG = "/boot/grub/grub.cfg";
const FRAGMENT = "/etc/default/grub.d/50-cloudimg-settings.cfg";
const RUNNING = "BOOT_IMAGE=/boot/vmlinuz-6.1 root=UUID=11-22 ro quiet";

function found(evidence: KernelEvidence): BootPlace {
  const finding = findBootPlace(evidence);
  assert.ok(finding.known, JSON.stringify(finding));
  return finding;
}

describe("boot loader: the place that it really reads", () => {
  const ROWS: [what: string, evidence: KernelEvidence, expected: Partial<BootPlace>][] = [
    [
      "Debian",
      machine(debian()),
      { loader: "grub", file: DEFAULT, variable: D, generated: CFG, regenerate: ["update-grub"] },
    ],
    ["a machine with _LINUX alone", machine(debian(`${A}="quiet"\n`)), { file: DEFAULT, variable: A }],
    ["neither of them is set", machine(debian("")), { file: DEFAULT, variable: D }],
    ["/etc/default/grub is not there", machine({ ...debian(), [DEFAULT]: "" }), { file: DEFAULT, variable: D }],
    [
      "a fragment that begins anew",
      machine({ ...debian(), [FRAGMENT]: `${D}="console=ttyS0"\n`, [CFG]: grubCfg("console=ttyS0") }),
      { file: FRAGMENT, variable: D },
    ],
    [
      "a fragment that goes on",
      machine({ ...debian(), [FRAGMENT]: `${D}="$${D} console=ttyS0"\n`, [CFG]: grubCfg("quiet console=ttyS0") }),
      { file: DEFAULT, variable: D, others: [{ file: FRAGMENT, variable: D, line: `$${D} console=ttyS0` }] },
    ],
    [
      "a fragment that nothing reads",
      machine({ ...debian(), [FRAGMENT]: `${D}="console=ttyS0"\n`, "/usr/sbin/grub-mkconfig": MKCONFIG }),
      {
        file: DEFAULT,
        variable: D,
        notes: [`nothing reads ${FRAGMENT}: this machine's grub-mkconfig reads ${DEFAULT} alone`],
      },
    ],
    [
      "a _DEFAULT that its scripts do not read",
      machine(debian(`${D}="splash"\n${A}="console=ttyS0"\n`, "console=ttyS0")),
      { variable: A },
    ],
    [
      "a grub.cfg that was not made anew",
      machine(debian(`${D}="quiet splash"\n`, "quiet")),
      { variable: D, notes: [`${CFG} lacks splash, which ${D} has: it was not made anew since`] },
    ],
    [
      "a Service VM, whose hypervisor hands the line on",
      machine({
        ...debian(),
        [CFG]: grubCfg("quiet", {
          before:
            "### BEGIN /etc/grub.d/26_pulumi_acrn ###\nmenuentry 'ACRN' --id 'pulumi-acrn-1' {\n\tmultiboot2\t/boot/pulumi-acrn/1/acrn.bin root=UUID=1 ro quiet\n\tmodule2 /vmlinuz Linux_bzImage\n}\n### END ###",
        }),
      }),
      { variable: D, notes: [] },
    ],
    [
      "no update-grub",
      machine(debian(), { commands: new Set(["grub-mkconfig"]) }),
      { regenerate: ["grub-mkconfig", "-o", CFG] },
    ],
    [
      "RHEL 9",
      machine(rhel(), { commands: new Set(["grub2-mkconfig"]) }),
      {
        loader: "grub-bls",
        place: "bls-grub",
        file: "/boot/loader/entries/a1b2-5.14.0-427.conf",
        later: ["/etc/kernel/cmdline", DEFAULT],
      },
    ],
    [
      "RHEL, by what runs",
      machine(rhel(undefined, "gone"), { running: "BOOT_IMAGE=(hd0,gpt3)/vmlinuz-5.14.0-362 root=x" }),
      { file: "/boot/loader/entries/a1b2-5.14.0-362.conf" },
    ],
    [
      "systemd-boot",
      machine(systemdBoot()),
      {
        loader: "systemd-boot",
        place: "bls-systemd-boot",
        file: "/efi/loader/entries/arch.conf",
        later: ["/etc/kernel/cmdline"],
      },
    ],
    [
      "systemd-boot with a default",
      machine(systemdBoot(["arch", "lts"], "default a*\n")),
      { file: "/efi/loader/entries/arch.conf" },
    ],
    [
      "systemd-boot that counts tries, by what it booted",
      machine(systemdBoot(["arch+2-1", "lts"]), { loaderEntry: "arch+2-1.conf" }),
      { file: "/efi/loader/entries/arch+2-1.conf" },
    ],
    [
      "extlinux",
      machine({ "/boot/extlinux/extlinux.conf": EXTLINUX }),
      { loader: "extlinux", file: "/boot/extlinux/extlinux.conf" },
    ],
    [
      "rpm-ostree",
      machine(rhel(), { ostree: true, commands: new Set(["rpm-ostree"]) }),
      { loader: "rpm-ostree", place: "rpm-ostree" },
    ],
    [
      "GRUB beside what systemd-boot left",
      machine({ ...debian(), ...systemdBoot() }, { running: RUNNING }),
      { loader: "grub" },
    ],
    [
      "systemd-boot beside what GRUB left",
      machine({ ...debian(), ...systemdBoot() }, { loaderInfo: "systemd-boot 252.22" }),
      { loader: "systemd-boot" },
    ],
    [
      "extlinux beside what GRUB left",
      machine({ ...debian(), "/boot/extlinux.conf": EXTLINUX }, { running: "BOOT_IMAGE=vmlinuz initrd=i.img ro" }),
      { loader: "extlinux" },
    ],
    [
      "a stub on the EFI partition that leads to the menu",
      machine(
        {
          ...debian(),
          "/boot/efi/EFI/debian/grub.cfg":
            "search.fs_uuid 1 root\nset prefix=($root)'/boot/grub'\nconfigfile $prefix/grub.cfg\n",
        },
        { efi: true },
      ),
      { generated: CFG },
    ],
    [
      "the menu on the EFI partition, where GRUB for EFI reads it",
      machine({ ...debian(), "/boot/efi/EFI/centos/grub.cfg": grubCfg("quiet") }, { efi: true }),
      {
        generated: "/boot/efi/EFI/centos/grub.cfg",
        regenerate: ["grub-mkconfig", "-o", "/boot/efi/EFI/centos/grub.cfg"],
      },
    ],
    [
      "the menu in /boot, where the machine has no EFI",
      machine({ ...debian(), "/boot/efi/EFI/centos/grub.cfg": grubCfg("quiet") }),
      { generated: CFG },
    ],
  ];
  for (const [what, evidence, expected] of ROWS)
    it(what, () => {
      const place = found(evidence);
      const keys = Object.keys(expected) as (keyof BootPlace)[];
      assert.deepEqual(Object.fromEntries(keys.map((key) => [key, place[key]])), expected);
      assert.equal(surfaceOf(place) === undefined, place.loader === "rpm-ostree");
    });

  it("a key that reaches the same line from elsewhere is told", () => {
    const place = found(machine(debian(`${D}="quiet"\n${A}="isolcpus=3"\n`, "isolcpus=3 quiet")));
    assert.deepEqual(alsoSetIn(place, "isolcpus"), [{ file: DEFAULT, variable: A, line: "isolcpus=3" }]);
    assert.deepEqual(alsoSetIn(place, "quiet"), []);
    const rhel9 = found(machine(rhel()));
    assert.deepEqual(
      alsoSetIn(rhel9, "isolcpus").map(({ variable }) => variable),
      ["tuned_params"],
    );
  });
});
