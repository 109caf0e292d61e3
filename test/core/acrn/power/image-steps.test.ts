import assert from "node:assert/strict";
import { type PowerInput, type PowerVm, planPower } from "../../../../provider/core/acrn/power/steps";

const ID = "0123456789abcdef";
const INSTALL = { act: "hypervisor-install" as const, target: "host", fields: ["image"] };
const REBOOT = { act: "host-reboot" as const, target: "host", fields: ["image"] };
const CYCLE = { act: "rtvm-power-cycle" as const, target: "RT", fields: ["script"] };
const OFF: PowerVm = {
  name: "RT",
  liveness: { state: "off", why: "its launch recorded its end" },
  launcher: "/rt.sh",
  shutdown: "over ssh",
};

const plan = (input: Partial<PowerInput>) => planPower({ acts: [], allow: [], vms: [OFF], ...input });
const heads = (input: Partial<PowerInput>) => plan(input).steps.map(({ act }) => act);

describe("acts of an image", () => {
  const fresh = { id: ID, keep: 3, boots: true };
  const running = { id: ID, keep: 3, boots: false };
  const both = ["hypervisor-install", "host-reboot"];

  it("is installed before the reboot that tries it, and only where both are allowed", () => {
    const acts = [INSTALL, REBOOT];
    assert.deepEqual(heads({ acts, allow: both, image: fresh }), both);
    for (const allow of both) assert.deepEqual(heads({ acts, allow: [allow], image: fresh }), [], allow);
    assert.deepEqual(heads({ acts, allow: both }), [], "none is wanted: it is installed by hand");
  });

  it("one that runs is confirmed last, when what was to run on it runs", () => {
    const allow = ["hypervisor-install", "rtvm-power-cycle"];
    const acts = [INSTALL, CYCLE];
    assert.deepEqual(heads({ acts, allow, image: running }), ["rtvm-power-cycle", "hypervisor-install"]);
  });

  it("one that runs is not confirmed while a VM that was to run on it does not", () => {
    const vms = [{ ...OFF, comesBack: true }];
    const { obstacles } = plan({ acts: [INSTALL], allow: ["hypervisor-install"], image: running, vms });
    assert.match(obstacles.join(), /RT was to run again on image 0123456789abcdef and does not/);
    const allow = ["hypervisor-install", "rtvm-power-cycle"];
    assert.deepEqual(plan({ acts: [INSTALL, CYCLE], allow, image: running, vms }).obstacles, []);
  });

  it("a reboot while one is on trial tries it again, or is refused", () => {
    const acts = [INSTALL, { ...REBOOT, fields: ["other"] }];
    const { obstacles } = plan({ acts: [acts[1] as typeof REBOOT], allow: ["host-reboot"], image: running });
    assert.match(obstacles.join(), /runs and is not confirmed: a reboot now boots the one before/);
    const told = plan({ acts, allow: both, image: running });
    assert.deepEqual(told.obstacles, []);
    assert.deepEqual(
      told.steps.map((step) => ("image" in step ? step.image?.boots : undefined)),
      [true, true],
    );
  });
});
