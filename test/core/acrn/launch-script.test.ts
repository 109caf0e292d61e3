// biome-ignore-all lint/suspicious/noTemplateCurlyInString: these are shell scripts
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { apicIdsOf, buildScenario, launchScripts, layOut } from "../../../examples/lab/builder";
import { readLaunchScript } from "../../../provider/core/acrn/launch-script";
import { readScenario } from "../../../provider/core/acrn/scenario";
import { host } from "../../support/arbitraries";
import { needs } from "../../support/needs";

/** `undefined` = nothing of the kind was found. */
interface Row {
  name: string;
  script: string;
  vm?: string;
  cpus?: number[];
  line?: number;
}

const generated = (...params: string[]) =>
  [
    "#!/bin/bash",
    "# Launch script for VM name: RT1",
    "function add_cpus() {",
    '  cpus="$*"; echo -n "--cpu_affinity ${cpus// /,}"',
    "}",
  ]
    .concat("dm_params=(", ...params.map((line) => `    ${line}`), ")", 'acrn-dm "${dm_params[@]}"', "")
    .join("\n");

const rows: Row[] = [
  {
    name: "3.x, as generated",
    script: generated("`add_cpus 4 6`", "-m 512M", "RT1"),
    vm: "RT1",
    cpus: [4, 6],
    line: 7,
  },
  { name: "3.x, $(...)", script: generated("$(add_cpus 24)", "RT1"), vm: "RT1", cpus: [24], line: 7 },
  { name: "3.x, quoted", script: generated('"`add_cpus 4 6`"', "'RT1'"), vm: "RT1", cpus: [4, 6], line: 7 },
  {
    name: "3.x, the argument beats the comment",
    script: generated("`add_cpus 4`", "RT2"),
    vm: "RT2",
    cpus: [4],
    line: 7,
  },
  {
    name: "3.x, CPUs from a variable that only running tells",
    script: generated("`add_cpus $CPUS`", "RT1"),
    vm: "RT1",
    line: 7,
  },
  { name: "3.x, add_cpus commented out", script: generated("# `add_cpus 4 6`", "RT1"), vm: "RT1", line: 4 },
  {
    name: "3.x, name not literal: the head says it",
    script: generated("`add_cpus 4`", '"$1"'),
    vm: "RT1",
    cpus: [4],
    line: 7,
  },
  {
    name: "option on the command line",
    script: "sudo /usr/bin/acrn-dm -A --cpu_affinity 4,6 \\\n  -m 1G RT1 &\n",
    vm: "RT1",
    cpus: [4, 6],
    line: 1,
  },
  { name: "option with =", script: "acrn-dm --cpu_affinity=4,6 RT1\n", vm: "RT1", cpus: [4, 6], line: 1 },
  { name: "2.x range", script: "acrn-dm --cpu_affinity 1-3 vm1\n", vm: "vm1", cpus: [1, 2, 3], line: 1 },
  {
    name: "log redirected",
    script: "acrn-dm --cpu_affinity 4 RT1 > rt.log 2>&1\n",
    vm: "RT1",
    cpus: [4],
    line: 1,
  },
  { name: "error log redirected", script: "acrn-dm --cpu_affinity 4 RT1 2> log\n", vm: "RT1", cpus: [4], line: 1 },
  {
    name: "options in a string",
    script: 'opts="-m 1G --cpu_affinity 4,6 --rtvm"\nacrn-dm $opts RT1\n',
    vm: "RT1",
    cpus: [4, 6],
    line: 1,
  },
  {
    name: "variables set once",
    script: "vm_name=RT1\ncpus='4,6'\nacrn-dm --cpu_affinity $cpus \"${vm_name}\"\n",
    vm: "RT1",
    cpus: [4, 6],
    line: 3,
  },
  { name: "variables set twice", script: "n=RT1\nn=RT2\nc=1\nc+=,2\nacrn-dm --cpu_affinity $c $n\n", line: 5 },
  {
    name: "variable of a loop",
    script: "c=1\nfor c in 1 2; do\nacrn-dm --cpu_affinity $c RT1\ndone\n",
    vm: "RT1",
    line: 3,
  },
  { name: "variable that is read", script: "n=RT1\nread -r n\nacrn-dm $n\n" },
  { name: "variable in single quotes is none", script: "n=RT1\nacrn-dm '$n'\n" },
  {
    name: "name from a parameter (2.x)",
    script: "vm_name=vm$1\nacrn-dm --cpu_affinity 2,3 $vm_name\n",
    cpus: [2, 3],
    line: 2,
  },
  { name: "two VMs in one script", script: "acrn-dm --cpu_affinity 2 A\nacrn-dm --cpu_affinity 3 B\n", line: 1 },
  {
    name: "one VM, started in two ways",
    script: "if x; then acrn-dm --cpu_affinity 2 A; else\nacrn-dm --cpu_affinity 2 A; fi\n",
    vm: "A",
    cpus: [2],
    line: 1,
  },
  {
    name: "one VM, two lists",
    script: "if x; then acrn-dm --cpu_affinity 2 A; else\nacrn-dm --cpu_affinity 3 A; fi\n",
    vm: "A",
    line: 1,
  },
  { name: "no list", script: "acrn-dm -m 1G RT1\n", vm: "RT1" },
  { name: "only spoken of", script: "pkill acrn-dm # --cpu_affinity 4\necho 'acrn-dm RT1'\n" },
  {
    name: "in a here-document",
    script: "cat <<'EOF'\nacrn-dm --cpu_affinity 4 \"RT1\nEOF\nacrn-dm --cpu_affinity 6 RT2\n",
    vm: "RT2",
    cpus: [6],
    line: 4,
  },
  {
    name: "behind a shift",
    script: "x=1; (( y = x << 2 ))\nacrn-dm --cpu_affinity 6 RT2\n",
    vm: "RT2",
    cpus: [6],
    line: 2,
  },
  { name: "nonsense lists", script: "acrn-dm --cpu_affinity 3-1 RT1\n", vm: "RT1", line: 1 },
  { name: "4-N", script: "acrn-dm --cpu_affinity 4-N RT1\n", vm: "RT1", line: 1 },
  { name: "list missing", script: "acrn-dm RT1 --cpu_affinity\n", line: 1 },
  { name: "CRLF", script: "acrn-dm \\\r\n --cpu_affinity 4 RT1\r\n", vm: "RT1", cpus: [4], line: 2 },
  { name: "not a script", script: "\0ELF --cpu_affinity 4" },
  { name: "empty", script: "" },
];

