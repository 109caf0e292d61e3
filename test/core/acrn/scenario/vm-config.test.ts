import assert from "node:assert/strict";
import fc from "fast-check";
import { buildScenario } from "../../../../examples/lab/builder";
import { readScenario, readVmConfig } from "../../../../provider/core/acrn/scenario";
import { host } from "../../../support/arbitraries";
import { FILE, scenario } from "./launch-file";
import { REAL, readReal } from "./support";

describe("what a 3.x scenario says of a launch: the rest", () => {
  const of = (vm: string) => readVmConfig(scenario(vm), FILE, "RT");

  it("defaults where nothing is told", () => {
    const { devices: _, ...rest } = of("");
    assert.deepEqual(rest, {
      id: 1,
      load: "post-launched",
      dialect: "3.x",
      name: "RT",
      scheduler: "SCHED_NOOP",
      realtime: false,
      lapicPassthrough: false,
      ownPcpu: false,
      pcpus: [],
      memoryMb: 1024,
      windows: false,
      loader: { how: "ovmf", file: "/usr/share/acrn/bios/OVMF.fd" },
      vuart0: false,
      passthrough: [],
      dmArgs: [],
      problems: [],
    });
  });

  it("what is told", () => {
    const said = of(
      '<vm_type>RTVM</vm_type><lapic_passthrough>y</lapic_passthrough><own_pcpu>y</own_pcpu><os_type>Windows OS</os_type><vbootloader>n</vbootloader><vuart0>y</vuart0><memory><size> 512 </size></memory><cpu_affinity><pcpu><pcpu_id>3</pcpu_id></pcpu><pcpu><pcpu_id>2</pcpu_id></pcpu></cpu_affinity><customized_parameters>-k /x "y"</customized_parameters>',
    );
    assert.deepEqual(
      [
        said.realtime,
        said.lapicPassthrough,
        said.ownPcpu,
        said.windows,
        said.vuart0,
        said.memoryMb,
        said.pcpus,
        said.dmArgs,
        said.loader,
      ],
      [true, true, true, true, true, 512, [2, 3], ['-k /x "y"'], { how: "none" }],
    );
  });

  const pci =
    "<pci_devs><pci_dev>00:02.0 VGA compatible controller: Intel</pci_dev><pci_dev>03:00.0 Ethernet controller: I210</pci_dev><pci_dev/><pci_dev>00:14.0 USB controller: Intel xHCI Host Controller</pci_dev><pci_dev>02:1f.7 System peripheral: x</pci_dev></pci_devs>";
  const plain = { gpu: false, ptm: false };

  it("passthrough: the GPU is told, PTM is for Ethernet and where the VM has it", () => {
    const devices = (ptm: boolean) => [
      { bdf: "00:02.0", gpu: true, ptm: false },
      { bdf: "03:00.0", gpu: false, ptm },
      { bdf: "00:14.0", ...plain },
      { bdf: "02:1f.7", ...plain },
    ];
    assert.deepEqual(of(`${pci}<PTM>y</PTM>`).passthrough, devices(true));
    assert.deepEqual(of(`${pci}<PTM>n</PTM>`).passthrough, devices(false));
    assert.deepEqual(of(pci).passthrough, devices(false));
  });

  it("passthrough: Windows has its USB controller reset", () =>
    assert.deepEqual(of(`<os_type>Windows OS</os_type>${pci}`).passthrough[2], {
      bdf: "00:14.0",
      ...plain,
      options: "d3hot_reset",
    }));

  it("passthrough: the board's class goes before the wording", () => {
    const board = [{ bdf: "02:1f.7", class: "0x020000", description: "", msi: true }];
    const said = readVmConfig(scenario(`${pci}<PTM>y</PTM>`), FILE, "RT", board);
    assert.deepEqual(said.passthrough[3], { bdf: "02:1f.7", gpu: false, ptm: true });
  });

  it("passthrough: a text without BDF is said", () => {
    const { passthrough, problems } = of("<pci_devs><pci_dev>3:00.0 x</pci_dev></pci_devs>");
    assert.deepEqual(passthrough, []);
    assert.match(problems.join(), /3:00\.0 x/);
  });

  it("no such VM", () =>
    assert.throws(() => readVmConfig(scenario(""), FILE, "NO"), { code: "scenario.no-vm", hint: "It has S, RT." }));
});

describe("what a 2.x scenario says of a launch", () => {
  const vm = (id: number, type: string) => `<vm id="${id}"><vm_type>${type}</vm_type><clos/></vm>`;
  const old = (service: string) =>
    `<acrn-config><hv/>${vm(0, service)}${vm(1, "POST_STD_VM")}${vm(2, "POST_RT_VM")}${vm(3, "POST_STD_VM")}${vm(4, "KATA_VM")}</acrn-config>`;

  it("no memory, no devices, no loader", () =>
    assert.deepEqual(readVmConfig(old("SERVICE_VM"), FILE, "#2"), {
      id: 2,
      load: "post-launched",
      dialect: "2.x",
      realtime: true,
      lapicPassthrough: false,
      ownPcpu: false,
      pcpus: [],
      devices: [],
      passthrough: [],
      dmArgs: [],
      problems: [],
    }));

  it("up to v2.6 the n-th VM of a type has the type's n-th UUID", () => {
    const uuids = [0, 1, 2, 3, 4].map((id) => readVmConfig(old("SOS_VM"), FILE, `#${id}`).uuid);
    assert.deepEqual(uuids, [
      undefined,
      "d2795438-25d6-11e8-864e-cb7a18b34643",
      "495ae2e5-2603-4d64-af76-d4bc5a8ec0e5",
      "615db82a-e189-4b4f-8dbb-d321343e4ab3",
      "a7ada506-1ab0-4b6b-a0da-e513ca9b8c2f",
    ]);
  });
});

/** What the view says and what a launch is made of are one reading. */
function agrees(text: string): void {
  for (const { key, affinity = [], line: _, ...view } of readScenario(text, FILE).vms) {
    const said = readVmConfig(text, FILE, key);
    assert.deepEqual({ ...said, ...view }, said);
    assert.deepEqual(
      said.pcpus,
      [...new Set(affinity)].sort((a, b) => a - b),
    );
    assert.deepEqual(said.problems, []);
  }
}

describe("what scenarios say of launches: all VMs", () => {
  for (const name of Object.keys(REAL))
    it(`in ${name}`, function () {
      agrees(readReal(this, name));
    });

  it("in any built scenario", () => {
    fc.assert(
      fc.property(host({ textOnly: false }), ({ scenario: spec }) => agrees(buildScenario(spec))),
      { numRuns: 40 },
    );
  });

  it("the RTVM of whl-ipc-i5, shared", function () {
    const text = readReal(this, "v3.4-dev/whl-ipc-i5/shared.xml");
    const { realtime, lapicPassthrough, pcpus, memoryMb, devices } = readVmConfig(text, FILE, "POST_RT_VM1");
    assert.deepEqual(
      { realtime, lapicPassthrough, pcpus, memoryMb, devices },
      {
        realtime: true,
        lapicPassthrough: true,
        pcpus: [2, 3],
        memoryMb: 1024,
        devices: [
          { kind: "console", config: "@stdio:stdio_port" },
          { kind: "network", tap: "RT", vhost: false },
          { kind: "block", path: "./core-image-weston-intel-corei7-64.wic" },
        ],
      },
    );
  });
});
