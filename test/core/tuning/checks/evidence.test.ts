import assert from "node:assert/strict";
import {
  preemptRtBy,
  x2apicByCpuinfo,
  x2apicByLog,
  x2apicByMsr,
} from "../../../../provider/core/tuning/checks/evidence";
import { rebootersOf } from "../../../../provider/core/tuning/checks/rebooters";
import { watchdogsOf } from "../../../../provider/core/tuning/checks/watchdogs";
import type { Fact } from "../../../../provider/core/tuning/fact";

const value = <T>(fact: Fact<T>): T | undefined => (fact.known ? fact.value : undefined);

describe("x2APIC mode", () => {
  const logs: [string, string | undefined, boolean | undefined][] = [
    [
      "turned on by the kernel",
      "[    0.1] DMAR-IR: Enabled IRQ remapping in x2apic mode\n[    0.2] x2apic enabled\n",
      true,
    ],
    ["on from the firmware", "[    0.000345] x2apic: enabled by BIOS, switching to x2apic ops\n", true],
    ["by its routing", "[    0.003328] APIC: Switched APIC routing to: cluster x2apic\n", true],
    ["by its routing, older", "[    0.05] Switched APIC routing to physical x2apic.\n", true],
    ["flat routing", "[    0.05] APIC: Switched APIC routing to: physical flat\n", false],
    ["no remapping", "x2apic: IRQ remapping doesn't support X2APIC mode\n", false],
    ["the last word counts", "x2apic: enabled by BIOS, switching to x2apic ops\nx2apic disabled\n", false],
    ["a log that lost its start", "[  812.1] eth0: link up\n", undefined],
    ["a log about something else", "[    0.1] Command line: nox2apic quiet\n", undefined],
    ["no log", undefined, undefined],
  ];
  for (const [title, log, mode] of logs) it(title, () => assert.equal(value(x2apicByLog(log)), mode));

  const msrs: [string, boolean | undefined][] = [
    ["fee00d00\n", true],
    ["0xfee00c00", true],
    ["fee00900", false],
    ["400", false],
    ["rdmsr: CPU 0 cannot read MSR 0x0000001b", undefined],
    ["", undefined],
  ];
  for (const [hex, mode] of msrs)
    it(`MSR 0x1b ${JSON.stringify(hex)}`, () => assert.equal(value(x2apicByMsr(hex)), mode));

  it("the flag of /proc/cpuinfo", () => {
    assert.equal(value(x2apicByCpuinfo("processor\t: 0\nflags\t\t: fpu x2apic sse\n")), true);
    assert.equal(value(x2apicByCpuinfo("flags\t\t: fpu x2apicx\n")), false);
    assert.equal(value(x2apicByCpuinfo("Features : fp\n")), undefined);
    assert.equal(value(x2apicByCpuinfo(undefined)), undefined);
  });
});

describe("PREEMPT_RT", () => {
  const rows: [string | undefined, string | undefined, boolean | undefined][] = [
    ["#1 SMP PREEMPT_RT Debian 6.1.99-1 (2024-07-15)", undefined, true],
    ["#1 SMP PREEMPT RT Tue Jan 1 2019", undefined, true],
    ["#1 SMP PREEMPT_DYNAMIC Debian 6.1.99-1", undefined, false],
    ["#1 SMP PREEMPT_RTX", undefined, false],
    [undefined, "1\n", true],
    ["#1 SMP", "0\n", false],
    [undefined, undefined, undefined],
  ];
  for (const [version, flag, rt] of rows)
    it(`${version} / ${flag?.trim()}`, () => assert.equal(value(preemptRtBy(version, flag)), rt));
});

