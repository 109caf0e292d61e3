import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { UDEV_RULES, udevRule } from "../../provider/core/gpu/udev-rule";
import { needs, optional } from "../support/needs";
import { temporary } from "./helpers";
import { which } from "./ssh/which";

const DEVICE = "/sys/devices/pci0000:00/0000:00:02.0";

/** Of as many digits as before: unlike sysfs, a folder keeps what a shorter write does not cover. */
const LIMITS = { min: 1050, max: 1200, boost: 1250 };
const BEFORE = { min: 1000, max: 1300, boost: 1300 };

/**
 * A GPU under i915 as udev sees it, and nothing of this machine: in a mount namespace, with folders in memory over all that udev writes to. The rules come on stdin. $1 the action, $2 the device, $3 "bare": i915 has not made its files yet.
 */
const WORLD = `
mount --make-rprivate / || exit 99
for d in /sys /run /dev; do mount -t tmpfs tmpfs $d || exit 99; done
mkdir -p ${DEVICE}/drm/card1/card1-HDMI-A-1 /sys/bus/pci/drivers/i915 /sys/class/drm /run/udev/rules.d
ln -s /sys/bus/pci ${DEVICE}/subsystem
ln -s /sys/bus/pci/drivers/i915 ${DEVICE}/driver
ln -s /sys/class/drm ${DEVICE}/drm/card1/subsystem
ln -s ../../../0000:00:02.0 ${DEVICE}/drm/card1/device
printf 'DRIVER=i915\\nPCI_SLOT_NAME=0000:00:02.0\\n' >${DEVICE}/uevent
printf 'DEVTYPE=drm_minor\\n' >${DEVICE}/drm/card1/uevent
[ "$3" = bare ] || {
${Object.entries(BEFORE)
  .map(([name, mhz]) => `echo ${mhz} >${DEVICE}/drm/card1/gt_${name}_freq_mhz`)
  .join("\n")}
}
cat >/run/udev/rules.d/${basename(UDEV_RULES)}
udevadm test --action="$1" "$2" 2>&1
echo "status $?"
for f in min max boost; do echo "$f $(cat ${DEVICE}/drm/card1/gt_"$f"_freq_mhz 2>&1)"; done
`;

describe("udev's rules of the GPU, in udev itself", function () {
  this.timeout(60_000);
  let world: string;
  before(function () {
    needs(this, which("udevadm"), "no udevadm (udev)");
    optional(this, spawnSync("unshare", ["-m", "true"]).status === 0, "no mount namespace can be had here");
    world = join(temporary(), "world");
    writeFileSync(world, WORLD);
  });

  /** The limits afterwards, and what udev said of our file. */
  function seen(action: string, device: string, ...more: string[]) {
    // it takes no folder in memory for sysfs [systemd src/libsystemd/sd-device/sd-device.c device_set_syspath]
    const env = { ...process.env, SYSTEMD_DEVICE_VERIFY_SYSFS: "0", SYSTEMD_LOG_LEVEL: "debug" };
    const args = ["-m", "sh", world, action, device, ...more];
    const { status, stdout } = spawnSync("unshare", args, {
      encoding: "utf8",
      env,
      input: udevRule("0000:00:02.0", LIMITS),
    });
    assert.equal(status, 0, stdout);
    assert.match(stdout, /^Reading rules file: \/run\/udev\/rules\.d\/99-pulumi-acrn-gpu\.rules$/m);
    const said = stdout.split("\n").filter((line) => line.includes("99-pulumi-acrn-gpu.rules:"));
    const limit = (name: string) => Number(new RegExp(`^${name} (\\d+)$`, "m").exec(stdout)?.[1]);
    return { limits: { min: limit("min"), max: limit("max"), boost: limit("boost") }, said };
  }

  const rows: [what: string, action: string, device: string, limits: typeof LIMITS][] = [
    ["the card that udev finds at its own start", "add", `${DEVICE}/drm/card1`, LIMITS],
    ["the device, once its driver is done", "bind", DEVICE, LIMITS],
    ["the device that udev finds at its own start", "add", DEVICE, LIMITS],
    ["a card that goes", "remove", `${DEVICE}/drm/card1`, BEFORE],
    ["the device whose driver goes", "unbind", DEVICE, BEFORE],
  ];
  for (const [what, action, device, limits] of rows)
    it(`${what} (${action})`, () => {
      const { limits: now, said } = seen(action, device);
      assert.deepEqual(now, limits);
      assert.ok(
        said.every((line) => /writing '\d+'$/.test(line)),
        said.join("\n"),
      );
    });

  it("a card whose files are not there yet is passed over, without a word", () => {
    for (const device of [DEVICE, `${DEVICE}/drm/card1`]) assert.deepEqual(seen("add", device, "bare").said, []);
  });
});
