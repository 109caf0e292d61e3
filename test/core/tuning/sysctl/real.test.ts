import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import {
  type Loader,
  readOrder,
  SYSCTL_CONF,
  SYSCTL_FOLDERS,
  type SysctlFile,
} from "../../../../provider/core/tuning/sysctl/order";
import { which } from "../../../../tools/paths";
import { optional } from "../../../support/needs";

/** `/lib` is a link to `/usr/lib` where tests run. */
const FOLDERS = SYSCTL_FOLDERS.filter((folder) => folder !== "/lib/sysctl.d");

/**
 * Files with nothing but a comment: only their order is asked for. No setting may ever stand in one, because `sysctl --dry-run` of procps 4.0.2 sets it all the
 * same, on the machine that runs the tests.
 */
const COMMENT = "# a comment\n";
const NAMES = ["10-a.conf", "99-b.conf", "B.conf", "a-b.conf", "ab.conf", "zz-pulumi-acrn.conf", "x.txt"];
const path = fc.tuple(fc.constantFrom(...FOLDERS), fc.constantFrom(...NAMES)).map((parts) => parts.join("/"));
const trees = fc
  .uniqueArray(path, { maxLength: 9 })
  .map((paths): SysctlFile[] => [...paths, SYSCTL_CONF].map((each) => ({ path: each, text: COMMENT })));

/** Mounts the folders of a tree over the machine's, for one command in a mount namespace of its own. */
const ENTER = `set -e
root=$1
shift
mount -t tmpfs tmpfs /run
mount -t tmpfs tmpfs /usr/local/lib
mkdir /run/sysctl.d /usr/local/lib/sysctl.d
for folder in ${FOLDERS.join(" ")}; do mount --bind "$root$folder" "$folder"; done
mount --bind "$root${SYSCTL_CONF}" ${SYSCTL_CONF}
exec "$@"
`;

describe("the order of sysctls, by the programs themselves", function () {
  this.timeout(60_000);
  let root: string;
  before(function () {
    optional(this, spawnSync("unshare", ["-m", "true"]).status === 0, "no mount namespace can be had here");
    const places = [SYSCTL_CONF, "/etc/sysctl.d", "/usr/lib/sysctl.d"];
    optional(
      this,
      places.every((each) => existsSync(each)),
      "the machine has no sysctl.d to mount over",
    );
  });
  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), "acrn-sysctl-"));
  });
  afterEach(() => rmSync(root, { recursive: true, force: true }));

  const inTree = (tree: readonly SysctlFile[], command: readonly string[]): string => {
    rmSync(root, { recursive: true, force: true });
    for (const folder of FOLDERS) mkdirSync(join(root, folder), { recursive: true });
    for (const each of tree) writeFileSync(join(root, each.path), each.text);
    const args = ["-m", "--propagation", "private", "sh", "-c", ENTER, "sh", root, ...command];
    const { stdout, stderr, status } = spawnSync("unshare", args, { encoding: "utf8" });
    assert.equal(status, 0, stderr);
    return stdout;
  };

  const programs: [Loader, command: string[], line: RegExp][] = [
    ["procps", ["sysctl", "--system"], /^\* Applying (\S+) \.\.\.$/gm],
    // it prints each file's path as a comment in front of its text
    ["systemd-sysctl", ["systemd-analyze", "cat-config", "--no-pager", "sysctl.d"], /^# (\/\S+\.conf)$/gm],
  ];
  for (const [loader, command, line] of programs)
    it(`${command[0]} reads files in the order that we say`, function () {
      optional(this, which(command[0] as string), `no ${command[0]}`);
      fc.assert(
        fc.property(trees, (tree) => {
          const real = [...inTree(tree, command).matchAll(line)].map((match) => match[1]);
          assert.deepEqual(
            real,
            readOrder(tree, loader).map((each) => each.path),
          );
        }),
        { numRuns: 30 },
      );
    });
});
