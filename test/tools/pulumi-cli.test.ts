import assert from "node:assert/strict";
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, symlinkSync, utimesSync } from "node:fs";
import { join, resolve } from "node:path";
import { ensurePulumi, findPulumi } from "../../tools/pulumi-cli";
import { cacheName, newEnough, pinnedVersion } from "../../tools/pulumi-cli/version";
import { pulumiEnv } from "../../tools/pulumi-env";
import { addFiles, addProgram, folderWith, removeFolders } from "./folders";

/** Without the official installer, and without words. */
const offline = { online: async () => false, log: () => undefined };

/** A PATH of one folder (and what the scripts in it start), and a cache of its own. */
function machine(): { bin: string; env: NodeJS.ProcessEnv; cache: string } {
  const root = folderWith();
  const bin = join(root, "bin");
  mkdirSync(bin);
  for (const tool of ["sh", "cat", "chmod", "sleep"]) symlinkSync(join("/bin", tool), join(bin, tool));
  return {
    bin,
    env: { PATH: bin, HOME: root, XDG_CACHE_HOME: join(root, "cache") },
    cache: join(root, "cache", "pulumi-acrn"),
  };
}

function addPulumi(folder: string, version: string): void {
  addProgram(folder, "pulumi", `echo ${version}`);
  addProgram(folder, "pulumi-language-nodejs", "exit 0");
}

/** Writes down how it was called, and "compiles" an executable; `before` runs first. */
function addGo(folder: string, log: string, before = ""): void {
  addProgram(
    folder,
    "go",
    `if [ "$1" = version ]; then echo "go version go1.26.8 linux/amd64"; exit 0; fi
echo "$*" >> ${log}
${before}
while [ "$1" != -o ]; do shift; done
echo "#!/bin/sh" > "$2"; chmod 755 "$2"`,
  );
}

describe("the Pulumi CLI on PATH", () => {
  after(removeFolders);

  it("is taken when it is new enough and has the language host beside it", () => {
    const { bin, env } = machine();
    addPulumi(bin, "v3.259.0");
    assert.equal(findPulumi(env), bin);
  });

  it("is taken through a symbolic link", () => {
    const { bin, env } = machine();
    const home = folderWith();
    addPulumi(home, "v3.259.0");
    symlinkSync(join(home, "pulumi"), join(bin, "pulumi"));
    assert.equal(findPulumi(env), home);
  });

  const refused: [title: string, prepare: (bin: string) => void, reason: RegExp][] = [
    ["nothing", () => undefined, /no `pulumi` is on PATH/],
    ["an old one", (bin) => addPulumi(bin, "v3.199.0"), /is v3\.199\.0, older than 3\.200\.0/],
    ["no language host", (bin) => addProgram(bin, "pulumi", "echo v3.259.0"), /no pulumi-language-nodejs beside it/],
    [
      "one that fails",
      (bin) => {
        addPulumi(bin, "x");
        addProgram(bin, "pulumi", "echo 'bad file' >&2; exit 1");
      },
      /`.*pulumi version` failed: bad file/,
    ],
  ];
  for (const [title, prepare, reason] of refused)
    it(`is refused with its reason: ${title}`, async () => {
      const { bin, env } = machine();
      prepare(bin);
      assert.equal(findPulumi(env), undefined);
      await assert.rejects(ensurePulumi({ env, ...offline }), reason);
    });

  const versions: [text: string, enough: boolean][] = [
    ["v3.200.0\n", true],
    ["v3.259.0-dev.1", true],
    ["3.1000.0", true],
    ["v4.0.0", true],
    ["v3.199.9", false],
    ["v2.300.0", false],
    ["", false],
  ];
  for (const [text, enough] of versions)
    it(`version ${JSON.stringify(text)}: ${enough}`, () => assert.equal(newEnough(text), enough));
});

