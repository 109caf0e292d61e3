import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseDmArgs } from "../../examples/lab/server/physics/dm-args";
import { type BootedImage, builtFrom } from "../../examples/lab/server/physics/image";
import { admit, outranked } from "../../examples/lab/server/physics/rules";
import { parseSystemdRun } from "../../examples/lab/server/physics/systemd-run-args";
import { Translator } from "../../examples/lab/server/physics/translate";
import type { VmState } from "../../examples/lab/server/physics/types";

describe("lab physics: acrn-dm's arguments", () => {
  const good: [words: string, version: number, expected: Partial<Record<string, unknown>>][] = [
    ["-A -m 2g -s 0:0,hostbridge -U 123 --lapic_pt VM", 205, { realtime: true, memoryMb: 2048, name: "VM" }],
    ["--cpu_affinity 1-3,5 VM", 207, { affinity: [1, 2, 3, 5], realtime: false, memoryMb: 256 }],
    ["--rtvm VM -m512M", 303, { realtime: true, memoryMb: 512 }],
    ["--memsize=0x400M --cpu_affinity=24 VM", 303, { affinity: [24], memoryMb: 1024 }],
    ["--lapic_pt VM", 300, { realtime: false }],
    ["-AY -m 1G VM", 303, { memoryMb: 1024 }],
    ["--mac_seed -VM VM", 205, { name: "VM" }],
    ["--ssram VM", 205, { name: "VM" }],
    ["-- -VM", 303, { name: "-VM" }],
  ];
  for (const [words, version, expected] of good)
    it(`${version}: ${words}`, () => {
      const parsed = parseDmArgs(words.split(" "), version);
      assert.ok(!("refusal" in parsed), JSON.stringify(parsed));
      for (const [key, value] of Object.entries(expected))
        assert.deepEqual(parsed[key as keyof typeof parsed], value, key);
    });

  const refused: [words: string, version: number, refusal: RegExp][] = [
    ["-U 1 VM", 207, /unknown option -U/],
    ["-W VM", 300, /unknown option -W/],
    ["--virtio_msi VM", 207, /unknown option --virtio_msi/],
    ["--iasl /x VM", 300, /unknown option --iasl/],
    ["--cpu_affinity 1-3 VM", 300, /invalid pcpu param 1-3/],
    ["--cpu_affinity 1,,3 VM", 300, /invalid pcpu param/],
    ["-m 1024 VM", 205, /invalid memsize '1024'/],
    ["-m 64M VM", 303, /invalid memsize/],
    ["-m 1000b VM", 303, /invalid memsize/],
    ["--virtio_poll 0 VM", 303, /invalid virtio poll/],
    ["VM -m", 303, /option -m lacks its value/],
    ["A B", 303, /one VM name is wanted, given: A B/],
    ["ABCDEFGHIJKLMNOP", 207, /more than 15/],
  ];
  for (const [words, version, refusal] of refused)
    it(`${version}: ${words}: refused`, () => {
      const parsed = parseDmArgs(words.split(" "), version);
      assert.match("refusal" in parsed ? parsed.refusal : JSON.stringify(parsed), refusal);
    });
  it("2047 bytes of -B are taken, one more is not", () => {
    const ends = [2047, 2048].map((length) => "refusal" in parseDmArgs(["-B", "x".repeat(length), "VM"], 303));
    assert.deepEqual(ends, [false, true]);
  });
});

describe("lab physics: what outranks what", () => {
  const image: BootedImage = { ...builtFrom({ scenario: "", board: "" }), threads: [{ cpu: 3, apicId: 6 }] };
  const vm: VmState = { name: "RT", realtime: true, pcpus: [3], state: "running", args: [] };
  const pre = { id: "0", name: "P", load: "pre" as const, pcpus: [2], policy: false };
  const rows: [title: string, image: Partial<BootedImage>, vms: VmState[], expected: boolean][] = [
    ["nothing", {}, [], false],
    ["a standard VM", {}, [{ ...vm, realtime: false }], false],
    ["an RTVM", {}, [vm], true],
    ["an orphan", {}, [{ ...vm, state: "orphan" }], true],
    ["an RTVM in supervisor mode", { supervisor: true }, [vm], false],
    ["a pre-launched RTVM", { supervisor: true, vms: [{ ...pre, severe: true }] }, [], true],
    ["a pre-launched standard VM", { vms: [{ ...pre, severe: false }] }, [], false],
  ];
  for (const [title, more, vms, expected] of rows)
    it(title, () => assert.equal(outranked({ ...image, ...more }, vms), expected));

  it("a VM that the image does not have may take any core that is free", () => {
    const args = parseDmArgs(["--cpu_affinity", "6", "NEW"], 303);
    assert.ok(!("refusal" in args));
    assert.deepEqual(admit(args, { image, vms: [], iasl: true }), { pcpus: [3] });
    assert.ok("panic" in admit(args, { image: { ...image, rdt: true }, vms: [], iasl: true }));
    assert.ok("refusal" in admit(args, { image, vms: [vm], iasl: true }));
  });
});

