import assert from "node:assert/strict";
import { LAUNCH_EXIT, ownedScript } from "../../../../provider/core/acrn/launch";
import { Machine } from "./machine";
import { rtvm } from "./vm";

describe("owned launch script: on machines that are not as new", function () {
  this.timeout(60_000);

  it("others that run, end, or are no device model stop nothing", () => {
    const machine = new Machine();
    try {
      machine.write("/proc/77/cmdline", "acrn-dm\0-m\x001G\0RT2\0");
      machine.write("/proc/78/cmdline", "");
      machine.write("/proc/79/cmdline", "less\0RT1\0");
      machine.write("/proc/80/status", "");
      assert.equal(machine.run(ownedScript(rtvm())).status, 0);
    } finally {
      machine.close();
    }
  });

  it("CPUs that an earlier launch handed over are not missed, and not handed over again", () => {
    const machine = new Machine([0, 2, 4]);
    try {
      machine.write("/sys/devices/system/cpu/cpu3/online", "0\n");
      const { status, stderr } = machine.run(ownedScript(rtvm()));
      assert.deepEqual([status, stderr], [0, ""]);
      assert.deepEqual(machine.offline, [2, 3]);
      assert.equal(machine.read("/sys/devices/virtual/misc/acrn_hsm/remove_cpu"), "2\n");
    } finally {
      machine.close();
    }
  });

  it("what was mounted for a launch that fails is unmounted", () => {
    const machine = new Machine();
    try {
      machine.program("mount", 'echo mount >>"$ROOT/calls"; echo >"$ROOT/mounted"');
      machine.program("mountpoint", '[ -e "$ROOT/mounted" ]');
      const vm = rtvm({ devices: [{ kind: "block", path: "a.img", partition: "/dev/sda3" }] });
      assert.equal(machine.run(ownedScript(vm)).status, LAUNCH_EXIT.noFile);
      assert.deepEqual(machine.calls, ["mount", "umount -- /run/pulumi-acrn/mnt/RT1/0"]);
    } finally {
      machine.close();
    }
  });

  it("the second launch of a boot finds its CPUs away", () => {
    const machine = new Machine();
    try {
      assert.equal(machine.run(ownedScript(rtvm())).status, 0);
      machine.write("/sys/devices/virtual/misc/acrn_hsm/remove_cpu", "");
      assert.equal(machine.run(ownedScript(rtvm())).status, 0);
      assert.equal(machine.read("/sys/devices/virtual/misc/acrn_hsm/remove_cpu"), "");
    } finally {
      machine.close();
    }
  });

  for (const [path, device] of [
    ["/sys/class/acrn/acrn_hsm/offline_cpu", "/dev/acrn_hsm"],
    ["/sys/class/vhm/acrn_vhm/offline_cpu", "/dev/acrn_vhm"],
  ] as const)
    it(`2.x hands over at ${path}`, () => {
      const machine = new Machine();
      try {
        for (const gone of ["/sys/devices/virtual", "/dev/acrn_hsm", "/bin/iasl"]) machine.remove(gone);
        machine.write(device, "");
        machine.write(path, "");
        assert.equal(machine.run(ownedScript(rtvm({ dialect: "2.x" }))).status, 0);
        assert.equal(machine.read(path), "3\n");
      } finally {
        machine.close();
      }
    });

  it("without a place for the record acrn-dm is not started", () => {
    const machine = new Machine();
    try {
      machine.write("/run/pulumi-acrn", "in the way");
      const { status, stdout } = machine.run(ownedScript(rtvm()));
      assert.equal(status, LAUNCH_EXIT.record);
      assert.match(stdout, /vms\/RT1 cannot be written/);
      assert.equal(machine.args, undefined);
    } finally {
      machine.close();
    }
  });
});
