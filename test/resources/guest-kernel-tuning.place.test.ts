import assert from "node:assert/strict";
import type { GuestOsSpec } from "../../examples/lab/lab";
import type { Planned } from "../../provider/converge/plan-resource";
import { type MemoryGuest, type MemoryGuestOptions, withGuest } from "../support/memory-guest";

const ARGS = { rtCpus: "1" };
const FRAGMENT = "/etc/default/grub.d/99-mine.cfg";
const codes = ({ refusals }: Planned) => refusals.map(({ code, property }) => `${code} ${property}`);

/** The document of the line that an up would write to now. */
function lineOf({ plan }: Planned): string {
  const [field = "nothing"] = plan.edits.map((edit) => edit.field).filter((each) => each.startsWith("line["));
  return field.slice(0, field.indexOf("]"));
}

function nothingPlanned(planned: Planned): void {
  const declared = planned.plan.edits.filter(({ why }) => why === "declared");
  assert.deepEqual(declared, []);
}

/** What makes a line impossible to place, and what makes it possible again. */
const REFUSED: [
  what: string,
  spec: GuestOsSpec,
  spoil: (guest: MemoryGuest) => void,
  refusal: string,
  says: RegExp,
  mend: Record<string, unknown> | ((guest: MemoryGuest) => void),
][] = [
  [
    "no boot loader's configuration",
    { layout: "debian" },
    (guest) => guest.put("/boot/grub/grub.cfg", undefined),
    "tuning.no-place kernelArgs",
    /no boot loader's configuration was found/,
    (guest) => guest.regenerate(),
  ],
  [
    "two boot loaders, and nothing tells which of them runs",
    { layout: "debian" },
    (guest) => {
      guest.put("/boot/extlinux/extlinux.conf", "DEFAULT x\nLABEL x\n  KERNEL /k\n  APPEND quiet\n");
      guest.put("/proc/cmdline", "root=/dev/vda2 ro\n");
    },
    "tuning.no-place kernelArgs",
    /several boot loaders are configured/,
    (guest) => guest.put("/proc/cmdline", "BOOT_IMAGE=/boot/vmlinuz root=/dev/vda2 ro\n"),
  ],
  [
    "a menu that no tool can make anew",
    { layout: "debian" },
    (guest) => {
      for (const name of ["update-grub", "grub-mkconfig"]) guest.put(`/usr/sbin/${name}`, undefined);
    },
    "tuning.no-place kernelArgs",
    /neither update-grub nor grub-mkconfig/,
    (guest) => guest.put("/usr/sbin/grub-mkconfig", "x"),
  ],
  [
    "rpm-ostree, which keeps the line itself",
    { layout: "rhel" },
    (guest) => {
      guest.put("/run/ostree-booted", "");
      guest.put("/usr/bin/rpm-ostree", "x");
    },
    "tuning.no-place kernelArgs",
    /kept by rpm-ostree/,
    { kernelArgs: Object.fromEntries(NAMES().map((key) => [key, false])) },
  ],
  [
    "a key that the other variable sets",
    { layout: "debian" },
    (guest) => guest.change("/etc/default/grub", (text) => text.replace('LINUX=""', 'LINUX="idle=halt"')),
    "tuning.also-set kernelArgs.idle",
    /idle is also set in GRUB_CMDLINE_LINUX of \/etc\/default\/grub/,
    { kernelArgs: { idle: false } },
  ],
  [
    "a key that a fragment adds",
    { layout: "debian" },
    (guest) => guest.put(FRAGMENT, 'GRUB_CMDLINE_LINUX_DEFAULT="$GRUB_CMDLINE_LINUX_DEFAULT mce=on"\n'),
    "tuning.also-set kernelArgs.mce",
    /mce is also set in GRUB_CMDLINE_LINUX_DEFAULT of .*99-mine\.cfg/,
    { kernelArgs: { mce: false } },
  ],
];

function NAMES(): string[] {
  return [
    ...["isolcpus", "idle", "rcu_nocbs", "rcu_nocb_poll", "mce"],
    ...["processor.max_cstate", "intel_idle.max_cstate", "intel_pstate"],
  ];
}

