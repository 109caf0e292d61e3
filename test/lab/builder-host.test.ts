import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readlinkSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import {
  type BoardSpec,
  type HostTreeSpec,
  hostFiles,
  launchScripts,
  type ScenarioSpec,
  writeHostTree,
} from "../../examples/lab/builder";
import { host } from "../support/arbitraries";
import { needs } from "../support/needs";

const board: BoardSpec = { name: "nuc", pCores: 2, eCores: 4, smt: true };
const scenario: ScenarioSpec = {
  name: "shared",
  board: "nuc",
  vms: [
    { kind: "pre", cpus: [2, 3] },
    { kind: "service", cpus: [] },
    { kind: "post-rt", cpus: [7, 6], pci: ["01:00.0 Ethernet controller: NIC"] },
    { kind: "post", cpus: [4, 5], name: "HMI", memoryMb: 512 },
  ],
};
const spec: HostTreeSpec = {
  board,
  scenario,
  acrnVersion: "3.3",
  machineId: "0123456789abcdef0123456789abcdef",
  productUuid: "4C4C4544-0000-1000-8000-000000000001",
  bootId: "11111111-2222-4333-8444-555555555555",
  runningVms: [{ name: "POST_RT_VM1", pid: 912, args: ["--cpu_affinity", "20,22", "--rtvm"] }],
  offline: [4, 5],
  extra: { "/home/acrn/note": "mine\n" },
};
const legacy: HostTreeSpec = {
  ...spec,
  acrnVersion: "2.5",
  board: { ...board, dialect: "2.x" },
  scenario: {
    ...scenario,
    dialect: "2.x",
    vms: [
      { kind: "service", cpus: [0] },
      { kind: "post-rt", cpus: [7, 6] },
    ],
  },
};

describe("a built host tree", () => {
  let dir = "";
  beforeEach(() => {
    dir = mkdtempSync(join(tmpdir(), "acrn-tree-"));
  });
  afterEach(() => rmSync(dir, { recursive: true, force: true }));
  const read = (path: string) => readFileSync(join(dir, path), "utf8");

  it("board and record are links that stay within the tree", () => {
    writeHostTree(dir, spec);
    const root = realpathSync(dir);
    for (const [name, file] of [
      ["board.xml", "nuc/board.xml"],
      ["scenario.xml", "nuc/shared/scenario.xml"],
    ] as const) {
      const link = join(dir, "usr/share/acrn", name);
      assert.ok(lstatSync(link).isSymbolicLink() && !readlinkSync(link).startsWith("/"));
      assert.equal(realpathSync(link), join(root, "usr/lib/x86_64-linux-gnu/acrn", file));
    }
  });

  it("dpkg's sums are those of the files, and the booted image is the packaged one", function () {
    writeHostTree(dir, spec);
    const check = spawnSync("md5sum", ["--strict", "-c", "var/lib/dpkg/info/acrn-hypervisor.md5sums"], {
      cwd: dir,
      encoding: "utf8",
    });
    needs(this, check.error === undefined, "no md5sum");
    assert.equal(check.status, 0, check.stdout + check.stderr);
    assert.match(check.stdout, /nuc\/shared\/scenario\.xml: OK/);
    assert.match(check.stdout, /launch_user_vm_id1\.sh: OK/);
    assert.equal(read("boot/acrn-3.3.bin"), read("usr/lib/x86_64-linux-gnu/acrn/nuc/shared/acrn.nuc.shared.bin"));
  });

  it("the Service VM numbers its CPUs anew, and hides the offline ones", () => {
    writeHostTree(dir, spec);
    const pairs = [...read("proc/cpuinfo").matchAll(/^processor\t: (\d+)$[\s\S]*?^apicid\t\t: (\d+)$/gm)];
    // pCPUs 2 and 3 (APIC ids 8, 9) are the pre-launched VM's; CPUs 4 and 5 of the rest (20, 22) are offline.
    assert.deepEqual(
      pairs.map((pair) => `${pair[1]}@${pair[2]}`),
      ["0@0", "1@1", "2@16", "3@18"],
    );
    assert.equal(read("sys/devices/system/cpu/online"), "0-3\n");
    assert.equal(read("sys/devices/system/cpu/offline"), "4-5\n");
    assert.equal(read("sys/devices/system/cpu/cpu4/online"), "0\n");
    assert.equal(read("sys/devices/system/cpu/cpu3/online"), "1\n");
    assert.ok(
      existsSync(join(dir, "sys/devices/system/cpu/cpu0")) &&
        !existsSync(join(dir, "sys/devices/system/cpu/cpu0/online")),
    );
  });

  it("identity, boot time, running VMs, and what is asked for beside", () => {
    writeHostTree(dir, spec);
    assert.equal(read("etc/machine-id"), `${spec.machineId}\n`);
    assert.equal(read("sys/class/dmi/id/product_uuid"), `${spec.productUuid}\n`);
    assert.equal(read("proc/sys/kernel/random/boot_id"), `${spec.bootId}\n`);
    assert.match(read("proc/stat"), /^btime 1700000000$/m);
    assert.deepEqual(read("proc/912/cmdline").split("\0"), [
      "/usr/bin/acrn-dm",
      "--cpu_affinity",
      "20,22",
      "--rtvm",
      "POST_RT_VM1",
      "",
    ]);
    assert.ok(existsSync(join(dir, "run/acrn/mngr/POST_RT_VM1.monitor.912.socket")));
    assert.equal(read("home/acrn/note"), "mine\n");
    for (const path of [
      "usr/share/acrn/conf/add",
      "var/lib",
      "dev/acrn_hsm",
      "etc/default/grub",
      "etc/default/grub.d/acrn.cfg",
    ])
      assert.ok(existsSync(join(dir, path)), path);
  });

  it("writing it again over itself changes nothing but times", () => {
    const files = writeHostTree(dir, spec);
    assert.deepEqual(writeHostTree(dir, spec), files);
    for (const [path, entry] of files) if (entry.kind === "file") assert.equal(read(path), entry.content);
  });

  it("files that are given are taken as they are, their CPUs found in the text", () => {
    const text = "<acrn-config><thread><cpu_id>0</cpu_id>\n<apic_id>0x10</apic_id></thread></acrn-config>";
    writeHostTree(dir, { ...spec, offline: [], board: { name: "real", text }, scenario: { name: "s", text: "<x/>" } });
    assert.equal(read("usr/share/acrn/board.xml"), text);
    assert.equal(read("usr/share/acrn/scenario.xml"), "<x/>");
    assert.match(read("proc/cpuinfo"), /^apicid\t\t: 16$/m);
  });

  it("2.x scripts lie with the user, and name pCPUs", () => {
    writeHostTree(dir, { ...legacy, offline: [], runningVms: [] });
    assert.match(read("home/acrn/launch_uos_id1.sh"), /--cpu_affinity 7,6 \\$/m);
    assert.equal(existsSync(join(dir, "usr/share/acrn/launch-scripts")), false);
    assert.equal(lstatSync(join(dir, "home/acrn/launch_uos_id1.sh")).mode & 0o777, 0o755);
  });

  it("paths are absolute and normal, whatever the spec", () => {
    fc.assert(
      fc.property(host(), (any) => {
        const files = hostFiles({ ...spec, ...any, acrnVersion: any.scenario.version ?? "3.3", offline: [] });
        for (const path of files.keys()) assert.match(path, /^(\/[^/]+)+$/);
      }),
      { numRuns: 30 },
    );
  });
});

