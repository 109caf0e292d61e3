import assert from "node:assert/strict";
import { PassThrough } from "node:stream";
import { AcrnError } from "../../provider/core/errors";
import { folderTarget } from "../../provider/host/folder";
import { transact } from "../../provider/host/transaction";
import type { RemoteProcess, Target } from "../../provider/host/types";
import { change, listing, NOTHING, sha256, tree } from "./helpers";

const START = { "etc/a": "a", "etc/b": "b", "var/lib/x": "" };
const CHANGES = [change("/etc/a", "a", "A".repeat(5000)), change("/etc/b", "b", "B")];
const REQUEST = { ...NOTHING, files: ["/etc/a", "/etc/b"] };

/** The first link of a target is cut when `when` says so: seen from here it breaks, seen from there stdin ends. */
function cutting(
  root: string,
  when: (sent: number, received: string) => boolean,
  /** The other end does not notice: its stdin stays open, and nobody reads what it says. */
  silent = false,
): { target: Target; links: () => number; sent: () => number } {
  const { transport, elevation } = folderTarget(root);
  let links = 0;
  let sent = 0;
  const exec = async (command: string): Promise<RemoteProcess> => {
    const real = await transport.exec(command);
    if (links++ > 0) return real;
    const [stdin, stdout] = [new PassThrough(), new PassThrough()];
    let received = "";
    let breakIt: (error: Error) => void = () => undefined;
    const exit = new Promise<{ code: number | undefined }>((resolve, reject) => {
      breakIt = reject;
      real.exit.then(resolve, reject);
    });
    exit.catch(() => undefined);
    const cut = () => {
      if (silent) real.stdout.pause();
      else for (const stream of [real.stdin, real.stdout]) stream.destroy();
      breakIt(new Error("cut"));
    };
    real.stdin.on("error", () => undefined);
    stdin.on("data", (chunk: Buffer) => {
      for (const byte of chunk) {
        if (when(sent, received)) return cut();
        real.stdin.write(Buffer.of(byte));
        sent++;
      }
      if (when(sent, received)) cut();
    });
    stdin.on("end", () => real.stdin.end());
    real.stdout.on("data", (chunk: Buffer) => {
      received += chunk.toString("latin1");
      if (when(sent, received)) return cut();
      stdout.write(chunk);
    });
    real.stdout.on("end", () => stdout.end());
    return { stdin, stdout, stderr: real.stderr, exit };
  };
  return { target: { elevation, transport: { label: "cut", exec } }, links: () => links, sent: () => sent };
}

describe("a link that is cut", function () {
  this.timeout(120_000);
  const run = (target: Target) => transact(target, REQUEST, () => CHANGES, { owner: "me" }, { pause: 1, id: "00ab" });
  const done = tree({ ...START, "etc/a": "A".repeat(5000), "etc/b": "B" });

  it("at any byte: what transact says is what is there, and nothing stays behind", async () => {
    const whole = cutting(tree(START), () => false);
    await run(whole.target);
    const total = whole.sent();
    const points = [0, 1, total - 2, total - 12, ...Array.from({ length: 12 }, (_, i) => total - 30 - i * 25)];
    const ends = new Set<string>();
    for (const point of points) {
      const root = tree(START);
      const { target } = cutting(root, (sent) => sent >= point);
      const end = await run(target).then(
        () => "done",
        (error) => {
          assert.ok(error instanceof AcrnError, String(error));
          assert.match(error.message, /nothing was changed|the link broke/);
          return "unchanged";
        },
      );
      ends.add(end);
      // a link cut before the payload is not asked for again: the machine needs a moment to notice
      for (let tries = 0; tries < 100 && listing(root).some((line) => /pulumi-acrn/.test(line)); tries++)
        await new Promise((resolve) => setTimeout(resolve, 20));
      assert.deepEqual(
        listing(root),
        listing(end === "done" ? done : tree(START)),
        `cut after ${point} of ${total} bytes`,
      );
    }
    assert.deepEqual([...ends].sort(), ["done", "unchanged"]);
  });

  it("without a word: what is left of us there does not keep us out", async () => {
    const root = tree(START);
    const { target } = cutting(root, (_, received) => received.includes("outcome"), true);
    assert.equal((await run(target)).changed, true);
    assert.deepEqual(listing(root), listing(done));
  });

  it("without a word, inside the payload: nothing is changed, and nothing kept", async () => {
    const root = tree(START);
    const whole = cutting(tree(START), () => false);
    await run(whole.target);
    const { target } = cutting(root, (sent) => sent >= whole.sent() - 60, true);
    await assert.rejects(
      run(target),
      (error) => error instanceof AcrnError && /nothing was changed/.test(error.message),
    );
    assert.deepEqual(listing(root), listing(tree(START)));
  });

  for (const [title, mark] of [
    ["before the outcome arrives", "outcome"],
    ["inside the read after it", "outcome 00ab done\n.\nread"],
  ] as const)
    it(`${title}: asks again and says done`, async () => {
      const root = tree(START);
      const { target, links } = cutting(root, (_, received) => received.includes(mark));
      const { changed, after } = await run(target);
      assert.equal(changed, true);
      assert.equal(links(), 2);
      assert.equal(after.files.get("/etc/b")?.sha256, sha256("B"));
      assert.deepEqual(listing(root), listing(done));
    });
});
