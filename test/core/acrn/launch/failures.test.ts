import assert from "node:assert/strict";
import { LAUNCH_EXIT, ownedScript, preparation, type VmConfig } from "../../../../provider/core/acrn/launch";
import { Machine } from "./machine";
import { rtvm } from "./vm";

interface Row {
  name: string;
  vm?: Partial<VmConfig>;
  /** What is wrong with the machine, which has everything otherwise. */
  broken: (machine: Machine) => void;
  status: number;
  says: RegExp;
}

const full: Partial<VmConfig> = {
  loader: { how: "ovmf", file: "/usr/share/acrn/bios/OVMF.fd" },
  devices: [
    { kind: "block", path: "/home/rt.img" },
    { kind: "network", tap: "tap0", vhost: false },
  ],
  passthrough: [{ bdf: "02:00.0", gpu: false, ptm: false }],
};
const kernel: Partial<VmConfig> = {
  loader: { how: "kernel", image: "/home/vmlinuz", args: "", ramdisk: "/home/initrd" },
};
const onPartition: Partial<VmConfig> = { devices: [{ kind: "block", path: "rt.img", partition: "/dev/sda3" }] };
const running = (machine: Machine, ...words: string[]) =>
  machine.write("/proc/77/cmdline", words.map((word) => `${word}\0`).join(""));

const ROWS: Row[] = [
  {
    name: "not root",
    broken: (m) => m.program("id", "echo 1000"),
    status: LAUNCH_EXIT.notRoot,
    says: /only root.*\n.*sudo/,
  },
  {
    name: "no ACRN",
    broken: (m) => m.remove("/dev/acrn_hsm"),
    status: LAUNCH_EXIT.noHypervisor,
    says: /acrn_hsm nor \/dev\/acrn_vhm\nBoot ACRN/,
  },
  {
    name: "no acrn-dm",
    broken: (m) => m.remove("/bin/acrn-dm"),
    status: LAUNCH_EXIT.noDeviceModel,
    says: /acrn-dm is not on PATH/,
  },
  {
    name: "no iasl",
    broken: (m) => m.remove("/bin/iasl"),
    status: LAUNCH_EXIT.noIasl,
    says: /iasl is not on PATH.*\n.*acpica-tools/,
  },
  {
    name: "no OVMF",
    broken: (m) => m.remove("/usr/share/acrn/bios/OVMF.fd"),
    status: LAUNCH_EXIT.noFile,
    says: /OVMF\.fd is missing/,
  },
  {
    name: "no disk",
    broken: (m) => m.remove("/home/rt.img"),
    status: LAUNCH_EXIT.noFile,
    says: /\/home\/rt\.img is missing/,
  },
  {
    name: "no kernel",
    vm: kernel,
    broken: (m) => m.remove("/home/vmlinuz"),
    status: LAUNCH_EXIT.noFile,
    says: /vmlinuz is missing/,
  },
  {
    name: "no ramdisk",
    vm: kernel,
    broken: (m) => m.remove("/home/initrd"),
    status: LAUNCH_EXIT.noFile,
    says: /initrd is missing/,
  },
  {
    name: "no disk on its partition",
    vm: onPartition,
    broken: () => {},
    status: LAUNCH_EXIT.noFile,
    says: /mnt\/RT1\/0\/rt\.img is missing/,
  },
  {
    name: "no such device",
    broken: (m) => m.remove("/sys/bus/pci/devices/0000:02:00.0"),
    status: LAUNCH_EXIT.noDevice,
    says: /no PCI device 0000:02:00\.0/,
  },
  {
    name: "an APIC id that no CPU has",
    vm: { apicIds: [4, 99] },
    broken: () => {},
    status: LAUNCH_EXIT.unknownCpu,
    says: /no CPU has the APIC id 99, and only 0 are offline/,
  },
  {
    name: "more APIC ids unknown than CPUs offline",
    vm: { apicIds: [98, 99] },
    broken: (m) => m.write("/sys/devices/system/cpu/cpu1/online", "0\n"),
    status: LAUNCH_EXIT.unknownCpu,
    says: /98 99, and only 1 are/,
  },
  {
    name: "CPU 0",
    vm: { apicIds: [0, 4] },
    broken: () => {},
    status: LAUNCH_EXIT.unknownCpu,
    says: /APIC id 0 is CPU 0/,
  },
  {
    name: "2.x: CPU 0",
    vm: { dialect: "2.x", pcpus: [0], apicIds: undefined as never },
    broken: () => {},
    status: LAUNCH_EXIT.unknownCpu,
    says: /CPU 0 cannot leave/,
  },
  {
    name: "2.x: no such CPU",
    vm: { dialect: "2.x", pcpus: [9], apicIds: undefined as never },
    broken: () => {},
    status: LAUNCH_EXIT.unknownCpu,
    says: /there is no CPU 9/,
  },
  {
    name: "no way to hand over",
    broken: (m) => m.remove("/sys/devices/virtual/misc/acrn_hsm"),
    status: LAUNCH_EXIT.handOver,
    says: /no file to hand over/,
  },
  {
    name: "it runs",
    broken: (m) => running(m, "/usr/bin/acrn-dm", "-m", "1G", "RT1"),
    status: LAUNCH_EXIT.running,
    says: /runs already \(acrn-dm is process 77\)/,
  },
  {
    name: "it runs, as a script",
    broken: (m) => running(m, "/bin/bash", "/usr/bin/acrn-dm", "RT1"),
    status: LAUNCH_EXIT.running,
    says: /runs already/,
  },
  {
    name: "pci_stub cannot be loaded",
    broken: (m) => {
      m.program("modprobe", "exit 1");
      m.remove("/sys/bus/pci/drivers/pci-stub");
    },
    status: LAUNCH_EXIT.preparation,
    says: /pci_stub cannot be loaded/,
  },
  {
    name: "no interface",
    broken: (m) => m.program("ip", "exit 1"),
    status: LAUNCH_EXIT.preparation,
    says: /tap0 cannot be made/,
  },
  {
    name: "no mount",
    vm: onPartition,
    broken: (m) => m.program("mount", "exit 32"),
    status: LAUNCH_EXIT.preparation,
    says: /\/dev\/sda3 cannot be mounted/,
  },
];

describe("owned launch script: what stops it before a CPU leaves the Service VM", function () {
  this.timeout(60_000);

  for (const { name, vm, broken, status, says } of ROWS)
    it(name, () => {
      const machine = new Machine();
      try {
        const config = rtvm({ ...full, ...vm });
        if (vm && "apicIds" in vm && vm.apicIds === undefined) delete (config as { apicIds?: unknown }).apicIds;
        for (const file of preparation(config).files) machine.write(file, "");
        machine.device("0000:02:00.0");
        machine.program("mountpoint", "exit 1");
        machine.program("ip", '[ "$1 $2" != "link show" ]');
        broken(machine);
        const offline = machine.offline;
        const ended = machine.run(ownedScript(config));
        assert.equal(ended.status, status, ended.stderr);
        assert.match(ended.stderr, says);
        assert.match(ended.stderr, /^pulumi-acrn: VM RT1 is not launched: .+\n.+\n$/m);
        assert.deepEqual([machine.offline, machine.args, machine.record("RT1")], [offline, undefined, undefined]);
      } finally {
        machine.close();
      }
    });
});
