import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { buildBoard, buildScenario, type PolicySpec, type ScenarioSpec, type VmSpec } from "../../examples/lab/builder";
import { readLabImage } from "../../examples/lab/server/physics/lab-image";
import { LAB_BUILD } from "../../examples/lab/server/physics/stub-texts";
import { complaints } from "../../examples/lab/stub-build/validate";
import { temporary } from "../host/helpers";
import { RT, RT_ARGS, withCell } from "./support/cell";

const board = buildBoard({ name: "b", pCores: 4, l3: { ways: 12, cat: { clos: 4 } } });
const VMS: VmSpec[] = [
  { kind: "service", name: "S", cpus: [] },
  { kind: "post-rt", name: "R", cpus: [3] },
  { kind: "post", name: "P", cpus: [1, 2] },
];
const policies: PolicySpec[] = [
  { vm: "S", vcpu: 0, mask: "0xf" },
  { vm: "R", vcpu: 0, mask: "0xff0" },
  { vm: "P", vcpu: 0, mask: "0xf" },
];
const scenario = (change: Partial<ScenarioSpec> = {}): string =>
  buildScenario({
    ...{ name: "s", board: "b", vms: VMS },
    rdt: { enabled: true, allocations: [{ level: 3, id: "0x0", policies }] },
    ...change,
  });
const withPolicies = (...masks: string[]): string => {
  const each = masks.map((mask, vcpu) => ({ vm: "S", vcpu, mask }));
  return scenario({ rdt: { enabled: true, allocations: [{ level: 3, id: "0x0", policies: each }] } });
};

