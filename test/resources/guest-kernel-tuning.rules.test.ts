import assert from "node:assert/strict";
import type { GuestOsSpec } from "../../examples/lab/lab";
import type { Planned } from "../../provider/converge/plan-resource";
import type { AcrnError } from "../../provider/core/errors";
import { type MemoryGuest, type MemoryGuestOptions, withGuest } from "../support/memory-guest";

type Args = Record<string, unknown>;
const DEBIAN: GuestOsSpec = { layout: "debian" };
const RT = { vm: "RT" };
const codes = ({ refusals }: Planned) => refusals.map(({ code, property }) => `${code} ${property}`);

interface Refused {
  what: string;
  spec?: GuestOsSpec;
  options?: MemoryGuestOptions;
  spoil?: (guest: MemoryGuest) => void;
  args?: Args;
  refusals: string[];
  says: RegExp;
  /** Arguments with which nothing is refused. */
  but?: Args;
  /** Of another machine than a real-time VM the same is taken. */
  elsewhere?: true;
}

const WATCHDOG = { "/dev/watchdog0": "", "/etc/systemd/system.conf": "[Manager]\nRuntimeWatchdogSec=30\n" };

const REFUSED: Refused[] = [
  {
    what: "panic= inside a real-time VM",
    options: RT,
    args: { kernelArgs: { panic: "15" } },
    refusals: ["tuning.panic kernelArgs.panic"],
    says: /after a panic the guest resets/,
    but: { kernelArgs: { panic: "0" } },
    elsewhere: true,
  },
  {
    what: "kernel.panic inside a real-time VM",
    options: RT,
    args: { sysctls: { "kernel.panic": 10 } },
    refusals: ["tuning.panic sysctls.kernel.panic"],
    says: /kernel\.panic = 10/,
    but: { sysctls: { "kernel.panic": 0 } },
    elsewhere: true,
  },
  {
    what: "a panic= of somebody else's on the line of a real-time VM",
    options: RT,
    spoil: (guest) => {
      guest.change("/etc/default/grub", (text) => text.replace('"quiet"', '"quiet panic=30"'));
      guest.regenerate();
    },
    refusals: ["tuning.panic kernelArgs.panic"],
    says: /panic=30/,
    but: { kernelArgs: { panic: null } },
    elsewhere: true,
  },
  {
    what: "a watchdog of systemd's inside a real-time VM",
    options: { ...RT, files: WATCHDOG },
    refusals: ["tuning.watchdog watchdog"],
    says: /RuntimeWatchdogSec=30 \(\/etc\/systemd\/system\.conf:2\)/,
    elsewhere: true,
  },
  {
    what: "unattended upgrades that reboot a real-time VM",
    options: {
      ...RT,
      files: { "/etc/apt/apt.conf.d/50unattended-upgrades": 'Unattended-Upgrade::Automatic-Reboot "true";\n' },
    },
    refusals: ["tuning.watchdog watchdog"],
    says: /Automatic-Reboot true \(\/etc\/apt\/apt\.conf\.d\/50unattended-upgrades:1\)/,
    elsewhere: true,
  },
  {
    what: "nox2apic in a real-time VM",
    options: RT,
    args: { kernelArgs: { nox2apic: true } },
    refusals: ["tuning.x2apic kernelArgs.nox2apic"],
    says: /out of x2APIC mode/,
    but: { kernelArgs: { nox2apic: null } },
    elsewhere: true,
  },
  {
    what: "a real-time task that may take a CPU whole",
    args: { sysctls: { "kernel.sched_rt_runtime_us": -1 } },
    refusals: ["tuning.rt-monopoly sysctls.kernel.sched_rt_runtime_us"],
    says: /lock the guest up/,
    but: { sysctls: { "kernel.sched_rt_runtime_us": -1 }, allowRtMonopoly: true },
  },
  {
    what: "mce=off with ignore_ce",
    args: { kernelArgs: { mce: "off,ignore_ce" } },
    refusals: ["tuning.mce kernelArgs.mce"],
    says: /exclude each other/,
    but: { kernelArgs: { mce: "ignore_ce" } },
  },
  {
    what: "isolcpus that leaves no housekeeping CPU",
    args: { kernelArgs: { isolcpus: "nohz,domain,0-3" } },
    refusals: ["tuning.housekeeping kernelArgs.isolcpus"],
    says: /leaves no housekeeping CPU: the guest has 0-3/,
    but: { kernelArgs: { isolcpus: "nohz,domain,1-3" } },
  },
  {
    what: "a list by hand with a CPU that the guest lacks",
    args: { rtCpus: "1,7" },
    refusals: ["tuning.no-such-cpu rtCpus"],
    says: /the guest has no CPU 7; it has 0-3/,
    but: { rtCpus: "1,3" },
  },
  {
    what: "housekeeping by hand with a CPU that the guest lacks",
    args: { housekeepingCpus: [0, 4] },
    refusals: ["tuning.no-such-cpu housekeepingCpus"],
    says: /no CPU 4/,
    but: { housekeepingCpus: [0] },
  },
  {
    what: "CPU 0 as a real-time CPU",
    args: { rtCpus: "0" },
    refusals: ["tuning.cpu0 rtCpus"],
    says: /CPU 0 cannot be an RT CPU/,
    but: { rtCpus: "1" },
  },
  {
    what: "all CPUs as real-time ones",
    spec: { ...DEBIAN, cpus: 2 },
    args: { rtCpus: "0-1" },
    refusals: ["tuning.cpu-lists housekeepingCpus", "tuning.cpu0 rtCpus", "tuning.housekeeping kernelArgs.isolcpus"],
    says: /no housekeeping CPU/,
    but: { rtCpus: "1" },
  },
];