describe("launch script", () => {
  for (const { name, script, ...expected } of rows)
    it(name, () => {
      assert.deepEqual(readLaunchScript("/l.sh", script), { path: "/l.sh", ...expected });
    });

  /** The rows that the reader claims to know, run by bash with a device model that only tells its arguments. */
  it("says what bash would do", function () {
    this.timeout(60_000);
    needs(this, spawnSync("bash", ["-c", ":"]).status === 0, "no bash");
    const folder = mkdtempSync(join(tmpdir(), "acrn-launch-"));
    try {
      for (const name of ["acrn-dm", "sudo"]) {
        const body = name === "sudo" ? 'exec "$(basename "$1")" "${@:2}"' : 'printf "%s\\n" "$@" > args';
        writeFileSync(join(folder, name), `#!/bin/bash\n${body}\n`, { mode: 0o755 });
      }
      for (const { name, script, vm, cpus } of rows) {
        if (vm === undefined || cpus === undefined || script.includes("\r")) continue;
        rmSync(join(folder, "args"), { force: true });
        writeFileSync(join(folder, "l.sh"), `${script}\nwait\n`);
        spawnSync("bash", ["l.sh", vm], { cwd: folder, env: { PATH: `${folder}:${process.env.PATH}` } });
        const args = readFileSync(join(folder, "args"), "utf8").trimEnd().split("\n");
        const list = args.join(" ").match(/--cpu_affinity[ =]([0-9,-]+)/)?.[1];
        assert.deepEqual([args.at(-1), list?.replace("1-3", "1,2,3")], [vm, cpus.join()], name);
      }
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it("of any built scenario: the VM and the CPUs that the scenario gives it", () => {
    fc.assert(
      fc.property(host({ textOnly: false }), ({ board, scenario }) => {
        const view = readScenario(buildScenario(scenario), "s.xml");
        for (const { name, vm, text } of launchScripts(board, scenario)) {
          const read = readLaunchScript(name, text);
          assert.equal(read.vm, vm);
          const spec = view.vms.find(({ key }) => key === vm);
          const cpus = spec?.affinity ?? [];
          if (!spec) continue;
          assert.deepEqual(
            read.cpus,
            scenario.dialect === "2.x" ? cpus.toSorted((a, b) => a - b) : apicIdsOf(layOut(board), [...cpus]),
          );
          assert.match(text.split("\n")[(read.line ?? 0) - 1] ?? "", /add_cpus|--cpu_affinity/);
        }
      }),
    );
  });

  it("any text at all is read without an error", () => {
    const piece = fc.constantFrom(
      "acrn-dm",
      "--cpu_affinity",
      "add_cpus",
      "'",
      '"',
      "`",
      "$(",
      "${",
      ")",
      "}",
      "\\",
      "\n",
      " ",
      "=",
      "<<",
      "4,6",
      "x",
      "#",
      ";",
      "for",
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 40 }), (pieces) => {
        const read = readLaunchScript("/l.sh", pieces.join(""));
        assert.ok(read.cpus === undefined || read.line !== undefined);
      }),
      { numRuns: 2000 },
    );
  });

  it("hostile texts cost no more than long ones", () => {
    const size = 120_000;
    for (const piece of [
      "--cpu_affinity $x ",
      "add_cpus $x $x\n",
      "x=",
      "x ",
      "`",
      '"$(',
      "(",
      "<<x\n",
      "acrn-dm $x\n",
      "# Launch script for VM name: ",
      "1,",
    ]) {
      const start = process.hrtime.bigint();
      readLaunchScript("/l.sh", `x=1\n${piece.repeat(Math.floor(size / piece.length))}`);
      const took = Number(process.hrtime.bigint() - start) / 1e6;
      assert.ok(took < 2000, `${JSON.stringify(piece)} took ${took} ms`);
    }
  });
});
