import assert from "node:assert/strict";
import type { GuestOsSpec } from "../../examples/lab/lab";
import { readSnapshot } from "../../provider/host/snapshot";
import { Pool } from "../../provider/host/ssh/pool";
import { transact } from "../../provider/host/transaction";
import type { Target } from "../../provider/host/types";
import { change } from "../host/helpers";
import { type Bare, withBare } from "./support/bare";

const OURS = "/etc/sysctl.d/90-ours.conf";

const target = (bare: Bare): Target => ({
  transport: new Pool().transport(bare.lab.connection("m")),
  elevation: { how: "auto" },
});

/** Commands that tell one loader from another. */
const TELLING = ["bootctl", "grub-reboot", "grub2-mkconfig", "grubby", "systemctl", "update-grub"];

describe("lab guests: read and written by the product", function () {
  this.timeout(60_000);

  const layouts: [spec: GuestOsSpec, commands: string[]][] = [
    [{ layout: "debian" }, ["grub-reboot", "systemctl", "update-grub"]],
    [{ layout: "rhel" }, ["grub2-mkconfig", "grubby", "systemctl"]],
    [{ layout: "yocto" }, ["bootctl", "systemctl"]],
  ];
  for (const [spec, commands] of layouts)
    it(
      `${spec.layout}: one read, one transaction, and it is in force after a boot`,
      withBare(spec, async (bare) => {
        const request = { scripts: [], files: [OURS] };
        const before = await readSnapshot(target(bare), request);
        const said = TELLING.filter((name) => before.commands.has(name));
        assert.deepEqual(
          commands.filter((name) => !said.includes(name)),
          [],
          [...before.commands].join(" "),
        );
        // these are in sbin, where a guest has its own alone; of /usr/bin it sees what the lab's machine has
        if (spec.layout !== "debian") assert.ok(!said.includes("update-grub") && !said.includes("grub-reboot"));
        const text = "kernel.timer_migration = 0\n";
        await transact(target(bare), request, () => [change(OURS, null, text)], { owner: "test" });
        assert.equal(bare.read(OURS.slice(1)), text);
        await bare.reboot();
        assert.equal(await bare.out("sysctl -n kernel.timer_migration"), "0\n");
      }),
    );
});
