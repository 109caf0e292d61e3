import assert from "node:assert/strict";
import type { Liveness } from "../../../../provider/core/acrn/power/liveness";
import { type PowerInput, type PowerVm, planPower } from "../../../../provider/core/acrn/power/steps";
import type { Act, ActName } from "../../../../provider/core/plan/acts";

const RUNNING: Liveness = { state: "running", pid: 41, why: "acrn-dm 41 is alive" };
const OFF: Liveness = { state: "off", why: "it ended" };
const UNKNOWN: Liveness = { state: "unknown", why: "no record" };

const vm = (name: string, liveness: Liveness, more: Partial<PowerVm> = {}): PowerVm => ({
  name,
  liveness,
  shutdown: "it is asked",
  launcher: `/l/${name}.sh`,
  ...more,
});
const act = (name: ActName, target: string, ...fields: string[]): Act => ({ act: name, target, fields });
const plan = (input: Partial<PowerInput>) =>
  planPower({ acts: [], allow: ["rtvm-power-cycle", "host-reboot"], vms: [vm("A", RUNNING)], ...input });

const CYCLE = act("rtvm-power-cycle", "A", "a");
const REBOOT = act("host-reboot", "host", "h");
const INSTALL = act("hypervisor-install", "host", "i");

describe("power: steps", () => {
  const ROWS: [what: string, input: Partial<PowerInput>, lines: RegExp[]][] = [
    ["nothing is pending", {}, []],
    [
      "a running VM: the proof to come",
      { acts: [CYCLE] },
      [
        /^rtvm-power-cycle of A: powered off inside \(it is asked; proof: acrn-dm 41 ends by itself after the guest agreed\), then started by \/l\/A\.sh; interrupts this VM alone$/,
      ],
    ],
    [
      "a VM that is off is only started",
      { acts: [CYCLE], vms: [vm("A", OFF)] },
      [/^rtvm-power-cycle of A: it is off \(it ended\), so only started by \/l\/A\.sh/],
    ],
    ["a VM of which nobody knows: no proof", { acts: [CYCLE], vms: [vm("A", UNKNOWN)] }, [/no proof: no record/]],
    ["a VM that the host does not have", { acts: [act("rtvm-power-cycle", "GONE", "x")] }, []],
    [
      "two VMs: each once, in the order of the acts",
      { acts: [CYCLE, act("rtvm-power-cycle", "B", "b")], vms: [vm("B", OFF), vm("A", RUNNING)] },
      [/of A:/, /of B:/],
    ],
    [
      "a reboot, which powers each VM off first; no power cycle beside it",
      { acts: [REBOOT, CYCLE], vms: [vm("A", RUNNING), vm("B", OFF)] },
      [
        /^host-reboot: A off first \(it is asked; proof: acrn-dm 41 ends .*\); then the machine, confirmed by its boot id; interrupts the Service VM and every other VM$/,
      ],
    ],
    [
      "a reboot with nothing alive",
      { acts: [REBOOT], vms: [vm("A", OFF)] },
      [/^host-reboot: no real-time VM runs; then/],
    ],
    ["an act of a later version", { acts: [INSTALL] }, []],
    [
      "a reboot for what waits for an image would run nothing new",
      { acts: [INSTALL, act("host-reboot", "host", "i")] },
      [],
    ],
    [
      "a reboot for that and for something else",
      { acts: [INSTALL, act("host-reboot", "host", "i", "cmdline x")] },
      [/^host-reboot: A off first/],
    ],
    ["nothing is allowed", { acts: [REBOOT, CYCLE], allow: [] }, []],
    ["only the power cycle is allowed", { acts: [REBOOT, CYCLE], allow: ["rtvm-power-cycle"] }, [/of A/]],
    ["only the reboot is allowed", { acts: [REBOOT, CYCLE], allow: ["host-reboot"] }, [/^host-reboot/]],
    ["a name that no act has allows nothing", { acts: [CYCLE], allow: ["*", "host"] }, []],
  ];
  for (const [what, input, lines] of ROWS)
    it(what, () => {
      const found = plan(input).lines;
      assert.equal(found.length, lines.length, found.join("\n"));
      for (const [at, line] of lines.entries()) assert.match(found[at] as string, line);
    });

  it("the reboot's VMs are all that may run, for they have to be started again", () => {
    const [step] = plan({ acts: [REBOOT], vms: [vm("A", RUNNING), vm("B", OFF)] }).steps;
    assert.deepEqual(step?.act === "host-reboot" && step.vms.map(({ name }) => name), ["A", "B"]);
  });
});

