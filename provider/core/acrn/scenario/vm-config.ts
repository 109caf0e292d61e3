import { AcrnError } from "../../errors";
import type { PciDevice } from "../../hardware/types";
import { child, trimSpace, type XmlElement } from "../../xml";
import type { VmConfig } from "../launch/types";
import type { LoadOrder } from "../types";
import { readScenarioFeatures } from "./features";
import { memoryOf } from "./memory-text";
import { type OpenScenario, openScenario } from "./open";
import { passthroughOf } from "./vm-passthrough";
import { uuidOf } from "./vm-uuid";
import { virtualDevicesOf } from "./vm-virtual-devices";

/** Where ACRN's packages put OVMF, and every generated script expects it [3.4-dev launch_cfg_gen.py]. */
export const OVMF = "/usr/share/acrn/bios/OVMF.fd";

/**
 * What a scenario says for the launch of one VM. What it leaves open is absent: 2.x keeps memory, devices, loader and
 * guest OS in a launch file of its own, so there these are for the program to declare.
 */
export interface VmConfigFromScenario
  extends Pick<
      VmConfig,
      "dialect" | "realtime" | "lapicPassthrough" | "ownPcpu" | "pcpus" | "devices" | "passthrough" | "dmArgs"
    >,
    Partial<Pick<VmConfig, "name" | "uuid" | "scheduler" | "memoryMb" | "windows" | "loader" | "vuart0">> {
  id: number;
  load: LoadOrder;
  /** Sentences: what the file says that no launch can be made of, as it stands. */
  problems: readonly string[];
}

/**
 * One VM as ACRN's generator reads it [3.4-dev misc/config_tools/launch_config/launch_cfg_gen.py generate_for_one_vm]:
 * from the file as it is written, not as the build fills it with defaults. Two exceptions, where the generator would
 * write a script that cannot run: absent `memory/size` and `vbootloader` have the schema's defaults.
 * `pci` is the board's list: it tells classes better than the wording of the scenario does.
 */
export function readVmConfig(
  text: string,
  file: string,
  vmKey: string,
  pci: readonly PciDevice[] = [],
): VmConfigFromScenario {
  const scenario = openScenario(text, file);
  const vm = scenario.vms.find(({ view }) => view.key === vmKey);
  if (!vm)
    throw new AcrnError("scenario.no-vm", `the scenario has no VM ${vmKey}`, {
      where: { file },
      hint: `It has ${scenario.vms.map(({ view }) => view.key).join(", ")}.`,
    });
  const { view, element } = vm;
  const { scheduler } = readScenarioFeatures(text, file);
  const uuid = uuidOf(scenario, element);
  return {
    id: view.id,
    load: view.load,
    dialect: scenario.dialect,
    ...(view.name === undefined ? {} : { name: view.name }),
    ...(uuid === undefined ? {} : { uuid }),
    ...(scheduler === undefined ? {} : { scheduler }),
    realtime: view.realtime,
    lapicPassthrough: view.lapicPassthrough,
    ownPcpu: view.ownPcpu,
    pcpus: [...new Set(view.affinity ?? [])].sort((a, b) => a - b),
    ...(scenario.dialect === "3.x" ? launchOf(scenario, element, pci) : NOTHING),
  };
}

const NOTHING = { devices: [], passthrough: [], dmArgs: [], problems: [] };

/** What a 3.x scenario says of the launch itself. */
function launchOf(scenario: OpenScenario, vm: XmlElement, pci: readonly PciDevice[]) {
  const windows = textOf(vm, "os_type") === "Windows OS";
  const custom = textOf(vm, "customized_parameters");
  const problems: string[] = [];
  return {
    memoryMb: memoryOf(scenario, vm),
    windows,
    // `none` is what the generator makes of `n`: such a VM needs a kernel that a program declares.
    loader: textOf(vm, "vbootloader") === "n" ? { how: "none" as const } : { how: "ovmf" as const, file: OVMF },
    vuart0: textOf(vm, "vuart0") === "y",
    devices: virtualDevicesOf(scenario, vm, problems),
    passthrough: passthroughOf(vm, windows, pci, problems),
    // The generator quotes the whole text as one word (reference, section 2).
    dmArgs: custom === "" ? [] : [custom],
    problems,
  };
}

function textOf(vm: XmlElement, name: string): string {
  return trimSpace(child(vm, name)?.value ?? "");
}
