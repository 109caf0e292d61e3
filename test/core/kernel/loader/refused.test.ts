import assert from "node:assert/strict";
import { findBootPlace, type KernelEvidence, type NoPlace } from "../../../../provider/core/kernel/loader";
import { debian, EXTLINUX, grubCfg, machine, rhel, systemdBoot } from "../machines";

const D = "GRUB_CMDLINE_LINUX_DEFAULT";
const DEFAULT = "/etc/default/grub";
const CFG = "/boot/grub/grub.cfg";
const FRAGMENT = "/etc/default/grub.d/50-cloudimg-settings.cfg";
const RUNNING = "BOOT_IMAGE=/boot/vmlinuz-6.1 root=UUID=11-22 ro quiet";

describe("boot loader: no place", () => {
  const REFUSED: [what: string, evidence: KernelEvidence, code: NoPlace["code"], why: RegExp, where?: string][] = [
    ["nothing at all", machine({}), "unread", /no boot loader's configuration was found$/],
    ["no grub.cfg", machine({ [DEFAULT]: `${D}="quiet"\n` }), "unread", /nothing tells that anything reads it/],
    ["a stub alone", machine({ "/boot/grub/grub.cfg": "configfile /x\n" }), "unread", /grub\.cfg has no menu/],
    [
      "a menu written by hand",
      machine({ ...debian(), [CFG]: "menuentry x {\n linux /bzImage root=/dev/sda2\n}\n" }),
      "unread",
      /not made by grub-mkconfig/,
      CFG,
    ],
    [
      "what boots by default is custom",
      machine({
        ...debian(),
        [CFG]: grubCfg("quiet", {
          before: "### BEGIN /etc/grub.d/09_mine ###\nmenuentry mine {\n linux /x\n}\n### END ###",
        }),
      }),
      "unread",
      /written by \/etc\/grub.d\/09_mine, which reads no variable/,
    ],
    ["a computed value", machine(debian(`X=1\n${D}="$X"\n`)), "computed", /computed by \$X/, `${DEFAULT}:3`],
    [
      "a computed value in a fragment",
      machine({ ...debian(), [FRAGMENT]: `${D}="$(cat /x)"\n` }),
      "computed",
      /computed by/,
      `${FRAGMENT}:1`,
    ],
    [
      "no tool to make grub.cfg anew",
      machine(debian(), { commands: new Set() }),
      "unread",
      /neither update-grub nor grub-mkconfig/,
    ],
    ["blscfg without entries", machine({ "/boot/grub2/grub.cfg": "blscfg\n" }), "unread", /no entry in/],
    ["blscfg with two entries and none saved", machine(rhel(undefined, "gone")), "ambiguous", /of 2 entries/],
    [
      "systemd-boot with unified images",
      machine({ "/efi/loader/loader.conf": "" }),
      "unsupported",
      /unified kernel image/,
    ],
    ["systemd-boot with two entries", machine(systemdBoot(["a", "b"])), "ambiguous", /of 2 entries/],
    [
      "an entry whose quotes are taken off",
      machine({ "/efi/loader/entries/a.conf": 'linux /x\noptions "a b"\n' }),
      "computed",
      /takes the quotes off/,
      "/efi/loader/entries/a.conf:2",
    ],
    [
      "two boot loaders, and a folder that does not run",
      machine({ ...debian(), ...systemdBoot() }),
      "ambiguous",
      /several boot loaders .*grub.cfg, \/efi\/loader/,
    ],
    [
      "two menus of GRUB",
      machine({ ...debian(), "/boot/grub2/grub.cfg": grubCfg("a") }, { running: RUNNING }),
      "ambiguous",
      /several/,
    ],
    ["ostree without rpm-ostree", machine(rhel(), { ostree: true }), "unsupported", /no rpm-ostree/],
    [
      "extlinux that is generated",
      machine({ "/boot/extlinux/extlinux.conf": `## This file is generated automatically\n${EXTLINUX}` }),
      "unread",
      /is generated/,
    ],
    [
      "extlinux that cannot be told",
      machine({ "/boot/extlinux.conf": "default x\nlabel y\n" }),
      "ambiguous",
      /names no label/,
      "/boot/extlinux.conf:1",
    ],
    [
      "extlinux with an append for all",
      machine({ "/boot/extlinux.conf": "append a\nlabel y\n" }),
      "computed",
      /no append/,
    ],
  ];
  for (const [what, evidence, code, why, where] of REFUSED)
    it(`refused: ${what}`, () => {
      const finding = findBootPlace(evidence);
      assert.ok(!finding.known, JSON.stringify(finding));
      assert.equal(finding.code, code);
      assert.match(finding.why, why);
      assert.ok(finding.hint.length > 20);
      if (where) assert.equal([finding.file, finding.line].filter(Boolean).join(":"), where);
    });
});