describe("power: what is not done", () => {
  const IMAGE = { id: "a".repeat(16), keep: 3, boots: true };
  const names = (acts: readonly Act[]) => acts.map(({ act: name, target, fields }) => `${name} ${target} ${fields}`);
  const ROWS: [what: string, input: Partial<PowerInput>, forbidden: string[], byHand: string[]][] = [
    ["all allowed", { acts: [REBOOT, CYCLE] }, [], []],
    ["none allowed", { acts: [REBOOT, CYCLE], allow: [] }, ["host-reboot host h", "rtvm-power-cycle A a"], []],
    [
      "the reboot starts the VM anew: its power cycle is not missing",
      { acts: [REBOOT, CYCLE], allow: ["host-reboot"] },
      [],
      [],
    ],
    ["the reboot is missing", { acts: [REBOOT, CYCLE], allow: ["rtvm-power-cycle"] }, ["host-reboot host h"], []],
    [
      "an image is installed by hand, whatever is allowed",
      { acts: [INSTALL], allow: ["hypervisor-install"] },
      [],
      ["hypervisor-install host i"],
    ],
    [
      "a standard VM's power cycle too",
      { acts: [act("vm-power-cycle", "S", "s")], allow: [] },
      [],
      ["vm-power-cycle S s"],
    ],
    [
      "a reboot that waits for the image is not forbidden, but of no use yet",
      { acts: [INSTALL, act("host-reboot", "host", "i")], allow: [] },
      [],
      ["hypervisor-install host i"],
    ],
    [
      "of a reboot for two things the one that waits is left out",
      { acts: [INSTALL, act("host-reboot", "host", "i", "c")], allow: [] },
      ["host-reboot host c"],
      ["hypervisor-install host i"],
    ],
    [
      "an image and the reboot that tries it are asked for at once",
      { acts: [INSTALL, act("host-reboot", "host", "i")], allow: [], image: IMAGE },
      ["hypervisor-install host i", "host-reboot host i"],
      [],
    ],
    [
      "the reboot alone is missing",
      { acts: [INSTALL, act("host-reboot", "host", "i")], allow: ["hypervisor-install"], image: IMAGE },
      ["host-reboot host i"],
      [],
    ],
    [
      "the install alone is missing",
      { acts: [INSTALL, act("host-reboot", "host", "i")], allow: ["host-reboot"], image: IMAGE },
      ["hypervisor-install host i"],
      [],
    ],
    [
      "an image that runs only has to be confirmed",
      { acts: [INSTALL], allow: [], image: { ...IMAGE, boots: false } },
      ["hypervisor-install host i"],
      [],
    ],
  ];
  for (const [what, input, forbidden, byHand] of ROWS)
    it(what, () => {
      const found = plan(input);
      assert.deepEqual([names(found.forbidden), names(found.byHand)], [forbidden, byHand]);
    });
});

describe("power: obstacles, before anything irreversible", () => {
  const bare = { shutdown: undefined } as unknown as Partial<PowerVm>;
  const lost = { launcher: undefined } as unknown as Partial<PowerVm>;
  const ROWS: [what: string, input: Partial<PowerInput>, obstacles: RegExp[]][] = [
    ["running, and somebody said how it goes off", { acts: [CYCLE] }, []],
    [
      "nobody said how",
      { acts: [CYCLE], vms: [vm("A", RUNNING, bare)] },
      [/nobody said how A is shut down: `guests: \{ A: \{ ssh/],
    ],
    ["off: nobody has to say how", { acts: [CYCLE], vms: [vm("A", OFF, bare)] }, []],
    [
      "no script: it would not come back",
      { acts: [CYCLE], vms: [vm("A", RUNNING, lost)] },
      [/no launch script of A is known/],
    ],
    ["unknown: a launch may be tried, ACRN refuses a second one", { acts: [CYCLE], vms: [vm("A", UNKNOWN)] }, []],
    [
      "unknown before a reboot: no",
      { acts: [REBOOT], vms: [vm("A", UNKNOWN)] },
      [/whether A runs cannot be told \(no record\).*off the net/],
    ],
    [
      "a VM that the reboot has nothing to do with counts too",
      { acts: [REBOOT], vms: [vm("A", OFF), vm("B", RUNNING, bare)] },
      [/how B is shut down/],
    ],
    ["running before a reboot", { acts: [REBOOT] }, []],
    [
      "unknown, and nobody said how: said first",
      { acts: [REBOOT], vms: [vm("A", UNKNOWN, bare)] },
      [/nobody said how A/],
    ],
    [
      "a pre-launched RTVM and a reboot",
      { acts: [REBOOT], preLaunchedRealtime: "P" },
      [/P is a pre-launched real-time VM.*by hand/],
    ],
    ["a pre-launched RTVM and a power cycle", { acts: [CYCLE], preLaunchedRealtime: "P" }, []],
    ["what is not allowed has no obstacles", { acts: [REBOOT], allow: [], vms: [vm("A", UNKNOWN, bare)] }, []],
  ];
  for (const [what, input, obstacles] of ROWS)
    it(what, () => {
      const found = plan(input).obstacles;
      assert.equal(found.length, obstacles.length, found.join("\n"));
      for (const [at, obstacle] of obstacles.entries()) assert.match(found[at] as string, obstacle);
    });
});
