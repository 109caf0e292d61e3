import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { grubMenu } from "../../provider/host/scripts/grub-menu";
import { needs } from "../support/needs";
import { listing, shells, tree } from "./helpers";

/** As the end of grub-mkconfig does: a finished text beside it is copied over the menu in place. */
const MKCONFIG = (dies = "") => `#!/bin/sh
umask 077
printf 'half, ' >"$2"
${dies}
printf 'and whole' >>"$2"
chmod 444 "$2"
`;

/** What a power cut is for files: nobody runs on. */
const DIES = "kill -9 $PPID $$";

interface Row {
  name: string;
  files: Record<string, string>;
  /** @default `grub-mkconfig -o` the menu */
  command?: string;
  prefix?: string;
  /** Undefined: it was killed. */
  status: number | null;
  /** What is there then besides the programs. */
  left: Record<string, string>;
}

const MENU = { "boot/grub.cfg @640": "old" };
const MADE = { "boot/grub.cfg @640": "half, and whole" };

const ROWS: Row[] = [
  {
    name: "goes in its place whole, and keeps its mode",
    files: { ...MENU, "bin/grub-mkconfig @755": MKCONFIG() },
    status: 0,
    left: MADE,
  },
  {
    name: "is the old one where making it fails, and nothing is left beside it",
    files: { ...MENU, "bin/grub-mkconfig @755": MKCONFIG("exit 3") },
    status: 3,
    left: MENU,
  },
  {
    name: "is the old one where the power goes",
    files: { ...MENU, "bin/grub-mkconfig @755": MKCONFIG(DIES) },
    status: null,
    left: { ...MENU, "boot/.pulumi-acrn.cfg @600": "half, " },
  },
  {
    name: "is made after that, and what was left is gone",
    files: { ...MENU, "boot/.pulumi-acrn.cfg @600": "half, ", "bin/grub-mkconfig @755": MKCONFIG() },
    status: 0,
    left: MADE,
  },
  {
    name: "that is a link stays one",
    files: { "boot/grub.cfg": "-> real", "boot/real @640": "old", "bin/grub-mkconfig @755": MKCONFIG() },
    status: 0,
    left: { "boot/grub.cfg": "-> real", "boot/real @444": "half, and whole" },
  },
  {
    name: "below a prefix is made by what was asked for",
    files: { ...MENU, "bin/grub-mkconfig @755": MKCONFIG(), "bin/other @755": '#!/bin/sh\nprintf new >"$2"\n' },
    command: "other -o",
    prefix: "/lab",
    status: 0,
    left: { "boot/grub.cfg @640": "new" },
  },
];

for (const { name: shellName, shell: of } of shells())
  describe(`GRUB's menu, made by ${shellName},`, () => {
    for (const { name, files, command = "grub-mkconfig -o", prefix = "", status, left } of ROWS)
      it(name, function () {
        needs(this, of?.shell, `no ${shellName} on this machine`);
        const root = tree(files);
        const env = { PATH: `${join(root, "bin")}:${of.path}`, PULUMI_ACRN_ROOT: prefix };
        const text = grubMenu(`${command} ${join(root, "boot/grub.cfg")}`);
        const ended = spawnSync(of.shell, ["-c", text], { env });
        assert.equal(ended.status, status, String(ended.stderr));
        assert.deepEqual(
          listing(root).filter((line) => !line.startsWith("/bin")),
          listing(tree(left)),
        );
      });
  });
