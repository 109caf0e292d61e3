import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { findPulumi } from "../../tools/pulumi-cli";
import { needs } from "../support/needs";

const HEADINGS = [
  "Preview: what would change, before anything is touched",
  "Up: converge the host",
  "Preview again: nothing left to do",
  "Somebody changes the host by hand",
  "Preview: live => desired",
  "Up: mend it",
  "The real-time VM runs, launched by hand, and is to have more memory: written, not running",
  "Allowed for a run: power it off inside, see it end, start it again",
  "Cache ways for the VM alone, and a hypervisor that has them: written and built, not running",
  "Allowed for a run: install it beside the old one, boot it once, confirm it, promote it",
  "Destroy: give everything back; the packaged image boots again",
  "Proof: the host is what it was",
];

/** The demo as `npm run demo` starts it, less the set-up, with a folder of its own for what is temporary. */
class Demo {
  readonly tmp = mkdtempSync(join(tmpdir(), "acrn-demo-test-"));
  text = "";
  private readonly child;
  private readonly ended: Promise<unknown[]>;

  constructor() {
    const args = ["-r", "ts-node/register/transpile-only", "examples/demo/demo.ts"];
    const env = { ...process.env, TMPDIR: this.tmp, NO_COLOR: "1" };
    this.child = spawn(process.execPath, args, { env, stdio: ["ignore", "pipe", "pipe"] });
    for (const stream of [this.child.stdout, this.child.stderr])
      stream.setEncoding("utf8").on("data", (chunk: string) => {
        this.text += chunk;
      });
    this.ended = once(this.child, "close");
  }

  async status(): Promise<number | null> {
    const [code] = await this.ended;
    return code as number | null;
  }

  async said(text: string): Promise<void> {
    while (!this.text.includes(text)) {
      if (this.child.exitCode !== null) throw new Error(`it ended without "${text}":\n${this.text}`);
      await new Promise((settle) => setTimeout(settle, 50));
    }
  }

  interrupt(): void {
    this.child.kill("SIGINT");
  }

  /** What is left of it: files in its folder, and processes that were started there. */
  leftovers(): string[] {
    const pids = readdirSync("/proc").filter((name) => /^\d+$/.test(name));
    const running = pids.filter(
      (pid) => environ(pid).includes(`TMPDIR=${this.tmp}`) || environ(pid).includes(`${this.tmp}/`),
    );
    return [...readdirSync(this.tmp).filter((name) => name.startsWith("pulumi-acrn-demo-")), ...running];
  }

  close(): void {
    this.child.kill("SIGKILL");
    rmSync(this.tmp, { recursive: true, force: true });
  }
}

function environ(pid: string): string {
  try {
    return readFileSync(`/proc/${pid}/environ`, "latin1");
  } catch {
    return "";
  }
}

describe("the demo", function () {
  this.timeout(360_000);
  let demo: Demo;

  before(function () {
    needs(this, findPulumi(), "no Pulumi CLI");
  });
  beforeEach(() => {
    demo = new Demo();
  });
  afterEach(() => demo.close());

  it("plays every step, ends well, and proves that nothing is left", async () => {
    assert.equal(await demo.status(), 0, demo.text);
    const found = [...demo.text.matchAll(/^\[(\d+)\/12\] (.*)$/gm)].map(([, number, title]) => `${number} ${title}`);
    assert.deepEqual(
      found,
      HEADINGS.map((title, index) => `${index + 1} ${title}`),
    );
    assert.match(demo.text, /^✓ The preview wrote nothing/m);
    assert.match(demo.text, /~ \[0\]: 1 => 2/, "live => desired, property by property");
    assert.match(
      demo.text,
      /^✓ POST_RT_VM1 runs with 1024M\.[\s\S]*^✓ POST_RT_VM1 runs with 2048M\.\n✓ It is another acrn-dm/m,
    );
    assert.match(demo.text, /^L3 0x0 \(12 ways, highest left\)\n {2}rt {4}####\.{8}\n {2}rest {2}\.{4}########$/m);
    assert.match(
      demo.text,
      /^✓ GRUB booted \/boot\/acrn-3\.3\.bin, and POST_RT_VM1 has no class[\s\S]*^✓ GRUB booted \/boot\/pulumi-acrn\/([0-9a-f]{16})\/acrn\.bin, and POST_RT_VM1 has 0xf00[\s\S]*^ {2}\1 .* runs, the default, wanted$[\s\S]*^✓ GRUB booted \/boot\/acrn-3\.3\.bin/m,
    );
    assert.match(demo.text, /^✓ \d{2,} files, \d+ links, \d+ folders: contents, modes and owners as at the start\.$/m);
    assert.match(demo.text, /^✓ No process is left behind\.\n.*\n\nDone in [\d.]+ s\.\n$/m);
    assert.deepEqual(demo.leftovers(), []);
  });

  it("cleans up when it is interrupted", async () => {
    await demo.said(`[2/12] ${HEADINGS[1]}`);
    await demo.said("$ pulumi up");
    demo.interrupt();
    assert.equal(await demo.status(), 130, demo.text);
    assert.match(demo.text, /Interrupted; cleaning up\.\n$/);
    assert.deepEqual(demo.leftovers(), []);
  });
});
