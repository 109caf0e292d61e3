import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import fc from "fast-check";
import { dmArguments, ownedScript, preparation, type VmConfig, wordsOf } from "../../../../provider/core/acrn/launch";
import { readLaunchScript } from "../../../../provider/core/acrn/launch-script";
import { AcrnError } from "../../../../provider/core/errors";
import { needs } from "../../../support/needs";
import { MAC, Machine, which } from "./machine";
import { EVERY_DEVICE, rtvm } from "./vm";

const everything = rtvm({
  loader: { how: "ovmf", file: "/usr/share/acrn/bios/OVMF.fd" },
  devices: [
    ...EVERY_DEVICE,
    { kind: "input", device: "Device name: My keys, Device physical path: usb-0/input1", id: "k" },
    { kind: "block", path: "a.img", partition: "/dev/sda3" },
  ],
  passthrough: [{ bdf: "02:00.0", gpu: false, ptm: true }],
});
const { apicIds: _, ...numbered } = everything;

const SHAPES: Record<string, VmConfig> = {
  everything,
  "2.x": { ...numbered, dialect: "2.x", uuid: "u" },
  "a standard VM": rtvm({ realtime: false }),
  nothing: rtvm({ realtime: false, pcpus: [], windows: true, dmArgs: ["--iasl=/opt/iasl"] }),
};

