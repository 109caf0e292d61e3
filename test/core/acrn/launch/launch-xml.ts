import type { PassthroughDevice, VirtualDevice, VmConfig } from "../../../../provider/core/acrn/launch";
import { readScenario } from "../../../../provider/core/acrn/scenario";
import { readVmConfig } from "../../../../provider/core/acrn/scenario/vm-config";
import { child, childrenNamed, parseXml, type XmlElement } from "../../../../provider/core/xml";

/** As the 2.x generator emits them, not as the file lists them. [v2.5 com.py set_dm_pt] */
const PASSTHROUGH = "usb_xdci audio audio_codec cse sd_card bluetooth wifi ipu ethernet sata nvme".split(" ");

/** The VMs of a launch file of 2.x: what the program declares there, in the words of its generator, over what the scenario says. */
export function launchVms(launch: string, scenario: string): VmConfig[] {
  const service = readScenario(scenario, "s.xml").vms.find(({ load }) => load === "service")?.id ?? 0;
  return childrenNamed(parseXml(launch, "l.xml").root, "uos").map((vm) => {
    const id = Number(vm.attributes.get("id"));
    return launchVm(
      vm,
      id,
      readVmConfig(
        scenario,
        "s.xml",
        readScenario(scenario, "s.xml").vms.find((view) => view.id === service + id)?.key ?? "",
      ),
    );
  });
}

function launchVm(vm: XmlElement, id: number, scenario: ReturnType<typeof readVmConfig>): VmConfig {
  const own = texts(vm, "cpu_affinity", "pcpu_id").map(Number);
  return {
    name: `post_vm_id${id}`,
    dialect: "2.x",
    ...(scenario.uuid === undefined ? {} : { uuid: scenario.uuid }),
    ...(scenario.scheduler === undefined ? {} : { scheduler: scenario.scheduler }),
    realtime: text(vm, "rtos_type") !== "no",
    lapicPassthrough: text(vm, "rtos_type") === "Hard RT",
    ownPcpu: false,
    pcpus: own.length > 0 ? own : scenario.pcpus,
    memoryMb: Number(text(vm, "mem_size")),
    windows: text(vm, "uos_type") === "WINDOWS",
    loader:
      text(vm, "vbootloader") === "ovmf" ? { how: "ovmf", file: "/usr/share/acrn/bios/OVMF.fd" } : { how: "none" },
    vuart0: text(vm, "vuart0") === "Enable",
    devices: virtual(vm),
    passthrough: passthrough(vm),
    dmArgs: [],
  };
}

function virtual(vm: XmlElement): VirtualDevice[] {
  const all = (name: string) => texts(vm, "virtio_devices", name);
  return [
    ...all("input").map((device): VirtualDevice => ({ kind: "input", device })),
    ...all("block").map((path): VirtualDevice => ({ kind: "block", path })),
    ...all("network").map((tap): VirtualDevice => ({ kind: "network", tap: `tap_${tap}`, vhost: false })),
    ...all("console").map((config): VirtualDevice => ({ kind: "console", config })),
  ];
}

function passthrough(vm: XmlElement): PassthroughDevice[] {
  const gpu = text(vm, "gvt_args") === "gvtd" ? [{ bdf: "00:02.0", gpu: true, ptm: false, options: "gpu" }] : [];
  const bdfs = PASSTHROUGH.flatMap((name) => texts(vm, "passthrough_devices", name)).map((line) => line.slice(0, 7));
  return [...gpu, ...bdfs.map((bdf) => ({ bdf, gpu: false, ptm: false }))];
}

function texts(vm: XmlElement, group: string, name: string): string[] {
  const of = child(vm, group);
  return (of ? childrenNamed(of, name) : []).map(({ value }) => value.trim()).filter((value) => value !== "");
}

function text(vm: XmlElement, name: string): string {
  return (child(vm, name)?.value ?? "").trim();
}