/** Where a line cannot be tried once, and where it is written then. */
const UNTRIED: [
  what: string,
  spec: GuestOsSpec,
  why: RegExp,
  line: string,
  spoil?: (guest: MemoryGuest) => void,
  options?: MemoryGuestOptions,
][] = [
  [
    "grubenv on btrfs",
    { layout: "debian", grub: { fs: "btrfs" } },
    /GRUB cannot write \/boot\/grub\/grubenv: it lies on btrfs/,
    "line[GRUB_CMDLINE_LINUX_DEFAULT:/etc/default/grub",
  ],
  [
    "grubenv on LVM",
    { layout: "debian", grub: { abstraction: ["lvm"] } },
    /it lies on ext\S+ on lvm/,
    "line[GRUB_CMDLINE_LINUX_DEFAULT:/etc/default/grub",
  ],
  [
    "no grub-reboot",
    { layout: "debian" },
    /there is no grub-reboot/,
    "line[GRUB_CMDLINE_LINUX_DEFAULT:/etc/default/grub",
    (guest) => guest.put("/usr/sbin/grub-reboot", undefined),
  ],
  [
    "a menu that reads no custom.cfg",
    { layout: "debian" },
    /does not read custom\.cfg/,
    "line[GRUB_CMDLINE_LINUX_DEFAULT:/etc/default/grub",
    (guest) => {
      guest.put("/etc/grub.d/41_custom", undefined);
      guest.regenerate();
    },
  ],
  [
    "extlinux",
    { layout: "yocto", loader: "extlinux" },
    /extlinux has no entry of ours/,
    "line[extlinux:/boot/extlinux/extlinux.conf",
  ],
  [
    "systemd-boot",
    { layout: "yocto" },
    /systemd-boot has no entry of ours/,
    "line[bls-systemd-boot:/boot/loader/entries/boot.conf",
  ],
  [
    "BLS entries of RHEL 9, and grubenv on LVM",
    { layout: "rhel", grub: { abstraction: ["lvm"] } },
    /GRUB cannot write \/boot\/grub2\/grubenv: it lies on xfs on lvm/,
    "line[bls-grub:/boot/loader/entries/",
  ],
  [
    "no systemd, which would end a boot that nobody confirms",
    { layout: "debian", init: "sysvinit" },
    /this machine has no systemd/,
    "line[GRUB_CMDLINE_LINUX_DEFAULT:/etc/default/grub",
  ],
  [
    "the Service VM",
    { layout: "debian" },
    /the Service VM boots with its host/,
    "line[GRUB_CMDLINE_LINUX_DEFAULT:/etc/default/grub",
    (guest) => guest.put("/dev/acrn_hsm", ""),
  ],
];

describe("GuestKernelTuning: where the line is written", function () {
  this.timeout(60_000);

  for (const [what, spec, spoil, refusal, says, mend] of REFUSED)
    it(
      `refused: ${what}`,
      withGuest(spec, (guest) => {
        assert.deepEqual(codes(guest.plan({ ...ARGS, trial: false })), [], "it would have been refused before");
        spoil(guest);
        const refused = guest.plan({ ...ARGS, trial: false });
        assert.deepEqual(codes(refused), [refusal]);
        assert.match(refused.refusals[0]?.message ?? "", says);
        assert.ok(refused.refusals[0]?.hint);
        nothingPlanned(refused);
        if (typeof mend === "function") mend(guest);
        const accepted = guest.plan({ ...ARGS, trial: false, ...(typeof mend === "function" ? {} : mend) });
        assert.deepEqual(codes(accepted), []);
        assert.notDeepEqual(accepted.lines, []);
      }),
    );

  for (const [what, spec, why, line, spoil, options] of UNTRIED)
    it(
      `no trial: ${what}`,
      withGuest(
        spec,
        (guest) => {
          spoil?.(guest);
          const refused = guest.plan(ARGS);
          assert.deepEqual(codes(refused), ["tuning.no-trial trial"]);
          assert.match(refused.refusals[0]?.message ?? "", why);
          assert.match(refused.refusals[0]?.hint ?? "", /`trial: false`/);
          nothingPlanned(refused);
          const accepted = guest.up({ ...ARGS, trial: false });
          assert.ok(lineOf(accepted).startsWith(line), lineOf(accepted));
          assert.equal(accepted.outputs.trialEntry, undefined);
          assert.match(accepted.reasons.join(), /`trial: false`: written as the default at once/);
        },
        options,
      ),
    );

  it(
    "a line that runs and is full proves nothing of what was cut off, so the new one is tried",
    withGuest({ layout: "debian" }, (guest) => {
      const full = (length: number) => guest.put("/proc/cmdline", `${guest.line} x=`.padEnd(length, "y"));
      const entry = () => guest.plan(ARGS).outputs.trialEntry;
      assert.ok(entry());
      full(2047);
      assert.ok(entry());
      full(2048);
      assert.ok(entry());
      guest.put("/proc/cmdline", `${guest.plan(ARGS).outputs.kernelLine}\n`);
      assert.equal(entry(), undefined, "what runs is proven");
    }),
  );

  it(
    "of a real-time VM `trial: false` is said to be a risk, and not where the machine may reset",
    withGuest({ layout: "debian" }, (guest) => {
      const said = (vm?: string) => {
        Object.assign(guest.settings, { guest: vm === undefined ? {} : { vm } });
        return guest.plan({ ...ARGS, trial: false }).warnings.filter((text) => text.startsWith("7b:"));
      };
      assert.match(said("RT").join(), /somebody has to mend this real-time VM from its host/);
      assert.deepEqual(said(), []);
    }),
  );

  it(
    "RHEL 8 keeps the line of all entries in grubenv: what that says is also-set",
    withGuest({ layout: "rhel", kernelopts: true }, (guest) => {
      const planned = guest.plan({ ...ARGS, trial: false, kernelArgs: { crashkernel: "512M" } });
      assert.deepEqual(codes(planned), ["tuning.also-set kernelArgs.crashkernel"]);
      assert.match(planned.refusals[0]?.message ?? "", /kernelopts of grubenv/);
      assert.deepEqual(codes(guest.plan({ ...ARGS, trial: false })), []);
    }),
  );
});