describe("owned launch script", function () {
  this.timeout(60_000);

  for (const [name, vm] of Object.entries(SHAPES)) {
    it(`${name}: bash and shellcheck find nothing`, function () {
      needs(this, spawnSync("shellcheck", ["--version"]).status === 0, "no shellcheck");
      const options = { input: ownedScript(vm), encoding: "utf8" as const };
      const check = spawnSync("shellcheck", ["--shell=bash", "-"], options);
      assert.equal(check.stdout + check.stderr, "");
      assert.equal(spawnSync("bash", ["-n"], options).stderr, "");
    });

    it(`${name}: is read back as a launch of this VM on these CPUs`, () => {
      const { vm: found, cpus } = readLaunchScript("/l.sh", ownedScript(vm));
      const ids = vm.dialect === "3.x" ? vm.apicIds : vm.pcpus;
      assert.deepEqual([found, cpus], [vm.name, vm.pcpus.length > 0 ? ids : undefined]);
    });
  }

  it("says what it is, and one argument a line", () => {
    const lines = ownedScript(everything).split("\n");
    assert.equal(lines[0], "#!/bin/bash");
    assert.match(
      lines.slice(1, 8).join(" "),
      /ACRN VM RT1, written by pulumi-acrn.*change the program, not this file.*\/run\/pulumi-acrn\/vms\/RT1/,
    );
    const start = lines.indexOf("dm_params=(");
    const shown = lines.slice(start + 1, lines.indexOf(")", start));
    assert.equal(shown.length, dmArguments(everything).length);
  });

  it("refuses names that make no file or unit", () => {
    for (const name of ["", "-x", ".x", "a b", "a/b", "a\nb", "ü", "$(x)", "a".repeat(16)])
      assert.throws(
        () => ownedScript(rtvm({ name })),
        (error) => error instanceof AcrnError && error.code === "launch.vm-name",
        JSON.stringify(name),
      );
  });

  it("prepares the machine before acrn-dm, and hands over the CPUs", () => {
    const machine = new Machine();
    try {
      for (const file of preparation(everything).files) machine.write(file, "");
      machine.device("0000:02:00.0");
      machine.write("/sys/class/input/event0/device/name", "Other\n");
      machine.write("/sys/class/input/event0/device/phys", "usb-0/input1\n");
      machine.write("/sys/class/input/event7/device/name", "My keys\n");
      machine.write("/sys/class/input/event7/device/phys", "usb-0/input1\n");
      machine.program("ip", 'echo ip "$@" >>"$ROOT/calls"; [ "$1 $2 $3" != "link show dev" ] || [ "$4" = acrn-br0 ]');
      machine.program("mount", 'echo mount "$@" >>"$ROOT/calls"; echo >"$3/a.img"');
      machine.program("mountpoint", 'echo mountpoint "$@" >>"$ROOT/calls"; [ -e "$2/a.img" ]');
      machine.program("umount", 'echo umount "$@" >>"$ROOT/calls"; "$ROOT/bin/mv" "$2/a.img" "$ROOT"');
      const { status, stderr } = machine.run(ownedScript(everything));
      assert.deepEqual([status, stderr], [0, ""]);
      const at = "/run/pulumi-acrn/mnt/RT1/0";
      assert.deepEqual(machine.calls, [
        `mountpoint -q ${at}`,
        `mount -- /dev/sda3 ${at}`,
        "ip link show dev tap0",
        "ip tuntap add dev tap0 mode tap",
        "ip link show dev acrn-br0",
        "ip link set dev tap0 master acrn-br0",
        "ip link set dev tap0 down",
        "ip link set dev tap0 up",
        "modprobe pci_stub",
        `mountpoint -q ${at}`,
        `umount -- ${at}`,
      ]);
      assert.equal(existsSync(machine.path(at)), false);
      const sys = "/sys/bus/pci";
      assert.equal(machine.read(`${sys}/drivers/pci-stub/new_id`), "8086 15f3\n");
      assert.equal(machine.read(`${sys}/devices/0000:02:00.0/driver/unbind`), "0000:02:00.0\n");
      assert.equal(machine.read(`${sys}/drivers/pci-stub/bind`), "0000:02:00.0\n");
      assert.deepEqual(machine.offline, [2, 3]);
      assert.equal(machine.read("/sys/devices/virtual/misc/acrn_hsm/remove_cpu"), "3\n", "the last that was written");
      const words = (machine.args ?? []).join(" ");
      assert.match(words, /virtio-input,\/dev\/input\/event7,k/);
      assert.ok(words.includes(`mac_seed=${MAC}-RT1`));
      assert.ok(words.includes(`virtio-blk,${at}/a.img`));
    } finally {
      machine.close();
    }
  });

  it("any value reaches acrn-dm as it is", function () {
    needs(this, which("bash"), "no bash");
    const machine = new Machine();
    const piece = fc.constantFrom(
      "'",
      '"',
      "$x",
      "$(id)",
      "`id`",
      "\\",
      "\n",
      "*",
      "?",
      "[0]=",
      "{a,b}",
      "~",
      "#",
      "!",
      "&",
      ";",
      "ü",
      "日",
      " ",
      "\t",
      "=",
      "-",
      "a",
    );
    const text = fc.array(piece, { minLength: 1, maxLength: 6 }).map((pieces) => pieces.join(""));
    // Of a path that is looked for, `/` and NUL cannot be part; everything up to the first comma is the file.
    try {
      fc.assert(
        fc.property(text, text, text, fc.array(text, { maxLength: 3 }), (image, args, config, dmArgs) => {
          const vm = rtvm({
            realtime: false,
            loader: { how: "kernel", image: `./${image}`, args },
            devices: [
              { kind: "console", config },
              { kind: "network", tap: config, vhost: false },
              { kind: "block", path: `./${image}` },
              { kind: "gpu", config: args },
            ],
            dmArgs,
          });
          for (const file of preparation(vm).files) machine.write(file, "");
          const { status, stderr } = machine.run(ownedScript(vm));
          assert.deepEqual([status, stderr], [0, ""]);
          assert.deepEqual(
            machine.args,
            dmArguments(vm)
              .flatMap(wordsOf)
              .map((word) => word.replace("mac_seed=...", `mac_seed=${MAC}`)),
          );
        }),
        { numRuns: 60 },
      );
    } finally {
      machine.close();
    }
  });

  it("what no shell word can hold is refused", () => {
    assert.throws(() => ownedScript(rtvm({ dmArgs: ["a\0b"] })), /NUL/);
  });
});
