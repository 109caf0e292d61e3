import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { existsSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { checkScript } from "../../../provider/core/acrn/image/recipes/check";
import { buildScript } from "../../../provider/core/acrn/image/recipes/script";
import { toolsOf } from "../../../provider/core/acrn/image/recipes/tools";
import { type Recipe, recipeIdentity } from "../../../provider/core/acrn/image/recipes/types";
import { isWarning } from "../../../provider/core/acrn/image/recipes/warnings";
import { type FolderShell, folderTarget } from "../../../provider/host/folder";
import { checkBuild } from "../../../provider/host/image/build-check";
import { build } from "../../../provider/host/image/build-session";
import { needs } from "../../support/needs";
import { listing, sha256, shells, temporary, tree } from "../helpers";

const NAMES = { board: "board-1", scenario: "shared" };
const INPUTS = new Map([
  ["board-1.xml", Buffer.from('<acrn-config board="nuc"/>')],
  ["shared.xml", Buffer.from("<acrn-config/>")],
]);

/** Stands for ACRN's source tree from v2.4 on, and for the programs that its builds call; each says how it was called. */
const SOURCE = {
  "src/Makefile": "ifdef TARGET_DIR\n$(warning TARGET_DIR is obsoleted)\nendif\n",
  "src/VERSION": "MAJOR_VERSION=3\nMINOR_VERSION=3\nEXTRA_VERSION=-rc\n",
  "src/hypervisor/Makefile": "all:\n",
  "src/debian/debian_build.sh": `set -e
test "$PWD" != "$ROOT/src"
echo "debian_build $1 $3 $4 $5 $6 $7 $8 $9" | tee "$WORK/../../called"
cd "$WORK/source"
mkdir -p build/nuc/shared/hypervisor/configs
echo alloc >build/nuc/shared/hypervisor/configs/allocation.xml
echo deb >../acrn-hypervisor_3.3_amd64.deb
`,
  "var/tmp/.keep": "",
};

const BIN = {
  make: `for x; do case $x in O=*) o=\${x#O=};; BOARD=*) b=\${x#BOARD=};; SCENARIO=*) s=\${x#SCENARIO=};; esac; done
echo "make \${1#-} \${2##*/} $3 \${b##*/} \${s##*/} \${7-}"
[ -s "$b" ] && [ -s "$s" ] || exit 3
mkdir -p "$o/hypervisor/configs" "$o/hypervisor/acpi"
cd "$o/hypervisor"
cat "$b" "$s" >acrn.bin; echo alloc >configs/allocation.xml; echo misc >configs/misc_cfg.h; echo tables >acpi/ACPI_VM0.bin; echo obj >acrn.out
`,
  xmllint: "echo nuc\n",
  "dpkg-deb":
    'd=$3/usr/lib/x86_64-linux-gnu/acrn/nuc/shared; mkdir -p "$d/acpi"; echo bin >"$d/acrn.nuc.shared.bin"; echo tables >"$d/acpi/ACPI_VM1.bin"\n',
};

function world(bin: Record<string, string> = BIN): { root: string; bin: string } {
  const root = tree(SOURCE);
  const programs = tree(
    Object.fromEntries(Object.entries(bin).map(([name, text]) => [`${name} @755`, `#!/bin/sh\n${text}`])),
  );
  return { root, bin: programs };
}

const RECIPES: readonly { recipe: Recipe; files: readonly string[]; bin: string; said: RegExp }[] = [
  {
    recipe: { how: "make", source: "/src", release: true },
    files: ["ACPI_VM0.bin", "acrn.bin", "configs/allocation.xml", "configs/misc_cfg.h"],
    bin: '<acrn-config board="nuc"/><acrn-config/>',
    said: /^make C src hypervisor board-1.xml shared.xml RELEASE=y$/m,
  },
  {
    recipe: { how: "make", source: "/src" },
    files: ["ACPI_VM0.bin", "acrn.bin", "configs/allocation.xml", "configs/misc_cfg.h"],
    bin: '<acrn-config board="nuc"/><acrn-config/>',
    said: /^make C src hypervisor board-1.xml shared.xml $/m,
  },
  {
    recipe: { how: "debian", source: "/src" },
    files: ["ACPI_VM1.bin", "acrn.bin", "configs/allocation.xml"],
    bin: "bin\n",
    said: /^debian_build -c -b nuc -s shared -r n acrn$/m,
  },
  { recipe: { how: "prebuilt", path: "/src/VERSION" }, files: ["acrn.bin"], bin: SOURCE["src/VERSION"], said: /^$/ },
  {
    recipe: { how: "command", command: 'cp "$SCENARIO_FILE" "$OUT/acrn.bin"; echo "it\'s done"' },
    files: ["acrn.bin"],
    bin: "<acrn-config/>",
    said: /^it's done$/m,
  },
];

for (const { name, shell } of shells())
  describe(`recipes under ${name}`, function () {
    this.timeout(60_000);
    before(function () {
      needs(this, shell, `no ${name} on this machine`);
    });
    const withBin = (bin: string): FolderShell => ({ ...shell, path: `${bin}:${shell?.path ?? ""}:/usr/bin:/bin` });

    for (const { recipe, files, bin: expected, said } of RECIPES)
      it(`${recipeIdentity(recipe).split(" ", 2).join(" ")} builds, and leaves source and machine as they were`, async () => {
        const { root, bin } = world();
        const before = listing(root);
        const lines: string[] = [];
        const order = { script: buildScript(recipe, NAMES), inputs: INPUTS };
        const found = await build(folderTarget(root, withBin(bin)), order, { line: (line) => void lines.push(line) });
        assert.deepEqual([...found.keys()].sort(), files);
        assert.equal(Buffer.from(found.get("acrn.bin") ?? []).toString(), expected);
        assert.match(lines.join("\n"), said);
        assert.deepEqual(
          listing(root).filter((line) => !line.startsWith("/var/tmp/called")),
          before,
        );
      });

    it("a make that fails is a failure", async () => {
      const { root, bin } = world({ ...BIN, make: "echo 'cc: error: x'; exit 2\n" });
      const order = { script: buildScript({ how: "make", source: "/src" }, NAMES), inputs: INPUTS };
      await assert.rejects(build(folderTarget(root, withBin(bin)), order), { code: "build.failed" });
    });

    it("a look tells what is missing and which source it is, and writes nothing", async () => {
      const { root } = world();
      const only = temporary();
      // sh and what the look itself needs, nothing that builds
      for (const tool of [
        "sh",
        "base64",
        "sed",
        "sha256sum",
        "head",
        "grep",
        "gzip",
        "tr",
        "find",
        "sort",
        "cat",
        "tail",
      ])
        symlinkSync(
          (shell?.path ?? "")
            .split(":")
            .map((folder) => join(folder, tool))
            .find((path) => existsSync(path)) ?? `/usr/bin/${tool}`,
          join(only, tool),
        );
      const target = folderTarget(root, { ...shell, path: only });
      const before = listing(root, true);
      const recipe: Recipe = { how: "make", source: "/src" };
      const found = await checkBuild(target, recipe);
      assert.deepEqual(
        found.missing.map((tool) => tool.package),
        ["make", "gcc", "binutils", "python3", "xsltproc", "libxml2-utils", "acpica-tools"],
      );
      assert.match(found.source ?? "", /^tree 33-rc [0-9a-f]{16}$/);
      assert.deepEqual(found.refused, []);
      assert.deepEqual(listing(root, true), before);
      const prebuilt = await checkBuild(target, { how: "prebuilt", path: "/src/VERSION" });
      assert.equal(prebuilt.source, `file ${sha256(SOURCE["src/VERSION"])}`);
      assert.deepEqual((await checkBuild(target, { how: "prebuilt", path: "/gone" })).refused, [
        `there is no ${root}/gone`,
      ]);
      assert.match(
        (await checkBuild(target, { how: "make", source: "/var" })).refused[0] ?? "",
        /is not a source tree/,
      );
    });
  });

describe("a look at a source tree", () => {
  it("refuses one that writes into itself", async () => {
    const root = tree({
      ...SOURCE,
      "src/Makefile": "TARGET_DIR ?=\n# 3. make <target> BOARD=xxx SCENARIO=xxx [TARGET_DIR=xxx]\n",
    });
    const { refused } = await checkBuild(folderTarget(root), { how: "make", source: "/src" });
    assert.match(refused[0] ?? "", /older than v2.4/);
  });

  it("knows a git tree by its commit, and one with changes by these too", async function () {
    needs(this, spawnSync("git", ["--version"]).status === 0, "no git");
    const root = tree(SOURCE);
    const git = (...args: string[]) =>
      assert.equal(
        spawnSync("git", ["-C", join(root, "src"), "-c", "user.name=t", "-c", "user.email=t@t", ...args]).status,
        0,
      );
    git("init", "-q");
    git("add", ".");
    git("commit", "-qm", "x");
    const recipe: Recipe = { how: "debian", source: "/src" };
    const look = async () => (await checkBuild(folderTarget(root), recipe)).source ?? "";
    const clean = await look();
    assert.match(clean, /^git [0-9a-f]{12}$/);
    spawnSync("sh", ["-c", `echo more >>${root}/src/Makefile`]);
    const changed = await look();
    assert.match(changed, new RegExp(`^${clean} changed [0-9a-f]{16}$`));
    spawnSync("sh", ["-c", `echo more >>${root}/src/Makefile`]);
    assert.notEqual(await look(), changed);
    git("commit", "-qam", "y");
    const again = await look();
    const path = join(root, "src/hypervisor/it's new.c");
    writeFileSync(path, "int x;\n");
    const untracked = await look();
    assert.match(untracked, new RegExp(`^${again} untracked [0-9a-f]{16}$`));
    writeFileSync(path, "int y;\n");
    assert.notEqual(await look(), untracked);
    rmSync(path);
    writeFileSync(join(root, "src/hypervisor/x.pyc"), "what a look of Python leaves");
    writeFileSync(join(root, "src/.git/info/exclude"), "*.o\n");
    writeFileSync(join(root, "src/hypervisor/x.o"), "what is ignored");
    assert.equal(await look(), again);
  });

  it("has a package for each tool, and shell text that shellcheck would read", () => {
    for (const how of ["make", "debian"] as const)
      for (const tool of toolsOf({ how, source: "/s" })) assert.match(tool.package, /^[a-z0-9.+-]+$/);
    assert.match(checkScript({ how: "make", source: "/it's" }), /s="\$ROOT"'\/it'\\''s'/);
  });

  it("takes names that make a build the same wherever it is done", () => {
    for (const bad of ["scenario", "", "a/b", "-x", "board-1"])
      assert.throws(() => buildScript({ how: "command", command: ":" }, { ...NAMES, scenario: bad }), {
        code: "image.name",
      });
  });

  it("tells a warning", () => {
    for (const line of ["x.c:3: warning: unused", "Makefile:3: Warning: old", "WARNING:root:no schema"])
      assert.ok(isWarning(line), line);
    for (const line of ["-Wwarnings", "all well"]) assert.ok(!isWarning(line), line);
  });
});
