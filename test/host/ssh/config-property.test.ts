import assert from "node:assert/strict";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { needs } from "../../support/needs";
import { machine, randomConfig } from "./config-arbitraries";
import { compare } from "./config-compare";
import { useFolder } from "./support";
import { which } from "./which";

describe("ssh_config: random configurations against ssh -G", function () {
  this.timeout(60_000);
  const folder = useFolder();

  it("mean the same", function () {
    needs(this, which("ssh"), "no ssh");
    const counts = { same: 0, refused: 0, stricter: 0 };
    fc.assert(
      fc.property(randomConfig, fc.array(machine, { minLength: 2, maxLength: 2 }), ({ main, included }, machines) => {
        const file = write(folder(), main, included);
        for (const { name, user, port } of machines) {
          const spec = { host: name, sshConfig: file, ...(user ? { user } : {}), ...(port ? { port } : {}) };
          counts[compare(spec, file)]++;
        }
      }),
      { numRuns: 200 },
    );
    console.log(`        ssh_config: ${JSON.stringify(counts)}`);
    assert.ok(counts.same > 250, JSON.stringify(counts));
  });
});

function write(folder: string, main: string, included: readonly string[]): string {
  const parts = join(folder, "parts");
  mkdirSync(parts, { recursive: true });
  for (const [index, text] of included.entries()) {
    writeFileSync(join(parts, ["one", "two"][index] as string), text.replaceAll("FOLDER", parts), { mode: 0o600 });
  }
  const file = join(folder, "config");
  writeFileSync(file, main.replaceAll("FOLDER", parts), { mode: 0o600 });
  return file;
}
