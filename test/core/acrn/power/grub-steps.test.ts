import assert from "node:assert/strict";
import { type PowerInput, type PowerVm, planPower } from "../../../../provider/core/acrn/power/steps";
import type { Act } from "../../../../provider/core/plan/acts";

const GRUB: Act = { act: "update-grub", target: "host", fields: ["args"] };
const REBOOT: Act = { act: "host-reboot", target: "host", fields: ["args"] };
const CYCLE: Act = { act: "rtvm-power-cycle", target: "A", fields: ["a"] };
const RUNNING: PowerVm = { name: "A", liveness: { state: "running", pid: 41, why: "" }, shutdown: "it is asked" };
const ALL = ["update-grub", "rtvm-power-cycle", "host-reboot"];

const plan = (input: Partial<PowerInput>) =>
  planPower({ acts: [GRUB, REBOOT], allow: ALL, vms: [{ ...RUNNING, launcher: "/l.sh" }], ...input });

describe("power: kernel arguments that wait for GRUB's menu and a boot", () => {
  const ROWS: [what: string, input: Partial<PowerInput>, steps: string[], forbidden: string[]][] = [
    ["both allowed: the menu first, or the boot takes the old one", {}, ["update-grub", "host-reboot"], []],
    ["the menu alone", { allow: ["update-grub"] }, ["update-grub"], ["host-reboot"]],
    ["a reboot without the menu would run nothing new", { allow: ["host-reboot"] }, [], ["update-grub"]],
    [
      "beside a reboot that something else needs",
      { acts: [GRUB, { ...REBOOT, fields: ["args", "x"] }], allow: ["host-reboot"] },
      ["host-reboot"],
      ["update-grub"],
    ],
    ["a power cycle comes after the menu", { acts: [GRUB, CYCLE] }, ["update-grub", "rtvm-power-cycle"], []],
  ];
  for (const [what, input, steps, forbidden] of ROWS)
    it(what, () => {
      const found = plan(input);
      assert.deepEqual(
        found.steps.map(({ act }) => act),
        steps,
      );
      assert.deepEqual(
        found.forbidden.map(({ act }) => act),
        forbidden,
      );
    });

  it("the menu alone meets no obstacle, whatever runs", () => {
    assert.deepEqual(plan({ acts: [GRUB], preLaunchedRealtime: "P", vms: [RUNNING] }).obstacles, []);
  });
});

describe("power: a VM that runs, and that nobody would start after a reboot", () => {
  const ROWS: [what: string, vm: Partial<PowerVm>, obstacles: RegExp[]][] = [
    ["no script, no autostart", {}, [/no launch script of A is known: it could be powered off and not started again/]],
    ["acrnd starts it", { autostart: true }, []],
    ["a script of ours", { launcher: "/l.sh" }, []],
    ["it is off: nothing is lost", { liveness: { state: "off", why: "" } }, []],
  ];
  for (const [what, vm, obstacles] of ROWS)
    it(what, () => {
      const found = plan({ acts: [REBOOT], vms: [{ ...RUNNING, ...vm }] }).obstacles;
      assert.equal(found.length, obstacles.length, found.join("\n"));
      for (const [at, each] of obstacles.entries()) assert.match(found[at] ?? "", each);
    });
});