const WARNED: [
  what: string,
  spec: GuestOsSpec,
  options: MemoryGuestOptions,
  args: Args,
  says: RegExp,
  not: [GuestOsSpec, MemoryGuestOptions, Args],
][] = [
  [
    "a kernel without PREEMPT_RT",
    { layout: "debian", kernels: ["6.1.0-18-amd64"] },
    {},
    {},
    /T23: the guest's kernel has no PREEMPT_RT/,
    [{ layout: "debian", kernels: ["6.1.0-18-amd64"] }, {}, { profile: "xenomai" }],
  ],
  [
    "sched_rt_runtime_us=-1 that was allowed",
    DEBIAN,
    {},
    { sysctls: { "kernel.sched_rt_runtime_us": -1 }, allowRtMonopoly: true },
    /T20: .*take a CPU whole/,
    [DEBIAN, {}, { allowRtMonopoly: true }],
  ],
  [
    "a real-time VM out of x2APIC mode",
    { layout: "debian", x2apic: false },
    RT,
    {},
    /T01: the local APIC is not in x2APIC mode/,
    [{ layout: "debian", x2apic: false }, {}, {}],
  ],
  [
    "a VM of which nobody said which it is, with panic=",
    DEBIAN,
    { log: "Hypervisor detected: ACRN" },
    { kernelArgs: { panic: "15" } },
    /7b: panic=15: after a panic the guest resets.*/,
    [DEBIAN, {}, { kernelArgs: { panic: "15" } }],
  ],
  [
    "machinecheck_ignore_ce beside mce=off",
    DEBIAN,
    {},
    { runtime: { machinecheck_ignore_ce: "1" } },
    /T18: machinecheck_ignore_ce has nothing to set/,
    [DEBIAN, {}, { runtime: { machinecheck_ignore_ce: "1" }, kernelArgs: { mce: false } }],
  ],
];

describe("GuestKernelTuning: rules", function () {
  this.timeout(60_000);

  for (const { what, spec = DEBIAN, options = {}, spoil, args = {}, refusals, says, but, elsewhere } of REFUSED)
    it(
      `refused: ${what}`,
      withGuest(
        spec,
        (guest) => {
          spoil?.(guest);
          const wishes = { rtCpus: "1", trial: false, ...args };
          const refused = guest.plan(wishes);
          assert.deepEqual(codes(refused), refusals);
          assert.match(refused.refusals.map(({ message }) => message).join("\n"), says);
          assert.deepEqual(refused.plan.edits, []);
          if (but) assert.deepEqual(codes(guest.plan({ ...wishes, ...but })), []);
          if (!elsewhere) return;
          Object.assign(guest.settings, { guest: {} });
          assert.deepEqual(codes(guest.plan(wishes)), [], "outside of a real-time VM");
        },
        options,
      ),
    );

  for (const [what, spec, options, args, says, [other, otherOptions, otherArgs]] of WARNED)
    it(`warned: ${what}`, () => {
      const said = (of: GuestOsSpec, more: MemoryGuestOptions, wishes: Args) => {
        let warnings: string[] = [];
        withGuest(of, (guest) => (warnings = guest.up({ rtCpus: "1", trial: false, ...wishes }).warnings), more)();
        return warnings.join("\n");
      };
      assert.match(said(spec, options, args), says);
      assert.doesNotMatch(said(other, otherOptions, otherArgs), says);
    });

  it(
    "a profile that there is not, and one of one's own",
    withGuest(DEBIAN, (guest) => {
      assert.throws(
        () => guest.plan({ rtCpus: "1", profile: "acrn-tip" }),
        (error: AcrnError) => error.code === "tuning.profile" && /"acrn-tips"/.test(error.hint ?? ""),
      );
      const entry = { what: "kernelArg", key: "threadirqs", value: true, reason: "mine", source: "mine" };
      const profile = { name: "mine", base: "acrn-tips", entries: [entry] };
      const { kernelLine } = guest.up({ rtCpus: "1", profile }).outputs;
      assert.match(String(kernelLine), /^isolcpus=nohz,domain,1 .* intel_pstate=disable threadirqs$/);
      const alone = { name: "mine", entries: [{ ...entry, key: "isolcpus", value: "{rt}" }] };
      assert.equal(guest.up({ rtCpus: "2-3", profile: alone }).outputs.kernelLine, "isolcpus=2-3");
    }),
  );
});