describe("lab physics: systemd-run's arguments", () => {
  const plain = {
    unit: "made.service",
    words: ["true"],
    wait: false,
    pipe: false,
    quiet: false,
    collect: false,
    env: {},
  };
  const rows: [args: string[], expected: object][] = [
    [["true"], plain],
    [["--unit=a", "--collect", "-q", "true"], { ...plain, unit: "a.service", collect: true, quiet: true }],
    [["-u", "a.scope", "--wait", "--", "true", "-x"], { ...plain, unit: "a.scope", wait: true, words: ["true", "-x"] }],
    [
      ["-P", "-p", "KillMode=process", "-pWorkingDirectory=/x", "true"],
      { ...plain, pipe: true, wait: true, cwd: "/x" },
    ],
    [
      ["-t", "--same-dir", "-EA=b=c", "--property=Environment=B=1", "true"],
      { ...plain, pipe: true, wait: true, cwd: "/here", env: { A: "b=c", B: "1" } },
    ],
    [["--wait"], { refusal: "systemd-run: command line to execute required" }],
    [["--user", "true"], { refusal: "systemd-run: unrecognized option '--user'" }],
  ];
  for (const [args, expected] of rows)
    it(args.join(" "), () => assert.deepEqual(parseSystemdRun(args, "/here", "made.service"), expected));
});

describe("lab physics: translated scripts", () => {
  let folder = "";
  let translator: Translator;
  before(() => {
    folder = mkdtempSync(join(tmpdir(), "acrn-words-"));
    for (const name of ["tree/root", "bin"]) mkdirSync(join(folder, name), { recursive: true });
    writeFileSync(join(folder, "bin/acrn-dm"), "");
    writeFileSync(join(folder, "tree/root/inner.sh"), "#!/bin/sh\necho 0 >/sys/x\n");
    translator = new Translator(join(folder, "tree"), join(folder, "copies"), join(folder, "bin"));
  });
  after(() => rmSync(folder, { recursive: true }));

  const rows: [line: string, expected: string][] = [
    ['echo 0 > "/sys/devices/system/cpu/cpu$n/online"', 'echo 0 > "TREE/sys/devices/system/cpu/cpu$n/online"'],
    ["grep x /proc/cpuinfo >/dev/null 2>&1", "grep x TREE/proc/cpuinfo >/dev/null 2>&1"],
    ["cat /proc/self/stat /proc/1/comm", "cat /proc/self/stat TREE/proc/1/comm"],
    [
      "x=/run/a:b; cd ~/x; cat $d/run/x \u0024{d}/run ./run/x",
      "x=TREE/run/a:b; cd ~/x; cat $d/run/x \u0024{d}/run ./run/x",
    ],
    ["-s 3,virtio-blk,/home/acrn/rt.img", "-s 3,virtio-blk,TREE/home/acrn/rt.img"],
    ["/usr/bin/acrn-dm --ovmf /usr/share/acrn/bios/OVMF.fd", "BIN/acrn-dm --ovmf TREE/usr/share/acrn/bios/OVMF.fd"],
    ["/usr/bin/env; /bin/true; sed 's/run/x/'; a=$((8/2))", "/usr/bin/env; /bin/true; sed 's/run/x/'; a=$((8/2))"],
    ["[ -c /dev/acrn_hsm ] || exit 1", "[ -c TREE/dev/acrn_hsm ] || exit 1"],
    ["printf x >/run/pulumi-acrn/vms/$name.tmp", "printf x >TREE/run/pulumi-acrn/vms/$name.tmp"],
    [
      "for c in /sys/devices/system/cpu/cpu[1-3]; do :; done",
      "for c in TREE/sys/devices/system/cpu/cpu[1-3]; do :; done",
    ],
  ];
  for (const [line, expected] of rows)
    it(line, () => {
      const text = translator.text(`#!/bin/sh\n${line}`, "x").replaceAll(join(folder, "tree"), "TREE");
      assert.equal(text.replaceAll(join(folder, "bin"), "BIN"), `#!/bin/sh\n${expected}`);
    });

  it("a script that is named in another is translated too, and told by its own name", () => {
    const [, line = ""] = translator.text("#!/bin/bash\nexec /root/inner.sh", "x").split("\n");
    const copy = line.replace("exec ", "");
    assert.equal(readFileSync(copy, "utf8"), `#!/bin/sh\necho 0 >${folder}/tree/sys/x\n`);
    assert.equal(translator.original(copy), "/root/inner.sh");
    assert.equal(translator.original("/usr/bin/bash"), "/usr/bin/bash");
  });
});
