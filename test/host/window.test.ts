import assert from "node:assert/strict";
import { chmodSync, existsSync, linkSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { AcrnError } from "../../provider/core/errors";
import { folderTarget } from "../../provider/host/folder";
import { transactScript } from "../../provider/host/scripts/main";
import { transact } from "../../provider/host/transaction";
import { needs } from "../support/needs";
import { change, listing, NOTHING, shells, temporary, tree } from "./helpers";
import { abandon } from "./support/abandoned";

const START = { "etc/a": "a", "etc/b": "b", "etc/gone": "x", "var/lib/x": "" };
const REQUEST = { ...NOTHING, files: ["/etc/a", "/etc/b", "/etc/gone", "/etc/new"] };
const CHANGES = [
  change("/etc/a", "a", "A"),
  change("/etc/b", "b", "B"),
  change("/etc/new", null, "N"),
  change("/etc/gone", "x", null),
];

for (const { name, shell } of shells().filter((row) => row.name !== "bash"))
  describe(`somebody writes between the comparing and the swap, under ${name}`, function () {
    this.timeout(60_000);
    before(function () {
      needs(this, shell, `no ${name} on this machine`);
    });

    /** In front of the real `tool`: `text` runs right before it, when it is called with `last` as its last argument. */
    function before_(tool: string, last: string, text: string) {
      const [bin, real] = [
        temporary(),
        (shell?.path ?? "")
          .split(":")
          .map((part) => join(part, tool))
          .find((file) => existsSync(file)),
      ];
      writeFileSync(
        join(bin, tool),
        `#!/bin/sh\nfor l do :; done\ncase $l in ${last}) ${text};; esac\nexec ${real} "$@"\n`,
      );
      chmodSync(join(bin, tool), 0o755);
      return { ...shell, path: `${bin}:${shell?.path}` };
    }
    const run = (root: string, target: object) =>
      assert.rejects(
        transact(folderTarget(root, target), REQUEST, () => CHANGES, { owner: "tests" }, { pause: 1 }),
        (error) => error instanceof AcrnError && error.code === "host.changed" && /was put back/.test(error.message),
      );

    const rows: [title: string, tool: string, last: string, file: string][] = [
      ["into a file that is replaced", "mv", "../b", "etc/b"],
      ["into a file that is removed", "rm", "../gone", "etc/gone"],
      ["a file where one is made", "ln", "../new", "etc/new"],
    ];
    for (const [title, tool, last, file] of rows)
      it(`${title}: theirs stays, ours goes back, and it is said`, async () => {
        const root = tree(START);
        // once: the way back uses the same tool
        const text = `[ -e ${root}/once ] || { : >${root}/once; printf hand >${root}/${file}; }`;
        await run(root, before_(tool, last, text));
        const left = listing(root).filter((line) => !line.startsWith("/once"));
        assert.deepEqual(left, listing(tree({ ...START, [file]: "hand" })));
      });

    const broken = 'cat "$X/new.$i" >"$E" && sy "$E"';
    /** Dies in the middle of a write in place, and leaves `bytes` behind; nobody recovers it. */
    async function halfWritten(bytes: string): Promise<string> {
      const root = tree(START);
      linkSync(join(root, "etc/a"), join(root, "etc/twin"));
      const script = transactScript();
      assert.ok(script.includes(broken));
      const dying = script.replace(
        broken,
        () => `{ printf "${bytes}" >"$E"; IFS=" " read -r _ w _ <"$D/lock"; kill -9 $w $$; }`,
      );
      const changes = [change("/etc/a", "a", "new text"), ...CHANGES.slice(1)];
      return abandon(root, { request: REQUEST, changes, script: dying, shell });
    }
    const again = (root: string) => transact(folderTarget(root, shell), REQUEST, () => [], { owner: "tests" });

    for (const bytes of ["", "new", "new\\000\\000\\000"])
      it(`half written in place (${JSON.stringify(bytes)}): finished`, async () => {
        const root = await halfWritten(bytes);
        const { before } = await again(root);
        assert.match(before.warnings.join(), /has been finished/);
        assert.equal(readFileSync(join(root, "etc/twin"), "utf8"), "new text");
      });

    it("half written in place, then mended by hand: left as it is, and said where the old bytes are", async () => {
      const root = await halfWritten("ne");
      writeFileSync(join(root, "etc/a"), "mended");
      await assert.rejects(again(root), (error) => {
        assert.ok(error instanceof AcrnError);
        assert.equal(error.code, "tx.torn");
        assert.match(error.message, /changed by somebody since: left as it is.*pulumi-acrn\/tx\/[0-9a-f]+\/old[.]1/);
        return true;
      });
      assert.equal(readFileSync(join(root, "etc/a"), "utf8"), "mended");
      const tx = join(root, "var/lib/pulumi-acrn/tx");
      assert.equal(readFileSync(join(tx, readdirSync(tx)[0] ?? "", "old.1"), "utf8"), "a");
      assert.equal(readFileSync(join(root, "etc/b"), "utf8"), "b");
    });
  });