describe("generated launch scripts", () => {
  it("3.x: APIC ids in decimal, in numerical order, and the RTVM's options", () => {
    const [rt, hmi] = launchScripts(board, scenario);
    assert.deepEqual(
      [rt?.name, rt?.vm, hmi?.name, hmi?.vm],
      ["launch_user_vm_id1.sh", "POST_RT_VM1", "launch_user_vm_id2.sh", "HMI"],
    );
    assert.match(rt?.text ?? "", /^ {4}`add_cpus 20 22`$/m);
    assert.match(rt?.text ?? "", /--rtvm\n {4}--lapic_pt\n/);
    assert.match(rt?.text ?? "", /passthrough_device 4 01\/00\/0`\n {4}--intr_monitor/);
    assert.match(hmi?.text ?? "", /^ {4}`add_cpus 16 18`$/m);
    assert.ok(!hmi?.text.includes("--rtvm"));
  });

  it("3.x: 8 comes before 16, which order by text would turn around", () => {
    const vms: ScenarioSpec["vms"] = [
      { kind: "service", cpus: [] },
      { kind: "post", cpus: [2, 1] },
    ];
    const [script] = launchScripts({ name: "b", pCores: 3, apicStep: 8 }, { ...scenario, vms });
    assert.match(script?.text ?? "", /`add_cpus 8 16`/);
  });

  it("are bash", function () {
    needs(this, spawnSync("bash", ["-c", ":"]).status === 0, "no bash");
    const old = launchScripts(legacy.board as BoardSpec, legacy.scenario as ScenarioSpec);
    for (const { name, text } of [...launchScripts(board, scenario), ...old])
      assert.equal(spawnSync("bash", ["-n"], { input: text, encoding: "utf8" }).stderr, "", name);
  });

  it("of a standard VM, run, give acrn-dm these arguments", function () {
    needs(this, spawnSync("bash", ["-c", ":"]).status === 0, "no bash");
    // Of an RTVM it would take CPUs of this very machine offline.
    const script = launchScripts(board, scenario).find((each) => each.vm === "HMI");
    const bin = mkdtempSync(join(tmpdir(), "acrn-bin-"));
    try {
      mkdirSync(bin, { recursive: true });
      for (const [name, body] of [
        ["acrn-dm", 'printf "%s\\n" "$@"'],
        ["modprobe", ":"],
      ]) {
        writeFileSync(join(bin, `${name}`), `#!/bin/sh\n${body}\n`);
        chmodSync(join(bin, `${name}`), 0o755);
      }
      const run = spawnSync("bash", ["-s"], {
        input: script?.text,
        encoding: "utf8",
        env: { PATH: `${bin}:/usr/bin:/bin` },
      });
      const args = run.stdout.split("\n").slice(1, -1);
      assert.deepEqual(args.slice(0, 4), ["--cpu_affinity", "16,18", "-m", "512M"], run.stderr);
      assert.equal(args.at(-1), "HMI");
      assert.ok(args.includes("1:0,lpc"));
    } finally {
      rmSync(bin, { recursive: true, force: true });
    }
  });

  it("refuse pCPUs that the board lacks", () => {
    const wrong: ScenarioSpec = {
      ...scenario,
      vms: [
        { kind: "service", cpus: [] },
        { kind: "post", cpus: [42] },
      ],
    };
    assert.throws(() => launchScripts(board, wrong), /lacks one of the pCPUs 42/);
  });
});
