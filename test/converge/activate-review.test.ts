import assert from "node:assert/strict";
import { createHash, randomUUID } from "node:crypto";
import { existsSync, rmSync } from "node:fs";
import { planActivation } from "../../provider/converge/activate/plan";
import { runActivation } from "../../provider/converge/activate/run";
import { apply } from "../../provider/converge/apply";
import type { Draft } from "../../provider/converge/draft";
import { Machine } from "../../provider/converge/machine";
import { planResource } from "../../provider/converge/plan-resource";
import { AcrnError } from "../../provider/core/errors";
import { PowerSession } from "../../provider/host/power/session";
import { activationSchema } from "../../provider/resources/activation";
import type { Connection } from "../../provider/resources/host-settings";
import { kindOf } from "../../provider/resources/kinds";
import { rtVmKind } from "../../provider/resources/rt-vm";
import type { RtVmArgs } from "../../provider/resources/rt-vm/schema";
import { type Cell, type CellOptions, RT, withCell } from "../lab/support/cell";

const who = { stack: "s", kind: "RtVm", urns: ["urn:rt"] };
const HOLD = "run/pulumi-acrn/hold";
const RECORD = `run/pulumi-acrn/vms/${RT}`;
const SLOW: CellOptions = { guests: { [RT]: { address: "192.168.1.10", powerOff: { afterMs: 4000 } } } };

const machineOf = (cell: Cell) =>
  new Machine({ connection: cell.lab.connection("cell-1", { user: "root" }) as Connection });

function argsOf(cell: Cell) {
  const { jump: _through, ...guest } = cell.lab.guest("cell-1", RT);
  const limits = { powerOff: 15, launch: 20, reboot: 30 };
  return activationSchema.parse({ allow: ["host-reboot"], guests: { [RT]: { ssh: guest } }, limits });
}

/** The RTVM is to move, its script waits, and the image that has its pCPUs is installed and not booted. */
async function moved(cell: Cell, pcpus: number[]): Promise<void> {
  const script = { owned: "/root/acrn-work/rt.sh" };
  const args = rtVmKind.schema.parse({ name: RT, partition: { pcpus: { [RT]: pcpus } }, script }) as RtVmArgs;
  const machine = machineOf(cell);
  await machine.draft(rtVmKind.files?.(args));
  await apply(machine, { plan: (draft: Draft) => planResource(draft, rtVmKind, who, args, "id1") });
  install(cell);
}

function install(cell: Cell): void {
  const folder = "usr/lib/x86_64-linux-gnu/acrn/cell-1-board/shared";
  const [record, packaged] = [`${folder}/scenario.xml`, `${folder}/acrn.cell-1-board.shared.bin`];
  cell.write(record, cell.read("var/lib/pulumi-acrn/scenario.xml"));
  for (const image of [packaged, "boot/acrn-3.3.bin"]) cell.write(image, "an image of the new scenario\n");
  const sum = (path: string) => `${createHash("md5").update(cell.read(path)).digest("hex")}  ${path}`;
  const sums = "var/lib/dpkg/info/acrn-hypervisor.md5sums";
  const lines = cell.read(sums).split("\n");
  cell.write(
    sums,
    lines.map((line) => ([record, packaged].includes(line.slice(34)) ? sum(line.slice(34)) : line)).join("\n"),
  );
}

const planOf = async (cell: Cell) => planActivation(await machineOf(cell).draft(), argsOf(cell), kindOf);

async function rebootOf(cell: Cell, progress: (what: string) => void = () => {}): Promise<string[]> {
  const { lines: agreed } = await planOf(cell);
  assert.match(agreed.join(), /^host-reboot/);
  return runActivation(machineOf(cell), argsOf(cell), { agreed, expected: undefined, kinds: kindOf, progress });
}

async function failure(doing: Promise<unknown>): Promise<AcrnError> {
  const error = await doing.then(
    () => new Error("it did not fail"),
    (reason: Error) => reason,
  );
  if (error instanceof AcrnError) return error;
  throw error;
}

