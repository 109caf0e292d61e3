import assert from "node:assert/strict";
import { readCpuListArgument } from "../../../provider/core/tuning/checks/cpu-list-argument";
import { preemptRtBy, x2apicByCpuinfo, x2apicByLog, x2apicByMsr } from "../../../provider/core/tuning/checks/evidence";
import { rebootersOf } from "../../../provider/core/tuning/checks/rebooters";
import { watchdogsOf } from "../../../provider/core/tuning/checks/watchdogs";
import { known } from "../../../provider/core/tuning/fact";
import { KNOBS } from "../../../provider/core/tuning/runtime/knobs";
import { parseReport } from "../../../provider/core/tuning/runtime/report";
import { readKnob } from "../../../provider/core/tuning/runtime/value";
import { planMasks } from "../../../provider/core/tuning/services/masks";
import { SYSCTL_FRAGMENT } from "../../../provider/core/tuning/sysctl/fragment";
import { overriddenOf } from "../../../provider/core/tuning/sysctl/overrides";
import { sysctlSurface } from "../../../provider/core/tuning/sysctl/surface";
import { mutated } from "../mutate";
import { words } from "../seeds";
import type { Target } from "../target";

/** What a guest says of itself, for GuestKernelTuning. */

const KEY = "sysctl[vm.stat_interval]";
const FRAGMENTS = [
  "# a comment\nkernel.timer_migration = 0\nvm.stat_interval=10\n",
  "-vm/stat_interval = 5\r\nnet.ipv4.conf.eth0/1.rp_filter = 2\r\nvm.* = 3\r\n-vm.stat_interval",
].map((text) => Buffer.from(text));

/** A fragment edited and given back: the value is there, and every byte that was outside it. */
export const sysctlFragment: Target = {
  name: "sysctl fragment",
  lenient: true,
  runs: 1500,
  make: (random) =>
    mutated(random, {
      seeds: FRAGMENTS,
      words: words("vm.stat_interval vm/stat_interval = - # ; * ? [ . / =0 \r \n \t"),
    }),
  run: (input) => {
    const text = input.toString("utf8");
    const before = sysctlSurface.read(text, SYSCTL_FRAGMENT, KEY);
    const edited = sysctlSurface.write(text, SYSCTL_FRAGMENT, KEY, "7");
    const after = sysctlSurface.read(edited, SYSCTL_FRAGMENT, KEY);
    assert.equal(after.kind === "value" && after.value, "7", "what was written reads back");
    const raw = before.kind === "value" ? before.raw : undefined;
    const back = sysctlSurface.restore(edited, SYSCTL_FRAGMENT, KEY, raw);
    if (before.kind === "value") assert.equal(back, text, "what was there comes back");
    const files = [SYSCTL_FRAGMENT, "/etc/sysctl.d/zzz.conf"].map((path) => ({ path, text }));
    return [before, edited, back, overriddenOf(files, known("systemd-sysctl"))];
  },
  grow: {
    lines: (n) => Buffer.from("vm.stat_interval=1\n".repeat(n / 19)),
    "a line of blanks": (n) => Buffer.from(`vm.stat_interval =${" ".repeat(n)}1`),
    "a long name": (n) => Buffer.from(`${"a.".repeat(n / 2)}=1\n`),
  },
};

const GUESTS = [
  "[Manager]\nRuntimeWatchdogSec=30\n#RebootWatchdogSec=10min\n",
  "[Unit]\nRequires=a.service b.socket\\\n c.timer\n[Socket]\nService=x.service\n",
  "[    0.1] x2apic enabled\n[    0.2] Switched APIC routing to: cluster x2apic\n",
  "flags\t\t: fpu vme x2apic sse\n",
  "set irq_affinity 3 12\nrefused irq_affinity /proc/irq/0/smp_affinity\nabsent x\n",
  "always [madvise] never\n",
  "nohz,domain,managed_irq,1-3,5",
  "00000000,0000000f\n",
  'Unattended-Upgrade::Automatic-Reboot "true";\nAutomatic-Reboot "false";\n[commands]\nreboot = when-needed\n',
  "Linux version 6.1.0-21-rt-amd64 #1 SMP PREEMPT_RT Debian 6.1.90-1\n",
].map((text) => Buffer.from(text));

/** Everything else that is read of a guest: each reader gets every text. */
export const guestTexts: Target = {
  name: "texts of a guest",
  lenient: true,
  runs: 1500,
  make: (random) =>
    mutated(random, {
      seeds: GUESTS,
      words: words("[Manager] [Socket] = , - N all : [ ] x2apic set failed x.service \\\n"),
    }),
  run: (input) => {
    const text = input.toString("utf8");
    const unit = (name: string) => ({ path: `/usr/lib/systemd/system/${name}`, text });
    return [
      watchdogsOf([{ path: "/etc/systemd/system.conf", text }], [text], ["watchdog"]),
      planMasks(["x.service"], [unit("x.service"), unit("x.socket"), unit("y.timer")]),
      [x2apicByLog(text), x2apicByCpuinfo(text), x2apicByMsr(text), preemptRtBy(text, text)],
      rebootersOf(["/etc/apt/apt.conf", "/etc/dnf/automatic.conf"].map((path) => ({ path, text }))),
      [parseReport(text), readCpuListArgument(text)],
      KNOBS.map((knob) => readKnob(knob, text)),
    ];
  },
  grow: {
    "lines of a unit": (n) => Buffer.from(`[Unit]\n${"Requires=a\n".repeat(n / 11)}`),
    "joined lines": (n) => Buffer.from(`[Unit]\nRequires=${"a \\\n".repeat(n / 4)}`),
    "lines of a log": (n) => Buffer.from("[    0.1] eth0: up\n".repeat(n / 19)),
    flags: (n) => Buffer.from(`flags : ${"fpu ".repeat(n / 4)}`),
    "groups of a mask": (n) => Buffer.from(`f${",ffffffff".repeat(n / 9)}`),
    "zeros of a mask": (n) => Buffer.from(`0${",00000000".repeat(n / 9)}`),
    "flags of isolcpus": (n) => Buffer.from(`${"nohz,".repeat(n / 5)}1`),
  },
};