describe("the cached Pulumi CLI", () => {
  after(removeFolders);

  it("is compiled once, whole, with the version that go.mod pins", async () => {
    const { bin, env, cache } = machine();
    const log = join(bin, "log");
    addGo(bin, log);
    const made = await ensurePulumi({ env, ...offline });
    assert.equal(made, join(cache, cacheName(), "bin"));
    assert.deepEqual(readdirSync(made).sort(), ["pulumi", "pulumi-language-nodejs", "pulumi-resource-pulumi-nodejs"]);
    const calls = readFileSync(log, "utf8").trim().split("\n");
    assert.equal(calls.length, 2);
    assert.match(
      calls[0] ?? "",
      new RegExp(`version\\.Version=v${pinnedVersion().replaceAll(".", "\\.")} .*pkg/v3/cmd/pulumi$`),
    );
    assert.equal(await ensurePulumi({ env, ...offline }), made);
    assert.equal(readFileSync(log, "utf8").trim().split("\n").length, 2, "a second clone pays nothing");
    assert.deepEqual(readdirSync(cache), [cacheName()], "nothing is left beside it");
  });

  it("names no folder of the clone that filled it", async () => {
    const { bin, env } = machine();
    addGo(bin, join(bin, "log"));
    const made = await ensurePulumi({ env, ...offline });
    const script = readFileSync(join(made, "pulumi-resource-pulumi-nodejs"), "utf8");
    assert.ok(!script.includes(resolve(".")));
    assert.equal(statSync(join(made, "pulumi-resource-pulumi-nodejs")).mode & 0o111, 0o111);
  });

  it("is made well by two clones at once", async () => {
    const { bin, env, cache } = machine();
    addGo(bin, join(bin, "log"), "sleep 0.3");
    const both = await Promise.all([ensurePulumi({ env, ...offline }), ensurePulumi({ env, ...offline })]);
    assert.equal(both[0], both[1]);
    assert.equal(findPulumi(env), both[0]);
    assert.deepEqual(readdirSync(cache), [cacheName()]);
  });

  it("is made again when someone removed a part of it", async () => {
    const { bin, env } = machine();
    addGo(bin, join(bin, "log"));
    const made = await ensurePulumi({ env, ...offline });
    rmSync(join(made, "pulumi-language-nodejs"));
    assert.equal(findPulumi(env), undefined);
    assert.equal(await ensurePulumi({ env, ...offline }), made);
    assert.ok(existsSync(join(made, "pulumi-language-nodejs")));
  });

  it("is never half: a failed compile leaves nothing, and says go's words", async () => {
    const { bin, env, cache } = machine();
    addGo(bin, join(bin, "log"), "echo 'no space left on device' >&2; exit 1");
    await assert.rejects(ensurePulumi({ env, ...offline }), /compiling it failed: .*no space left on device/);
    assert.deepEqual(readdirSync(cache), []);
  });

  it("clears what a killed compile left, after a day", async () => {
    const { bin, env, cache } = machine();
    addGo(bin, join(bin, "log"));
    addFiles(cache, { ".new-old/cli/x": "", ".new-fresh/cli/x": "" });
    const longAgo = new Date(Date.now() - 25 * 60 * 60 * 1000);
    utimesSync(join(cache, ".new-old"), longAgo, longAgo);
    await ensurePulumi({ env, ...offline });
    assert.deepEqual(readdirSync(cache).sort(), [".new-fresh", cacheName()]);
  });
});

describe("no way to a Pulumi CLI", () => {
  after(removeFolders);

  it("is one message with every reason and what to do", async () => {
    const { env } = machine();
    await assert.rejects(ensurePulumi({ env, ...offline }), (error: Error) => {
      for (const part of [
        "no `pulumi` is on PATH",
        "get.pulumi.com is not reached",
        "no `go` is on PATH",
        "Go 1.26 or newer",
      ])
        assert.ok(error.message.includes(part), part);
      return true;
    });
  });

  it("names a Go that cannot fetch its own newer version", async () => {
    const { bin, env } = machine();
    addProgram(bin, "go", "echo go version go1.19.8 linux/amd64");
    await assert.rejects(ensurePulumi({ env, ...offline }), /go is go1\.19, and 1\.26 is needed/);
  });
});

describe("the environment of the CLI", () => {
  after(removeFolders);

  it("keeps state and home in its folder, and the user's own Pulumi out", () => {
    const { bin, env } = machine();
    addPulumi(bin, "v3.259.0");
    const dir = join(folderWith(), "a b");
    const found = pulumiEnv(dir, { ...env, LANG: "C", PULUMI_ACCESS_TOKEN: "secret", NODE_OPTIONS: "--inspect" });
    assert.equal(found.PATH?.split(":")[0], bin);
    assert.equal(found.PULUMI_HOME, join(dir, "home"));
    assert.equal(found.PULUMI_BACKEND_URL, `file://${join(dir, "state").replace(" ", "%20")}`);
    assert.ok(existsSync(join(dir, "state")));
    assert.equal(found.LANG, "C");
    assert.ok(!("PULUMI_ACCESS_TOKEN" in found) && !("NODE_OPTIONS" in found));
  });

  it("says how to get a CLI when there is none", () => {
    const { env } = machine();
    assert.throws(() => pulumiEnv(folderWith(), env), /node tools\/setup\.js/);
  });
});
