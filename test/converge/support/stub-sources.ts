import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { LAB_BUILD } from "../../../examples/lab/server/physics/stub-texts";

const MAKE = `for x; do case $x in O=*) o=\${x#O=};; BOARD=*) b=\${x#BOARD=};; SCENARIO=*) s=\${x#SCENARIO=};; esac; done
lab-build "$b" "$s" "$o/hypervisor"
`;

/** What debian_build.sh leaves: packages beside the tree, the generated configuration in it. */
const DEBIAN_BUILD = `set -e
cd "$WORK/source"
lab-build "$2/board-of-host.xml" "$2/$6.xml" "$PWD/build/$4/$6/hypervisor"
mkdir -p "$WORK/package/usr/lib/x86_64-linux-gnu/acrn/$4/$6"
cp "build/$4/$6/hypervisor/acrn.bin" "$WORK/package/usr/lib/x86_64-linux-gnu/acrn/$4/$6/acrn.$4.$6.bin"
: >"$WORK/acrn-hypervisor_1_amd64.deb"
`;

/** Stands for ACRN's source tree; paths are below the root of a machine. */
export const SOURCE: Readonly<Record<string, string>> = {
  "src/Makefile": "all:\n",
  "src/VERSION": "MAJOR_VERSION=3\nMINOR_VERSION=3\n",
  "src/hypervisor/Makefile": "all:\n",
  "src/debian/debian_build.sh": DEBIAN_BUILD,
};

const nothing = Object.fromEntries(
  "gcc objcopy python3 xsltproc iasl debuild gbp dh dpkg-checkbuilddeps".split(" ").map((name) => [name, "exit 0\n"]),
);

/** The programs that ACRN's builds call: the lab's build behind them. No git, so a tree is known by its files. */
export const TOOLS: Readonly<Record<string, string>> = {
  ...nothing,
  git: "exit 1\n",
  make: MAKE,
  xmllint: "echo cell-1-board\n",
  "dpkg-deb": 'mkdir -p "$3" && cp -R "$WORK/package/." "$3"\n',
};

/** Runs `work` with these programs before those of this machine. */
export async function withTools(work: (folder: string) => Promise<void>): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), "acrn-tools-"));
  const build = `exec '${process.execPath}' '${LAB_BUILD}' "$@"\n`;
  for (const [name, text] of Object.entries({ ...TOOLS, "lab-build": build })) {
    writeFileSync(join(folder, name), `#!/bin/sh\n${text}`);
    chmodSync(join(folder, name), 0o755);
  }
  const { PATH } = process.env;
  process.env.PATH = `${folder}:${PATH}`;
  try {
    await work(folder);
  } finally {
    process.env.PATH = PATH;
    rmSync(folder, { recursive: true, force: true });
  }
}
