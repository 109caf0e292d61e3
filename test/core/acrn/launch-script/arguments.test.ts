// biome-ignore-all lint/suspicious/noTemplateCurlyInString: these are shell scripts
import assert from "node:assert/strict";
import { launchArguments, launchSurface } from "../../../../provider/core/acrn/launch-script";
import { optionsIn, PARAMS, PARAMS_2X, script2x, script3x, withBash } from "./support";

const FILE = "/l.sh";

describe("launch arguments", () => {
  it("of a 3.x script: names, values, lines, and what is computed", () => {
    const script = script3x(...PARAMS);
    const { vm, arguments: list, refusal, console: usesConsole } = launchArguments(script, FILE);
    assert.deepEqual([vm, refusal, usesConsole], ["RT1", undefined, true]);
    assert.deepEqual(
      list.map(({ name, value, why }) => [name, value ?? why]),
      [
        ["--cpu_affinity", "4,6"],
        ["-m", "1024M"],
        ["--ovmf", "/usr/share/acrn/bios/OVMF.fd"],
        ["-s 0", "hostbridge"],
        ["--virtio_poll", "1000000"],
        ["-s 3", "virtio-console,@stdio:stdio_port"],
        ["-s 4", "computed by ${mac:0:17}"],
        ["-s 5", "virtio-blk,./rt.img"],
        ["-s 6", "passthru,2/0/0,enable_ptm"],
        ["--intr_monitor", "10000,10,1,100"],
        ["--rtvm", true],
        ["--lapic_pt", true],
        ["--logger_setting", "console,level=4;kmsg,level=3;disk,level=5"],
      ],
    );
    const lines = script.split("\n");
    assert.match(lines[(list[1]?.line ?? 0) - 1] ?? "", /-m 1024M/);
  });

  it("of a 2.x script: the name comes from the call of its function", () => {
    const { vm, arguments: list, refusal } = launchArguments(script2x(...PARAMS_2X), FILE);
    assert.deepEqual([vm, refusal], ["post_vm_id2", undefined]);
    const named = list.map(({ name }) => name).join(" ");
    assert.equal(
      named,
      "-A -m -s 0 -U --mac_seed --virtio_poll --lapic_pt --logger_setting -s 3 -s 4 --ovmf --cpu_affinity --intr_monitor -s 5",
    );
    assert.equal(list.find(({ name }) => name === "--mac_seed")?.why, "computed by ${mac:0:17}");
  });

  for (const { name, script, expected } of [
    { name: "a serial port", script: "acrn-dm -l com1,stdio RT1\n", expected: true },
    { name: "a serial port elsewhere", script: "acrn-dm -l com1,/dev/pts/3 RT1\n", expected: false },
    { name: "a virtio console", script: "acrn-dm -s 3,virtio-console,@stdio:port RT1\n", expected: true },
    { name: "its second port", script: "acrn-dm -s 3,virtio-console,pty:a,stdio:b RT1\n", expected: true },
    { name: "a terminal of its own", script: "acrn-dm -s 3,virtio-console,@pty:stdio RT1\n", expected: false },
    { name: "a port whose name is computed", script: 'acrn-dm -s 3,virtio-console,@stdio:"$1" RT1\n', expected: true },
    { name: "in a script that is refused", script: 'eval "$x"\nacrn-dm -l com1,stdio RT1\n', expected: true },
    { name: "no console", script: "acrn-dm -m 1G RT1\n", expected: false },
  ])
    it(`console: ${name}`, () => assert.equal(launchArguments(script, FILE).console, expected));

  for (const { name, script, vm } of [
    { name: "computed", script: 'acrn-dm -m 1G "$1"\n', vm: undefined },
    { name: "of a function that is called twice", script: "f() {\nacrn-dm vm$1\n}\nf 1\nf 2\n", vm: undefined },
    { name: "of a function that shifts", script: "f() {\nshift\nacrn-dm vm$1\n}\nf 1 2\n", vm: undefined },
    { name: "behind --", script: "acrn-dm -A -- RT1\n", vm: "RT1" },
    { name: "of a variable set in the same branch", script: "if x; then\nv=RT1\nacrn-dm $v\nfi\n", vm: "RT1" },
  ])
    it(`name: ${name}`, () => {
      const read = launchArguments(script, FILE);
      assert.deepEqual([read.vm, read.refusal], [vm, undefined]);
    });

  it("both shapes by bash", function () {
    this.timeout(60_000);
    withBash(this, (run) => {
      for (const script of [script3x(...PARAMS), script2x(...PARAMS_2X)]) {
        const { options, operands } = optionsIn(run(script) ?? []);
        const said = launchArguments(script, FILE);
        assert.deepEqual(operands, [said.vm]);
        assert.deepEqual(Object.keys(options).length, said.arguments.length);
        for (const { name, value } of said.arguments) if (value !== undefined) assert.equal(options[name], value);
      }
    });
  });

  it("other texts and other orders: which hold the same", () => {
    const same = (a: string, b: string) => launchSurface.sameFields(a, b, FILE);
    const base = "# c\nacrn-dm -A -m 1G RT1\n";
    assert.ok(same(base, "# c\nacrn-dm -m 1G -A RT1\n"));
    assert.ok(same(base, "# c\nacrn-dm -A -m 1G RT1 \n"));
    assert.ok(!same(base, "# d\nacrn-dm -A -m 1G RT1\n"));
    assert.ok(!same(base, "# c\nacrn-dm -A -m 2G RT1\n"));
    assert.ok(!same(base, "# c\nx=1\nacrn-dm -A -m 1G RT1\n"));
    assert.ok(!same("echo a\necho b\nacrn-dm R\n", "echo a echo b\nacrn-dm R\n"));
    assert.ok(!same("nothing\n", "nothing else\n"));
    assert.ok(same("nothing\n", "nothing \n"));
  });

  it("values for people, and what a ledger may hold", () => {
    const { show, takes } = launchSurface;
    assert.deepEqual(
      [show("4,6"), show(true), show(null), show("a\nb"), show(["x"])],
      ["4,6", "given", "(absent)", "a\\nb", '["x"]'],
    );
    const raw = JSON.stringify([
      { words: "-m 1G", gap: " ", side: "next", comment: false, literals: [], beside: [""] },
    ]);
    assert.ok(takes("arg[-m]", "1G", raw));
    assert.ok(takes("some other field", 5));
    assert.ok(!takes("arg[-m]", 5));
    for (const bad of ["", "[]", "{}", "[1]", raw.replace("next", "left"), raw.replace("[]", "[1]")])
      assert.ok(!takes("arg[-m]", "1G", bad));
  });

  it("hostile texts are read to their end", function () {
    this.timeout(120_000);
    const size = 120_000;
    const bodies = [
      "acrn-dm $x\n",
      "$x ",
      "p=(a) ",
      "x=$x\n",
      "`",
      '"$(',
      "${",
      "(",
      "{ ",
      "f() { ",
      "case x in a) ",
      "<<x\n",
      "\\\n",
      "if x; then ",
      "acrn-dm -m 1G R\n",
    ];
    for (const body of bodies)
      for (const head of ["x=1\nacrn-dm ", "x='a b c d'\nf() {\n"]) {
        const text = head + body.repeat(Math.floor(size / body.length));
        launchArguments(text, FILE);
        launchSurface.read(text, FILE, "arg[-m]");
      }
  });
});