describe("watchdogs", () => {
  const file = (text: string) => [{ path: "/etc/systemd/system.conf", text }];
  const rows: [string, Parameters<typeof watchdogsOf>, string[]][] = [
    [
      "systemd's",
      [file("# c\n[Manager]\n#RuntimeWatchdogSec=off\nRuntimeWatchdogSec = 30s\n"), [], ["watchdog0"]],
      ["RuntimeWatchdogSec=30s /etc/systemd/system.conf:4"],
    ],
    [
      "off, zero and never are none",
      [file("[Manager]\nRuntimeWatchdogSec=off\nRebootWatchdogSec=0\nKExecWatchdogSec=infinity"), [], ["watchdog"]],
      [],
    ],
    [
      "a later file counts",
      [
        [
          ...file("[Manager]\nRuntimeWatchdogSec=30\n"),
          { path: "/etc/systemd/system.conf.d/x.conf", text: "[Manager]\nRuntimeWatchdogSec=0\n" },
        ],
        [],
        ["watchdog"],
      ],
      [],
    ],
    ["another section says nothing", [file("[Other]\nRuntimeWatchdogSec=30\n"), [], ["watchdog"]], []],
    [
      "the name before systemd 246",
      [file("[Manager]\r\nShutdownWatchdogSec=10min\r\n"), [], ["watchdog"]],
      ["ShutdownWatchdogSec=10min /etc/systemd/system.conf:2"],
    ],
    [
      "programs that feed one",
      [[], ["watchdog.service", "ssh.service"], ["watchdog"]],
      ["watchdog.service starts at boot"],
    ],
    ["without a device nothing resets", [file("[Manager]\nRuntimeWatchdogSec=30\n"), ["watchdog.service"], []], []],
  ];
  for (const [title, args, said] of rows)
    it(title, () =>
      assert.deepEqual(
        watchdogsOf(...args).map(({ what, where }) => `${what} ${where}`),
        said,
      ),
    );
});

describe("what reboots by itself", () => {
  const apt = (text: string, name = "50unattended-upgrades") => ({ path: `/etc/apt/apt.conf.d/${name}`, text });
  const dnf = (text: string) => ({ path: "/etc/dnf/automatic.conf", text });
  const rows: [string, Parameters<typeof rebootersOf>[0], string[]][] = [
    [
      "unattended upgrades",
      [apt('// x\nUnattended-Upgrade::Automatic-Reboot "true";\n')],
      ["Unattended-Upgrade::Automatic-Reboot true /etc/apt/apt.conf.d/50unattended-upgrades:2"],
    ],
    [
      "within its own braces",
      [apt('Unattended-Upgrade {\n  Automatic-Reboot "1";\n};')],
      ["Unattended-Upgrade::Automatic-Reboot 1 /etc/apt/apt.conf.d/50unattended-upgrades:2"],
    ],
    [
      "as it comes",
      [apt('//Unattended-Upgrade::Automatic-Reboot "true";\n#Unattended-Upgrade::Automatic-Reboot "true";\n')],
      [],
    ],
    ["switched off", [apt('Unattended-Upgrade::Automatic-Reboot "false";')], []],
    [
      "switched off in a later file",
      [apt('Unattended-Upgrade::Automatic-Reboot "yes";'), apt('Unattended-Upgrade::Automatic-Reboot "no";', "99x")],
      [],
    ],
    [
      "when, and who is there, is another matter",
      [
        apt(
          'Unattended-Upgrade::Automatic-Reboot-WithUsers "true";\nUnattended-Upgrade::Automatic-Reboot-Time "02:00";',
        ),
      ],
      [],
    ],
    ["dnf-automatic", [dnf("[commands]\nreboot = when-needed\n")], ["reboot = when-needed /etc/dnf/automatic.conf:2"]],
    ["dnf-automatic that does not", [dnf("[commands]\nreboot = never\nreboot_command = reboot\n")], []],
    ["another file", [{ path: "/etc/x.conf", text: 'Unattended-Upgrade::Automatic-Reboot "true";' }], []],
  ];
  for (const [title, files, said] of rows)
    it(title, () =>
      assert.deepEqual(
        rebootersOf(files).map(({ what, where }) => `${what} ${where}`),
        said,
      ),
    );
});
