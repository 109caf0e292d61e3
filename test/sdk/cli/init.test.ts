import assert from "node:assert/strict";
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import ts from "typescript";
import { projectName } from "../../../sdk/cli/init/files";
import { hostArgs } from "../../../sdk/cli/init/host-args";
import { literal, programText, Secret } from "../../../sdk/cli/init/program-text";
import { cli, declaration, folderHost, temporary } from "./support";

const ROOT = resolve(__dirname, "../../..");
const RECORD = "usr/share/acrn/scenario.xml";

/** What tsc says of programs, with `pulumi-acrn` taken from the sources. */
function typeErrors(programs: readonly string[]): string[] {
  const options: ts.CompilerOptions = {
    target: ts.ScriptTarget.ES2022,
    module: ts.ModuleKind.Node16,
    moduleResolution: ts.ModuleResolutionKind.Node16,
    strict: true,
    esModuleInterop: true,
    skipLibCheck: true,
    noEmit: true,
    types: ["node"],
    typeRoots: [join(ROOT, "node_modules/@types")],
    paths: {
      "pulumi-acrn": [join(ROOT, "sdk/index.ts")],
      "@pulumi/pulumi": [join(ROOT, "node_modules/@pulumi/pulumi")],
    },
  };
  const program = ts.createProgram({ rootNames: [...programs], options });
  const own = programs.flatMap((file) => ts.getPreEmitDiagnostics(program, program.getSourceFile(file)));
  return own.map(
    ({ messageText, file, start }) =>
      `${file?.fileName}:${start}: ${ts.flattenDiagnosticMessageText(messageText, "\n")}`,
  );
}

