import assert from "node:assert/strict";
import { chmodSync, chownSync, existsSync, linkSync, lstatSync, readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { AcrnError } from "../../provider/core/errors";
import { folderTarget } from "../../provider/host/folder";
import { transactScript } from "../../provider/host/scripts/main";
import { readSnapshot } from "../../provider/host/snapshot";
import { transact } from "../../provider/host/transaction";
import { needs, optional } from "../support/needs";
import { change, NOTHING, shells, tree } from "./helpers";

const WORK = "/home/al/acrn-work";
const SCRIPT = `${WORK}/l.sh`;
const AL = 1234;

/** A home with a launch script, all of it al's. */
function home(more: Record<string, string> = {}): string {
  const root = tree({ "home/al/acrn-work/l.sh @750": "old", "etc/secret @600": "secret", "var/lib/x": "", ...more });
  for (const path of ["/home/al", WORK, SCRIPT]) chownSync(join(root, path), AL, AL);
  return root;
}

describe("directories that others than root may write to", function () {
  this.timeout(60_000);
  before(function () {
    optional(this, process.getuid?.() === 0, "only root can give directories away");
  });

  const rows: [title: string, path: string, make: (root: string) => void, why: RegExp | undefined][] = [
    ["a user's own file in the user's own directory", SCRIPT, () => undefined, undefined],
    ["a new file in a user's own directory", `${WORK}/new.sh`, () => undefined, undefined],
    [
      "a new file in a directory that is to be made there",
      `${WORK}/d/new.sh`,
      () => undefined,
      /nothing can safely be made/,
    ],
    [
      "root's file in a user's directory",
      SCRIPT,
      (root) => chownSync(join(root, SCRIPT), 0, 0),
      /but the file does not/,
    ],
    ["another user's", SCRIPT, (root) => chownSync(join(root, SCRIPT), 99, 99), /but the file does not/],
    ["a user's directory in another user's", SCRIPT, (root) => chownSync(join(root, WORK), 99, 99), /to somebody else/],
    ["a private group's directory", SCRIPT, (root) => chmodSync(join(root, WORK), 0o775), undefined],
    [
      "a directory of any other group",
      SCRIPT,
      (root) => {
        chownSync(join(root, WORK), AL, 50);
        chmodSync(join(root, WORK), 0o775);
      },
      /group 50 may write/,
    ],
    [
      "a directory for everybody",
      SCRIPT,
      (root) => chmodSync(join(root, "home"), 0o1777),
      /everybody may write to \/home,/,
    ],
    ["root's group", "/etc/secret", (root) => chmodSync(join(root, "etc"), 0o775), undefined],
    ["a link of root's into a home", "/etc/l", () => undefined, undefined],
    ["a link in a home that leads out", "/home/al/out", () => undefined, /symbolic link in .home.al leads on/],
    ["two names", SCRIPT, (root) => linkSync(join(root, SCRIPT), join(root, WORK, "twin")), /2 hard links/],
  ];
  for (const [title, path, make, why] of rows)
    it(`${title}: ${why ? "refused" : "written"}, and the preview says so`, async () => {
      const root = home({ "etc/l": `-> ${SCRIPT}`, "home/al/out": "-> /etc/secret" });
      make(root);
      const { files } = await readSnapshot(folderTarget(root), { ...NOTHING, files: [path] });
      const strategy = files.get(path)?.strategy;
      assert.equal(strategy?.how, why ? "refused" : "rename", JSON.stringify(strategy));
      if (why && strategy?.how === "refused") assert.match(strategy.why, why);
    });

  for (const { name, shell } of shells()) {
    const go = (root: string, hook = "") =>
      transact(
        folderTarget(root, shell),
        { ...NOTHING, files: [SCRIPT] },
        () => [change(SCRIPT, "old", "new")],
        { owner: "tests" },
        { script: transactScript(hook), pause: 1 },
      );

    it(`a launch script in a home is written, and stays the user's: ${name}`, async function () {
      needs(this, shell, `no ${name} on this machine`);
      const root = home();
      await go(root);
      const { uid, gid, mode } = statSync(join(root, SCRIPT));
      assert.deepEqual([readFileSync(join(root, SCRIPT), "utf8"), uid, gid, mode & 0o777], ["new", AL, AL, 0o750]);
    });

    // What al could do while root is at work; the steps are those after which the way is walked anew.
    const swap =
      // what it leads to now looks like the file that was planned for
      'mv "$R/home/al/acrn-work" "$R/home/al/moved"; ln -s ../../etc "$R/home/al/acrn-work"; printf old >"$R/etc/l.sh"';
    const attacks: [title: string, step: string, text: string][] = [
      ["the directory becomes a link", "check", swap],
      ["the directory becomes a link, after the copy", "save", swap],
      ["the directory becomes a link, late", "commit", swap],
      ["the file becomes a link", "check", 'ln -sf ../../../etc/secret "$R/home/al/acrn-work/l.sh"'],
      ["the file becomes a link, late", "commit", 'ln -sf ../../../etc/secret "$R/home/al/acrn-work/l.sh"'],
      ["the file becomes a link to a directory", "commit", 'ln -sfn ../../../etc "$R/home/al/acrn-work/l.sh"'],
      [
        "our directory becomes a link",
        "put_new",
        'cd "$R/home/al/acrn-work"; for y in .pulumi*; do mv "$y" away; ln -s ../../../etc "$y"; done; cd /',
      ],
    ];
    it(`the directory becomes a link in the moment between looking and entering: ${name}`, async function () {
      needs(this, shell, `no ${name} on this machine`);
      const root = home();
      const script = transactScript().replace("into() {", (head) => `${head} [ -h "$d" ] || { ${swap}; };`);
      const options = [{ owner: "tests" }, { script, pause: 1 }] as const;
      const request = { ...NOTHING, files: [SCRIPT] };
      await assert.rejects(
        transact(folderTarget(root, shell), request, () => [change(SCRIPT, "old", "new")], ...options),
        AcrnError,
      );
      assert.equal(readFileSync(join(root, "etc/l.sh"), "utf8"), "old");
      assert.deepEqual(readdirSync(join(root, "etc")).sort(), ["l.sh", "secret"]);
    });

    for (const [title, step, text] of attacks)
      it(`${title}: what is not al's stays as it is: ${name}`, async function () {
        needs(this, shell, `no ${name} on this machine`);
        const root = home();
        // the script itself reads without globs
        await assert.rejects(
          go(root, `case $1 in ${step}) set +f; IFS=' '; ${text}; IFS=$n; set -f;; esac`),
          (error) => error instanceof AcrnError,
        );
        const secret = join(root, "etc/secret");
        assert.equal(readFileSync(secret, "utf8"), "secret");
        assert.deepEqual([lstatSync(secret).mode & 0o777, lstatSync(secret).uid], [0o600, 0]);
        for (const name of ["new", "old", "alt"]) assert.ok(!existsSync(join(root, "etc", name)), name);
        if (existsSync(join(root, "etc/l.sh"))) assert.equal(readFileSync(join(root, "etc/l.sh"), "utf8"), "old");
      });
  }
});
