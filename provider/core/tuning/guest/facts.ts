import { parseCpuList } from "../../hardware/cpu-set";
import { type Snapshot, textOf } from "../../snapshot";
import { preemptRtBy, x2apicByLog } from "../checks/evidence";
import { rebootersOf } from "../checks/rebooters";
import type { GuestFacts, Watchdog } from "../checks/types";
import { watchdogsOf } from "../checks/watchdogs";
import { type Fact, known, unknown } from "../fact";
import type { GuestMachine } from "./machine";

const FOLDER = "a folder does not run";

/** What a read of a guest tells of it, for the rules. */
export function guestFacts(snapshot: Snapshot, machine: GuestMachine): GuestFacts {
  const runs = snapshot.kind === "live";
  const text = (name: string) => (runs ? snapshot.texts.get(name)?.trim() : undefined);
  const release = text("proc/sys/kernel/osrelease");
  return {
    rtvm: rtvmFact(machine),
    cpus: cpusOf(text("sys/devices/system/cpu/present"), runs),
    x2apicMode: runs ? x2apicByLog(snapshot.texts.get("kernel-log")) : unknown(FOLDER),
    x2apicCapable: unknown("/proc/cpuinfo's flags were not read"),
    tscOffset: unknown(
      "only the time of RDMSR 0x3b tells, which takes msr-tools in the guest and a CPU of its own; not done from here",
    ),
    preemptRt: runs ? preemptRtBy(text("proc/version"), text("sys/kernel/realtime")) : unknown(FOLDER),
    kernelRelease: release === undefined ? unknown("/proc/sys/kernel/osrelease was not read") : known(release),
    panicTimeout: panicFact(text("proc/sys/kernel/panic")),
    watchdogs: watchdogFact(snapshot, runs),
  };
}

function rtvmFact(machine: GuestMachine): Fact<boolean> {
  return machine.kind === "unknown" ? unknown(machine.why) : known(machine.kind === "rtvm");
}

function cpusOf(present: string | undefined, runs: boolean): Fact<readonly number[]> {
  if (present === undefined) return unknown(runs ? "/sys/devices/system/cpu/present was not read" : FOLDER);
  try {
    return known(parseCpuList(present));
  } catch {
    return unknown(`/sys/devices/system/cpu/present says ${JSON.stringify(present.slice(0, 40))}`);
  }
}

function panicFact(text: string | undefined): Fact<number> {
  const value = Number(text);
  return text === undefined || text === "" || !Number.isInteger(value)
    ? unknown("/proc/sys/kernel/panic was not read")
    : known(value);
}

/** systemd's watchdogs, units that feed one, and programs that reboot by themselves. */
function watchdogFact(snapshot: Snapshot, runs: boolean): Fact<readonly Watchdog[]> {
  const paths = [...snapshot.files.keys()];
  const files = (pattern: RegExp) =>
    paths
      .filter((path) => pattern.test(path))
      .flatMap((path) => {
        const text = textOf(snapshot, path);
        return text === undefined ? [] : [{ path, text }];
      });
  const manager = files(/^\/etc\/systemd\/system\.conf(?:\.d\/[^/]+\.conf)?$/);
  const enabled = paths
    .filter((path) => path.startsWith("/etc/systemd/system/multi-user.target.wants/"))
    .filter((path) => snapshot.files.get(path)?.kind !== "absent");
  const devices = paths.filter(
    (path) => path.startsWith("/dev/watchdog") && snapshot.files.get(path)?.kind !== "absent",
  );
  const units = enabled.map((path) => path.slice(path.lastIndexOf("/") + 1));
  // a folder has no devices of its own; what feeds one there will find one
  const found = watchdogsOf(manager, units, runs ? devices : ["/dev/watchdog"]);
  return known([...found, ...rebootersOf(files(/^\/etc\/(?:apt\/apt\.conf|dnf\/automatic\.conf)/))]);
}