describe("sdk/cli init", () => {
  /** Host, changes of its record, what the program has to say. */
  const hosts: [string, string, (record: string) => string, RegExp][] = [
    [
      "a cell",
      "cell-1",
      (r) => r,
      /^const cores = new CorePartition\("cores", \{ host, vms: \{ POST_RT_VM1: \[3\] \} \}\);$/m,
    ],
    ["a 2.x host", "cell-2", (r) => r, /^const cores = new CorePartition\("cores", \{ host, vms: \{ /m],
    ["a host whose RTVM shares a core", "cell-3", (r) => r, /^const cores = .* sharing: \{ smt: \["POST_STD_VM1"\]/m],
    [
      "a host whose RTVM shares a pCPU",
      "cell-1",
      (r) => r.replace("<pcpu_id>2<", "<pcpu_id>3<"),
      /^\/\/ T15: pCPU 3: wanted[\s\S]*^\/\/ const cores = /m,
    ],
    [
      "a host without an RTVM",
      "cell-1",
      (r) => r.replace("RTVM", "STANDARD_VM"),
      /^\/\/ No CorePartition yet: the scenario has no real-time VM/m,
    ],
    [
      "a host with a forged name",
      "cell-1",
      (r) => r.replaceAll("POST_RT_VM1", "&quot;);x\u202e"),
      /^const cores = .*"\\"\);x\\u202e": \[3\]/m,
    ],
  ];
  const programs: string[] = [];

  for (const [name, host, change, words] of hosts)
    it(`writes a program for ${name}`, async () => {
      const root = folderHost(host);
      writeFileSync(join(root, RECORD), change(readFileSync(join(root, RECORD), "utf8")));
      const dir = join(temporary(), "project");
      const { status, out, err } = await cli(["init", root, dir]);
      assert.equal(status, 0, err);
      assert.deepEqual(readdirSync(dir).sort(), ["Pulumi.yaml", "index.ts", "package.json", "tsconfig.json"]);
      const program = readFileSync(join(dir, "index.ts"), "utf8");
      assert.match(program, words);
      assert.match(program, /^export const acrn = host\.facts\.acrnVersion;$/m); // all facts would fill two screens
      assert.doesNotMatch(program, /[^\x20-\x7e\n]/);
      assert.match(program, /connection: \{ root: "\.\.\/\.\.\//);
      assert.ok(program.split("\n").length <= 22, program);
      assert.match(out, /npm install\n {2}pulumi stack init dev\n {2}pulumi preview/);
      programs.push(join(dir, "index.ts"));
    });

  it("programs, also those with secrets, type-check", function () {
    this.timeout(120_000);
    assert.ok(programs.length > 0);
    const connection = {
      host: "h",
      user: "u",
      port: 22,
      jump: "j",
      password: "p",
      passphrase: "q",
      sudoPassword: "r",
      sshConfig: "c",
    };
    const settings = { connection, scenario: { import: "s.xml" }, files: { board: "/b" }, scripts: ["/x/*.sh"] };
    const parts = { name: "h", label: "h", host: hostArgs(settings, "."), secrets: ["password"], remarks: [] };
    const secret = programText({ ...parts, partition: undefined });
    assert.doesNotMatch(secret, /"[pqr]"/);
    const partition = { args: { vms: { RT: [3] }, neighbours: "refuse" as const }, holds: true, remarks: [] };
    const rtVms = [
      { name: "RT", edited: "/root/rt.sh", remark: "it runs", refused: [] },
      { name: "RT2", remark: "it\ndoes not", refused: ["T02: no polling"] },
    ];
    const whole = programText({ ...parts, partition, rtVms, live: true });
    assert.match(
      whole,
      /^new RtVm\("RT", \{ host, partition: cores, name: "RT", script: \{ edited: "\/root\/rt\.sh" \} \}\);$/m,
    );
    assert.match(whole, /^\/\/ it does not\n\/\/ T02: no polling\n.*\n\/\/ new RtVm\("RT2"/m);
    assert.match(
      whole,
      /^new Activation\("activation", \{ host, allow: config\.getObject\("allow"\) \?\? \[\], guests: \{\} \}\);$/m,
    );
    const paths = [secret, whole].map((text) => {
      const path = join(temporary(), "index.ts");
      writeFileSync(path, text);
      return path;
    });
    assert.deepEqual(typeErrors([...programs, ...paths]), []);
  });

  it("writes an RtVm for a VM that a script starts: for one in a user's folder it edits that", async () => {
    const root = folderHost();
    const packaged = "usr/share/acrn/launch-scripts/cell-1-board/shared/launch_user_vm_id1.sh";
    const text = async () => {
      const dir = join(temporary(), "project");
      const { status, err } = await cli(["init", root, dir]);
      assert.equal(status, 0, err);
      return readFileSync(join(dir, "index.ts"), "utf8");
    };
    assert.match(await text(), /^new RtVm\("POST_RT_VM1", \{ host, partition: cores, name: "POST_RT_VM1" \}\);$/m);
    mkdirSync(join(root, "root/acrn-work"), { recursive: true });
    writeFileSync(join(root, "root/acrn-work/rt.sh"), readFileSync(join(root, packaged)));
    assert.match(await text(), /^new RtVm\(.* script: \{ edited: "\/root\/acrn-work\/rt\.sh" \} \}\);$/m);
    assert.doesNotMatch(await text(), /Activation/, "a folder does not run");
    const ours = { name: "POST_RT_VM1", partition: { ref: "cores" }, memory: "2G" };
    const resources = [
      { type: "CorePartition", name: "cores", args: { vms: { POST_RT_VM1: [3] } } },
      { type: "RtVm", name: "rt", args: ours },
    ];
    const applied = await cli(["apply", root, declaration({ name: "cell-1", resources }), "--yes"]);
    assert.equal(applied.status, 0, applied.err);
    assert.doesNotMatch(await text(), /edited: "\/var\/lib\/pulumi-acrn/, "what we wrote is nobody's to edit");
  });

  it("overwrites nothing, and then writes nothing at all", async () => {
    const dir = temporary();
    writeFileSync(join(dir, "package.json"), "{}");
    const { status, err } = await cli(["init", folderHost(), dir]);
    assert.equal(status, 1);
    assert.match(err, /has package\.json already; nothing was written/);
    assert.deepEqual(readdirSync(dir), ["package.json"]);
  });

  it("says what cannot be written", async () => {
    const dir = join(temporary(), "file");
    writeFileSync(dir, "");
    const { status, err } = await cli(["init", folderHost(), dir]);
    assert.equal(status, 1);
    assert.match(err, /the project cannot be written/);
  });

  it("takes paths along to the folder of the project", () => {
    const dir = join(temporary(), "a", "b");
    mkdirSync(dir, { recursive: true });
    const settings = { connection: { root: "image" }, scenario: { import: "s.xml" } };
    const { connection, scenario } = hostArgs(settings, dir) as {
      connection: { root: string };
      scenario: { import: string };
    };
    assert.equal(resolve(dir, connection.root), resolve("image"));
    assert.equal(resolve(dir, scenario.import), resolve("s.xml"));
    assert.deepEqual(hostArgs({ connection: { root: join(dir, "image") } }, dir), { connection: { root: "./image" } });
    assert.deepEqual(hostArgs({ connection: { host: "cell-7" } }, dir), { connection: "cell-7" });
    assert.deepEqual(hostArgs({ connection: { host: "h", privateKeyFile: "~/k", sshConfig: "/etc/x" } }, dir), {
      connection: { host: "h", privateKeyFile: "~/k", sshConfig: "/etc/x" },
    });
  });

  const literals: [unknown, string][] = [
    [{ a: 1, "b c": [true, null] }, '{ a: 1, "b c": [true, null] }'],
    ["\u2028'\"", '"\\u2028\'\\""'],
    [{ password: new Secret("password") }, '{ password: config.requireSecret("password") }'],
    [{}, "{}"],
  ];
  for (const [value, text] of literals) it(`writes ${text}`, () => assert.equal(literal(value), text));

  const names: [string, string][] = [
    ["cell-7", "cell-7"],
    ["10.0.0.7", "acrn-host"],
    ["a b/c", "a-b-c"],
    ["Ümläut", "ml-ut"],
    ["", "acrn-host"],
  ];
  for (const [text, name] of names)
    it(`calls ${JSON.stringify(text)} ${name}`, () => assert.equal(projectName(text), name));
});