const on = (work: (cell: Cell) => Promise<void>, options: CellOptions = {}) => {
  const files = { "etc/machine-id": `${randomUUID().replaceAll("-", "")}\n`, "root/acrn-work/vm1.img": "disk\n" };
  return withCell({ ...options, files }, work);
};

const sent = (cell: Cell) => cell.events.filter((event) => /^(reboot|dark)/.test(event));

describe("a host reboot is refused while a real-time VM may live", function () {
  this.timeout(120_000);

  it(
    "launched by hand after a clean end of ours, then killed: the old record is no proof",
    on(async (cell) => {
      await cell.launch(RT);
      await moved(cell, [2, 3]);
      cell.write(RECORD, `ended ${cell.bootId.trim()} 0\n`);
      await cell.on(`kill -9 ${cell.pid(RT)}`);
      assert.match((await planOf(cell)).obstacles.join(), /whether POST_RT_VM1 runs cannot be told .*killed/);
    }),
  );

  it(
    "an orphan that no scenario names any more",
    on(async (cell) => {
      await moved(cell, [2, 3]);
      cell.write("run/pulumi-acrn/vms/GONE", `started ${cell.bootId.trim()} 4711\n`);
      cell.write("run/acrn/mngr/ALSO.monitor.4712.socket", "");
      const { obstacles } = await planOf(cell);
      for (const name of ["GONE", "ALSO"])
        assert.ok(
          obstacles.some((obstacle) => obstacle.includes(name)),
          obstacles.join("\n"),
        );
    }),
  );

  it(
    "killed between plan and power-off: the word of an orphan's guest is no proof",
    on(async (cell) => {
      await cell.launch(RT);
      await moved(cell, [2, 3]);
      const pid = cell.pid(RT);
      const error = await failure(
        rebootOf(cell, (what) => {
          if (what.includes("checking that")) process.kill(pid, "SIGKILL");
        }),
      );
      assert.equal(error.code, "power.orphan");
      assert.deepEqual(sent(cell), []);
      assert.ok(!existsSync(cell.path(HOLD)));
    }),
  );

  it(
    "killed after the guest agreed: it did not end by itself",
    on(async (cell) => {
      await cell.launch(RT);
      await moved(cell, [2, 3]);
      const pid = cell.pid(RT);
      const error = await failure(
        rebootOf(cell, (what) => {
          if (/asking the guest/.test(what)) setTimeout(() => process.kill(pid, "SIGKILL"), 2000);
        }),
      );
      assert.equal(error.code, "power.unproved");
      assert.deepEqual(sent(cell), []);
      assert.ok(!existsSync(cell.path(RECORD)), "no proof is noted down");
    }, SLOW),
  );

  it(
    "launches are not held any more when it comes to it: all that went off runs again",
    on(async (cell) => {
      await cell.launch(RT);
      await moved(cell, [2, 3]);
      const error = await failure(
        rebootOf(cell, (what) => {
          if (what === "rebooting") rmSync(cell.path(HOLD));
        }),
      );
      assert.equal(error.code, "power.not-rebooted");
      assert.match(error.message, /POST_RT_VM1 went off before and was started again/);
      assert.deepEqual(sent(cell), []);
      assert.equal(cell.machine.vms().length, 1);
    }),
  );
});

describe("a host reboot into an image with other pCPUs", function () {
  this.timeout(120_000);

  it(
    "without autostart the script that waits starts the VM: the canonical one would be refused",
    on(async (cell) => {
      await cell.launch(RT);
      await moved(cell, [2]);
      assert.match((await rebootOf(cell)).join(), /POST_RT_VM1 runs again/);
      assert.deepEqual(cell.machine.vms()[0]?.pcpus, [2]);
    }),
  );
});

describe("what the power script is asked", function () {
  this.timeout(60_000);

  const STRANGE = ["a b", "a\nreboot", "../../etc/shadow", "$(id)", ""];
  it(
    "is one word a word, and no way out of a folder",
    on(async (cell) => {
      const session = await PowerSession.open(machineOf(cell).target());
      for (const name of STRANGE) assert.equal((await failure(session.mark(name))).code, "power.word", name);
      await session.close();
      assert.deepEqual(sent(cell), []);
    }),
  );
});
