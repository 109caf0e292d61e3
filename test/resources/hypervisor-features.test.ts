import assert from "node:assert/strict";
import { hypervisorFeaturesKind } from "../../provider/resources/hypervisor-features";
import { CFG, cell, edit, fields, plan, type Version, VMS, withdraw } from "./hypervisor-features.support";

const F = "scenario hv/FEATURES";

describe("HypervisorFeatures: what is written, by version", () => {
  const rows: [Version, Record<string, unknown>, string[]][] = [
    ["3.3", { scheduler: "noop" }, [`${F}/SCHEDULER: SCHED_BVT => SCHED_NOOP`]],
    ["2.5", { scheduler: "iorr" }, [`${F}/SCHEDULER: SCHED_BVT => SCHED_IORR`]],
    ["2.7", { splitLockDetection: true }, [`${F}/ENFORCE_TURNOFF_AC: y => n`]],
    [
      "3.0",
      { splitLockDetection: true, ucLockDetection: false },
      [`${F}/ENFORCE_TURNOFF_AC: y => n`, `${F}/ENFORCE_TURNOFF_GP: n => y`],
    ],
    ["3.3", { splitLockDetection: true }, [`${F}/SPLIT_LOCK_DETECTION_ENABLED: n => y`]],
    ["2.5", { mcePageSizeWorkaround: "off", trustAllGuestKernels: true }, [`${F}/MCE_ON_PSC_DISABLED: n => y`]],
    ["3.0", { mcePageSizeWorkaround: "off", trustAllGuestKernels: true }, [`${F}/MCE_ON_PSC_DISABLED: n => y`]],
    ["3.3", { mcePageSizeWorkaround: "off", trustAllGuestKernels: true }, [`${F}/MCE_ON_PSC_ENABLED: y => n`]],
    ["3.3", { serviceVmSupervisor: true }, [`${F}/SERVICE_VM_SUPERVISOR_ENABLED: n => y`]],
    ["3.3", { keepIrqDisabled: true }, [`${F}/KEEP_IRQ_DISABLED: (absent) => y`]],
    [
      "3.3",
      { hyperv: false, l1dFlushOnVmEntry: true, iommuEnforceSnoop: true },
      [`${F}/HYPERV_ENABLED: y => n`, `${F}/IOMMU_ENFORCE_SNP: n => y`, `${F}/L1D_VMENTRY_ENABLED: n => y`],
    ],
    ["3.3", { buildType: "release" }, ["scenario hv/BUILD_TYPE: debug => release"]],
    ["2.7", { buildType: "release" }, ["scenario hv/DEBUG_OPTIONS/RELEASE: n => y"]],
  ];
  for (const [version, args, lines] of rows)
    it(`${version} ${JSON.stringify(args)}`, () => {
      const memory = cell(version);
      const before = memory.image();
      const planned = plan(memory, args);
      assert.deepEqual(planned.refusals, []);
      assert.deepEqual(fields(planned), lines);
      assert.deepEqual(
        planned.plan.acts.map(({ act }) => act),
        ["hypervisor-install", "host-reboot"],
      );
      memory.apply(planned);
      assert.deepEqual(plan(memory, args).lines, []);
      memory.apply(withdraw(memory));
      assert.deepEqual(memory.changedSince(before), []);
    });

  it("the policy goes to the scenario and to GRUB's settings, and needs no image", () => {
    const memory = cell();
    const before = memory.image();
    const planned = plan(memory, { cpuPerformancePolicy: "nominal" });
    assert.deepEqual(fields(planned), [`${F}/CPU_PERFORMANCE_POLICY: Performance => Nominal`]);
    assert.deepEqual(
      planned.plan.acts.map(({ act }) => act),
      ["update-grub", "host-reboot"],
    );
    memory.apply(planned);
    assert.match(memory.files.get(CFG) ?? "", /cpu_perf_policy=Nominal"$/m);
    assert.deepEqual(plan(memory, { cpuPerformancePolicy: "nominal" }).lines, []);
    const other = plan(memory, { scheduler: "noop" });
    assert.ok(
      other.plan.files.some(({ path, after }) => path === CFG && after === undefined),
      "given back",
    );
    memory.apply(other);
    memory.apply(withdraw(memory));
    assert.deepEqual(memory.changedSince(before), []);
  });

  it("outputs name the elements, reasons the evidence", () => {
    const { outputs, reasons } = plan(cell(), { scheduler: "noop", hyperv: true });
    assert.deepEqual(outputs.elements, { scheduler: "hv/FEATURES/SCHEDULER", hyperv: "hv/FEATURES/HYPERV_ENABLED" });
    assert.match(reasons.join(), /elements are those of ACRN 3\.3: .*the installed image is of 3\.3/);
  });
});

describe("HypervisorFeatures: refused", () => {
  const shared = [...VMS, { kind: "post" as const, name: "STD2", cpus: [1] }];
  const parted = { RT: [2, 3], STD: [0] };
  const rows: [string, Version, Record<string, unknown>, string, RegExp][] = [
    ["an option that the version lacks", "3.0", { serviceVmSupervisor: true }, "serviceVmSupervisor", /3\.3 and later/],
    ["a policy before 3.2", "3.0", { cpuPerformancePolicy: "nominal" }, "cpuPerformancePolicy", /3\.2 and later/],
    ["prio before 2.7", "2.5", { scheduler: "prio" }, "scheduler", /2\.7 and later/],
    ["uc locks before 2.6", "2.5", { ucLockDetection: true }, "ucLockDetection", /2\.6 and later/],
    [
      "what the declared version lacks",
      "3.3",
      { keepIrqDisabled: true, acrnVersion: "2.7" },
      "keepIrqDisabled",
      /3\.0 and later/,
    ],
    ["an untrusted guest (T21)", "3.3", { mcePageSizeWorkaround: "off" }, "mcePageSizeWorkaround", /machine check/],
  ];
  for (const [name, version, args, property, message] of rows)
    it(name, () => {
      const { refusals, lines } = plan(cell(version), args);
      assert.equal(refusals[0]?.property, property);
      assert.match(refusals[0]?.message ?? "", message);
      assert.ok(refusals[0]?.hint);
      assert.deepEqual(lines, []);
    });

  it("noop where VMs share a pCPU, unless this program parts them", () => {
    const memory = cell("3.3", {}, shared);
    assert.match(plan(memory, { scheduler: "noop" }).refusals[0]?.message ?? "", /STD and STD2 on pCPU 1/);
    assert.deepEqual(plan(memory, { scheduler: "noop", partition: { pcpus: parted } }).refusals, []);
    const evicted = { pcpus: { RT: [2, 3] }, evicted: { STD2: [0] } };
    assert.deepEqual(plan(memory, { scheduler: "noop", partition: evicted }).refusals, []);
    assert.deepEqual(plan(memory, { scheduler: "bvt" }).refusals, []);
  });

  it("a debug build without a serial console", () => {
    const memory = cell();
    edit(memory, /scenario\.xml$/, /<SERIAL_CONSOLE>[^<]*/, "<SERIAL_CONSOLE>None");
    assert.equal(plan(memory, { buildType: "debug" }).refusals[0]?.code, "features.debug-console");
    assert.deepEqual(plan(memory, { buildType: "release" }).refusals, []);
  });

  it("a scenario that is of no version, until one is declared", () => {
    const memory = cell("3.0");
    edit(memory, /scenario\.xml$/, /<HYPERV_ENABLED>/, "<MCE_ON_PSC_ENABLED>y</MCE_ON_PSC_ENABLED>$&");
    assert.match(
      plan(memory, { hyperv: false }).refusals[0]?.message ?? "",
      /MCE_ON_PSC_DISABLED is of 3\.0; .*3\.1 and later/,
    );
    assert.deepEqual(plan(memory, { hyperv: false, acrnVersion: "3.1" }).refusals, []);
  });

  it("noop does not come back while a remaining claim has VMs share", () => {
    const memory = cell("3.3", {}, shared);
    edit(memory, /scenario\.xml$/, /SCHED_BVT/, "SCHED_NOOP");
    const documents = memory.draft().documents;
    const noop = new Map(documents);
    const scenario = documents.get("scenario");
    assert.ok(scenario?.origin);
    const text = scenario.origin.text.replace("SCHED_NOOP", "SCHED_BVT");
    const bvt = new Map(documents).set("scenario", { ...scenario, live: text });
    const wish = { field: "scenario vm[STD]/cpu_affinity", value: [1] };
    const codes = (remaining: (typeof wish)[]) =>
      hypervisorFeaturesKind.mayLeave?.(bvt, noop, remaining).map(({ code }) => code);
    assert.deepEqual(codes([wish]), ["features.noop-given-back"]);
    assert.deepEqual(codes([]), []);
    assert.deepEqual(hypervisorFeaturesKind.mayLeave?.(noop, noop, [wish]), []);
  });

  it("arguments that are none", () => {
    for (const args of [{}, { trustAllGuestKernels: true }, { scheduler: "rr" }, { hyperv: true, acrnVersion: "1.6" }])
      assert.equal(hypervisorFeaturesKind.schema.safeParse(args).success, false, JSON.stringify(args));
  });
});

describe("HypervisorFeatures: warned of", () => {
  const rows: [string, Record<string, unknown>, RegExp | undefined][] = [
    ["a supervisor's power", { serviceVmSupervisor: true }, /resets the whole machine at once/],
    ["no supervisor", { serviceVmSupervisor: false }, undefined],
    ["an option that nothing reads", { iommuEnforceSnoop: true }, /changes nothing/],
    ["the policy, where grub-acrn is", { cpuPerformancePolicy: "nominal" }, undefined],
    ["prio without shared pCPUs", { scheduler: "prio" }, undefined],
  ];
  for (const [name, args, expected] of rows)
    it(name, () => {
      const { warnings } = plan(cell(), args);
      if (expected) assert.match(warnings.join("\n"), expected);
      else assert.deepEqual(warnings, []);
    });

  it("a policy that GRUB does not take from here", () => {
    const memory = cell();
    memory.put("/etc/default/grub.d/acrn.cfg", undefined);
    assert.match(plan(memory, { cpuPerformancePolicy: "nominal" }).warnings.join(), /acrn\.cfg is not there/);
  });

  it("performance against a record that says Nominal, which only an image mends", () => {
    const memory = cell();
    edit(memory, /scenario\.xml$/, />Performance</, ">Nominal<");
    const { warnings, plan: planned } = plan(memory, { cpuPerformancePolicy: "performance" });
    assert.match(warnings.join(), /takes Nominal wherever/);
    assert.deepEqual(
      planned.acts.map(({ act }) => act),
      ["hypervisor-install", "host-reboot"],
    );
  });

  it("noop with a standard VM's script that was made for another scheduler", () => {
    const memory = cell();
    const path = "/root/acrn-work/launch_std.sh";
    const script = (vm: string) => `#!/bin/bash\nvm_type='${vm}'\nscheduler='SCHED_BVT'\nacrn-dm -m 1G STD\n`;
    memory.put(path, script("STANDARD_VM"));
    assert.match(plan(memory, { scheduler: "noop" }).warnings.join(), /launch_std\.sh was made for SCHED_BVT/);
    memory.put(path, script("RTVM"));
    assert.deepEqual(
      plan(memory, { scheduler: "noop" }).warnings.filter((each) => each.includes("launch_std")),
      [],
    );
  });

  it("Windows without Hyper-V, and VMs that wait under prio", () => {
    const memory = cell("3.3", {}, [...VMS, { kind: "post", name: "WIN", cpus: [1] }]);
    edit(memory, /scenario\.xml$/, /<name>WIN<\/name>/, "$&<os_type>Windows OS</os_type>");
    assert.match(plan(memory, { hyperv: false }).warnings.join(), /WIN runs Windows/);
    assert.match(plan(memory, { scheduler: "prio" }).warnings.join(), /wait for it: STD and WIN on pCPU 1/);
  });
});
