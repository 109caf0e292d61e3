import assert from "node:assert/strict";
import { passedByArguments, passedByScenario, passedByScript } from "../../../provider/core/gpu/passed";

const GPU = "0000:00:02.0";

describe("gpu: which VM has it", () => {
  const rows: [value: string, passed: boolean][] = [
    ["2,passthru,0/2/0,gpu", true],
    ["passthru,00/02/0", true],
    ["2,passthru,00:02.0", true],
    ["3,passthru,0/2/1", false],
    ["3,passthru,0/20/0", false],
    ["3,passthru,1/2/0", false],
    ["2,pci-gvt", false],
    ["4,virtio-gpu,geometry=fullscreen", false],
  ];
  for (const [value, passed] of rows)
    it(`${value}: ${passed}`, () => assert.equal(passedByArguments(["-m", "1G", value], GPU), passed));

  it("another GPU is another place", () => assert.ok(passedByArguments(["3,passthru,3/0/0"], "0000:03:00.0")));

  it("a script that starts its VM with it", () => {
    const script = (slot: string) => `#!/bin/sh\nacrn-dm -m 1024M -s 0:0,hostbridge ${slot} WIN\n`;
    assert.deepEqual(passedByScript(script("-s 2,passthru,0/2/0"), "/root/win.sh", GPU), [
      { vm: "WIN", where: "/root/win.sh" },
    ]);
    assert.deepEqual(passedByScript(script("-s 2,passthru,0/1f/0"), "/root/win.sh", GPU), []);
  });

  it("a VM of the scenario", () => {
    const scenario = (device: string) => `<acrn-config scenario="s"><hv/>
<vm id="0"><vm_type>SERVICE_VM</vm_type><name>S</name><load_order>SERVICE_VM</load_order></vm>
<vm id="1"><vm_type>STANDARD_VM</vm_type><name>WIN</name><load_order>POST_LAUNCHED_VM</load_order>
<pci_devs><pci_dev>02:00.0 Ethernet controller</pci_dev><pci_dev>${device}</pci_dev></pci_devs></vm></acrn-config>`;
    assert.deepEqual(passedByScenario(scenario("00:02.0 VGA compatible controller: Intel"), "s.xml", GPU), [
      { vm: "WIN", where: "<pci_devs> in s.xml" },
    ]);
    assert.deepEqual(passedByScenario(scenario("00:1f.0 ISA bridge"), "s.xml", GPU), []);
  });
});
