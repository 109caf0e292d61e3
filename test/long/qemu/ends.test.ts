import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { needs } from "../../support/needs";
import { type End, Qemu } from "./support/qemu";
import { missing } from "./support/tools";

/** Boot sectors that end the machine, 16-bit code: each is what a guest's kernel does at last. */
const ROWS: [name: string, code: string, end: End][] = [
  // mov dx,604h; mov ax,2000h; out dx,ax: SLP_EN in PM1a_CNT, where SeaBIOS puts the ICH9's
  ["a power-off by ACPI", "ba0406 b80020 ef", "powered-off"],
  // mov al,0feh; out 64h,al: the keyboard controller's reset line
  ["a reset", "b0fe e664", "reset"],
  // xor ax,ax; mov ds,ax; lidt [7c0ah]; int3; 7c0ah: no interrupt table at all
  ["a triple fault", "31c0 8ed8 0f011e0a7c cc 000000000000", "triple-fault"],
];

describe("how a virtual machine ends", function () {
  this.timeout(180_000);
  const dir = mkdtempSync(join(tmpdir(), "acrn-ends-"));
  const started: Qemu[] = [];
  before(function () {
    needs(this, missing() === undefined, missing() ?? "");
  });
  after(() => {
    for (const qemu of started) qemu.kill();
    rmSync(dir, { recursive: true, force: true });
  });

  /** A machine whose disk has that code in its first sector, and nothing else. */
  function boots(code: string): Qemu {
    const bytes = Buffer.alloc(1024 * 1024, 0xf4); // hlt; SeaBIOS reads no smaller disk
    bytes.write(code.replaceAll(" ", ""), "hex");
    bytes.writeUInt16LE(0xaa55, 510);
    const disk = join(dir, `disk-${started.length}`);
    writeFileSync(disk, bytes);
    const pc = ["-machine", "q35", "-nodefaults", "-display", "none", "-no-reboot"];
    const qemu = new Qemu([...pc, "-drive", `format=raw,file=${disk}`], `${disk}.resets`);
    started.push(qemu);
    return qemu;
  }

  for (const [name, code, end] of ROWS) {
    it(`${name}: ${end}`, async () => assert.equal(await boots(code).ended, end));
  }

  it("a kill: killed", async () => {
    const qemu = boots("f4");
    qemu.kill();
    assert.equal(await qemu.ended, "killed");
  });

  it("a command line that is none: QEMU's words", async () => {
    const qemu = new Qemu(["-machine", "none-such"], join(dir, "resets"));
    const end = await qemu.ended;
    assert.match(typeof end === "object" ? end.failed : end, /unsupported machine type/);
    await assert.rejects(qemu.port(), /it has ended: .*unsupported machine type/s);
  });
});
