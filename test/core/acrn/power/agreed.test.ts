import assert from "node:assert/strict";
import { unseenIn } from "../../../../provider/core/acrn/power/agreed";
import { type PowerImage, type PowerVm, planPower } from "../../../../provider/core/acrn/power/steps";

const vm = (name: string, running: boolean): PowerVm => ({
  name,
  liveness: running ? { state: "running", pid: 7, why: "it is" } : { state: "off", why: "it ended" },
  shutdown: "its guest is asked",
  launcher: `/root/${name}.sh`,
});
const act = (name: "host-reboot" | "hypervisor-install" | "rtvm-power-cycle", target = "host") => ({
  act: name,
  target,
  fields: ["f"],
});

interface Given {
  vms?: PowerVm[];
  image?: PowerImage;
  cycle?: string;
}

/** The lines of a plan: a power cycle, or a reboot (with an image), or an image that only has to be confirmed. */
function lines({ vms = [], image, cycle }: Given): string[] {
  const reboot = image ? image.boots : !cycle;
  const acts = [
    ...(cycle ? [act("rtvm-power-cycle", cycle)] : []),
    ...(image ? [act("hypervisor-install")] : []),
    ...(reboot ? [act("host-reboot")] : []),
  ];
  const allow = ["rtvm-power-cycle", "hypervisor-install", "host-reboot"];
  return planPower({ acts, allow, vms, ...(image ? { image } : {}) }).lines;
}

const A = { id: "a".repeat(16), keep: 3, boots: true };
const B = { ...A, id: "b".repeat(16) };
const [on, off] = [vm("RT", true), vm("RT", false)];

/** What was shown, what it is now, and whether that may be done. */
const ROWS: readonly [what: string, shown: Given, now: Given, seen: boolean][] = [
  ["the same", { vms: [on], image: A }, { vms: [on], image: A }, true],
  ["another pid", { vms: [on] }, { vms: [{ ...on, liveness: { state: "running", pid: 8, why: "" } }] }, true],
  ["a VM that is off by now", { vms: [on] }, { vms: [off] }, true],
  ["a VM that runs by now", { vms: [off] }, { vms: [on] }, false],
  ["a second VM that runs by now", { vms: [on, vm("RT2", false)] }, { vms: [on, vm("RT2", true)] }, false],
  ["one of two that runs no more", { vms: [on, vm("RT2", true)] }, { vms: [off, vm("RT2", true)] }, true],
  ["another image", { image: A }, { image: B }, false],
  ["an image where there was none", {}, { image: A }, false],
  ["an image that runs by now and is only confirmed", { image: A }, { image: { ...A, boots: false } }, true],
  ["one that was only to be confirmed and is to be tried", { image: { ...A, boots: false } }, { image: A }, false],
  ["a power cycle of what was only to be started", { vms: [off], cycle: "RT" }, { vms: [on], cycle: "RT" }, false],
  ["a start of what was to be power-cycled", { vms: [on], cycle: "RT" }, { vms: [off], cycle: "RT" }, true],
  [
    "a power cycle of another VM",
    { vms: [on, vm("RT2", true)], cycle: "RT" },
    { vms: [on, vm("RT2", true)], cycle: "RT2" },
    false,
  ],
];

describe("what was agreed to of a plan of power", () => {
  for (const [what, shown, now, seen] of ROWS)
    it(`${what}: ${seen ? "done" : "refused"}`, () => {
      const [agreed, lined] = [lines(shown), lines(now)];
      assert.ok(agreed.length > 0 && lined.length > 0);
      assert.equal(unseenIn(lined, agreed).length === 0, seen, `${unseenIn(lined, agreed)}`);
    });
});