describe("lab: a build in place of make hypervisor", function () {
  this.timeout(60_000);
  const files = (text = scenario()): string => {
    const dir = temporary();
    writeFileSync(join(dir, "b.xml"), board);
    writeFileSync(join(dir, "s.xml"), text);
    return dir;
  };
  const build = (dir: string, ...options: string[]) =>
    spawnSync(process.execPath, [LAB_BUILD, "b.xml", "s.xml", "out", ...options], { cwd: dir, encoding: "utf8" });

  it("an image holds what it was built from; configs/ say what the allocator made of it", () => {
    const dir = files();
    const { status, stdout, stderr } = build(dir, "--hang", "--slow=20");
    assert.equal(status, 0, stderr);
    assert.match(stdout, /Board XML: b\.xml[\s\S]*OBJCOPY acrn\.bin/);
    assert.match(stderr, /warning: unused variable/);
    const image = readLabImage(join(dir, "out/acrn.bin"));
    assert.ok(image && image !== "damaged");
    assert.deepEqual([image.scenario, image.board, image.version], [scenario(), board, "3.3"]);
    assert.deepEqual(image.flags, { hangs: true, slow: 20 });
    const allocation = readFileSync(join(dir, "out/configs/allocation.xml"), "utf8");
    assert.equal(image.allocation, allocation);
    assert.match(allocation, /<clos_mask id="l3">\s*<clos>0xf<\/clos>\s*<clos>0xff0<\/clos>\s*<\/clos_mask>/);
    assert.match(allocation, /<vm id="1">\s*<clos>\s*<vcpu_clos>1<\/vcpu_clos>/);
    const header = readFileSync(join(dir, "out/configs/misc_cfg.h"), "utf8");
    assert.match(header, /#define SERVICE_VM_CONFIG_CPU_AFFINITY +\(AFFINITY_CPU\(0U\)\|.*\|AFFINITY_CPU\(3U\)\)/);
    assert.match(header, /#define VM2_CONFIG_CPU_AFFINITY +\(AFFINITY_CPU\(1U\)\|AFFINITY_CPU\(2U\)\)/);
    assert.match(header, /#define HV_SUPPORTED_MAX_CLOS +4U/);
  });

  it("--wrong-clos builds other classes than the scenario's", () => {
    const dir = files();
    assert.equal(build(dir, "--wrong-clos").status, 0);
    assert.match(readFileSync(join(dir, "out/configs/allocation.xml"), "utf8"), /<vm id="1">\s*<clos>\s*<vcpu_clos>0</);
  });

  it("2.x has its classes in misc_cfg.h alone", () => {
    const vms = VMS.map((vm) => ({ ...vm, clos: [vm.name === "R" ? 1 : 0] }));
    const dir = files(scenario({ dialect: "2.x", vms, rdt: { enabled: true, masks: ["0xf", "0xff0"] } }));
    assert.equal(build(dir).status, 0);
    const header = readFileSync(join(dir, "out/configs/misc_cfg.h"), "utf8");
    assert.match(header, /#define VM1_VCPU_CLOS +\{1U\}\n[\s\S]*#define CLOS_MASK_1 +0xff0U\n/);
    assert.doesNotMatch(readFileSync(join(dir, "out/configs/allocation.xml"), "utf8"), /clos/);
    const image = readLabImage(join(dir, "out/acrn.bin"));
    assert.match((image !== "damaged" && image?.allocation) || "", /<vcpu_clos>1</);
  });

  const failing: [title: string, text: string | undefined, options: string[], status: number, said: RegExp][] = [
    ["--fail", scenario(), ["--fail"], 2, /vmsr\.c:318:2: error: .*\nmake: \*\*\* .*Error 1/],
    [
      "a scenario that ACRN refuses",
      scenario({ vms: VMS.map((vm) => ({ ...vm, cpus: [0] })) }),
      [],
      2,
      /ERROR: physical CPU 0 is in the real-time VM R[\s\S]*make: \*\*\*/,
    ],
    ["no scenario", undefined, [], 2, /No rule to make target/],
    ["an option that it does not know", scenario(), ["--quick"], 64, /^$/],
  ];
  for (const [title, text, options, status, said] of failing)
    it(`${title} ends with ${status}, and leaves no image`, () => {
      const dir = files(text);
      const made = text === undefined ? build(join(dir, ".."), ...options) : build(dir, ...options);
      assert.equal(made.status, status, made.stderr);
      assert.match(made.stderr, said);
      assert.ok(!existsSync(join(dir, "out/acrn.bin")));
    });

  it(
    "it is a command of the lab's host, and what it builds can be installed and booted there, with its classes",
    withCell({ menu: true }, async (cell) => {
      const [lab, source] = ["/var/tmp/build", "/var/tmp/scenario.xml"];
      const text = cell.read("usr/share/acrn/scenario.xml").replace("RDT_ENABLED>n", "RDT_ENABLED>y");
      const names = ["ACRN_Service_VM", RT, "POST_STD_VM1"];
      const vcpus = [4, 1, 2];
      const each = names.flatMap((vm, index) =>
        Array.from({ length: vcpus[index] ?? 0 }, (_, vcpu) => ({ vm, vcpu, mask: vm === RT ? "0xff0" : "0xf" })),
      );
      const xml = each.map(
        ({ vm, vcpu, mask }) =>
          `<POLICY><VM>${vm}</VM><VCPU>${vcpu}</VCPU><TYPE>Unified</TYPE><CLOS_MASK>${mask}</CLOS_MASK></POLICY>`,
      );
      const region = `<CACHE_REGION><CACHE_ALLOCATION><CACHE_ID>0x0</CACHE_ID><CACHE_LEVEL>3</CACHE_LEVEL>${xml.join("")}</CACHE_ALLOCATION></CACHE_REGION></hv>`;
      mkdirSync(dirname(cell.path(source)), { recursive: true });
      cell.write(source, text.replace("</hv>", region));
      const made = await cell.on(`lab-build /usr/share/acrn/board.xml ${source} ${lab}`);
      assert.equal(made.exit.code, 0, made.err);
      assert.ok(cell.has(`${lab}/acrn.bin`));
      const entry = `menuentry 'new' --id new {\n multiboot2 /boot/new/acrn.bin quiet\n module2 /boot/vmlinuz-6.1.80-acrn-service-vm Linux_bzImage\n}\n`;
      cell.write("boot/grub/grub.cfg", cell.read("boot/grub/grub.cfg") + entry);
      cell.write("boot/new/acrn.bin", cell.read(`${lab}/acrn.bin`));
      await cell.on("grub-reboot new; reboot").catch(() => undefined);
      await cell.happened("boot");
      const { booted } = cell.machine.state();
      assert.deepEqual(Object.keys(booted?.clos ?? {}), names);
      await cell.start(`acrn-dm ${RT_ARGS}`, `launch ${RT}`);
      assert.deepEqual(cell.machine.vms()[0]?.clos, [{ vcpu: 0, pcpu: 3, clos: 1, masks: { "L3 0x0": "0xff0" } }]);
    }),
  );
});

describe("lab: what ACRN's tools refuse", () => {
  const vm = (index: number, change: Partial<VmSpec>): string =>
    scenario({ vms: VMS.map((one, at) => (at === index ? { ...one, ...change } : one)) });
  const cdp = scenario({ rdt: { enabled: true, cdp: true } });
  const rows: [title: string, text: string, said: RegExp | undefined][] = [
    ["nothing of a good one", scenario(), undefined],
    ["no XML", "<acrn-config>", /no XML/],
    ["another root", "<config/>", /<acrn-config>/],
    ["no <hv>", "<acrn-config/>", /one <hv>/],
    ["a name too long", vm(1, { name: "REALTIME_VM_0001" }), /'REALTIME_VM_0001' is no name/],
    ["a name twice", vm(1, { name: "P" }), /two VMs are called P/],
    ["a mask that is no number", withPolicies("12"), /CLOS_MASK is 12/],
    ["a wrong switch", scenario().replace("RDT_ENABLED>y", "RDT_ENABLED>yes"), /RDT_ENABLED is yes/],
    [
      "CPUs for the Service VM",
      scenario().replace("</name>", "</name><cpu_affinity/>"),
      /unexpected element cpu_affinity/,
    ],
    ["two Service VMs", vm(2, { kind: "service", name: "S2" }), /more than one Service VM/],
    ["a pre-launched VM behind the Service VM", vm(2, { kind: "pre" }), /wrong side/],
    ["no CPU", vm(2, { cpus: [] }), /P has no physical CPU/],
    ["CPU 0 for an RTVM", vm(1, { cpus: [0] }), /physical CPU 0/],
    ["an RTVM's CPU in another VM", vm(2, { cpus: [3] }), /assigned to P, too/],
    ["CDP where no cache has it", cdp, /CDP is not supported/],
    ["CDP without RDT", scenario({ rdt: { enabled: false, cdp: true } }), /CDP_ENABLED needs/],
    ["vCAT with CDP", scenario({ rdt: { enabled: true, cdp: true, vcat: true } }), /VCAT_ENABLED needs/],
    ["as many classes as there are", withPolicies("0x1", "0x2", "0x4", "0x8"), /4 CLOS ids are needed/],
    ["a pCPU that the board lacks", vm(2, { cpus: [9] }), /WARNING: P has/],
    // accepted, and wrong (reference 3, last item)
    ["nothing of masks that overlap, are too wide, have gaps", withPolicies("0xff", "0x5", "0xfffff"), undefined],
    ["nothing of VMs and vCPUs that are not there", withPolicies("0xf").replace("<VM>S", "<VM>NOBODY"), undefined],
  ];
  for (const [title, text, said] of rows)
    it(title, () => {
      const found = complaints(text, board).map((one) => `${one.level}: ${one.text}`);
      if (said) assert.match(found.join("\n"), said);
      else assert.deepEqual(found, []);
    });

  it("software SRAM, and 2.x classes without a mask", () => {
    const ways = board.replace(
      /(<cache level="3"[\s\S]*?)(<\/cache>)/,
      '$1<capability id="Software SRAM"><waymask>0x10</waymask></capability>$2',
    );
    assert.match(complaints(scenario(), ways)[0]?.text ?? "", /POLICY of R takes ways of the software SRAM/);
    const old = scenario({
      dialect: "2.x",
      vms: VMS.map((one) => ({ ...one, cpus: one.cpus, clos: [2] })),
      rdt: { enabled: true, masks: ["0xf", "0xf0"] },
    });
    assert.match(complaints(old, board)[0]?.text ?? "", /vcpu_clos 2 is beyond the 2 masks/);
  });
});
