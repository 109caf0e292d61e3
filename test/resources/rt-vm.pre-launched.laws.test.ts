import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { buildScenario, layOut } from "../../examples/lab/builder";
import { type Planned, planResource, planWithdrawal } from "../../provider/converge/plan-resource";
import type { Owner } from "../../provider/core/claims/types";
import { isEmpty } from "../../provider/core/plan/types";
import { kindOf } from "../../provider/resources/kinds";
import { rtVmKind } from "../../provider/resources/rt-vm";
import { assertLegal } from "../core/acrn/scenario/legal";
import { host } from "../support/arbitraries";
import { identity, MemoryHost } from "../support/memory-host";
import { megabytes } from "./rt-vm.said";
import { lawful, type RtVmWords } from "./rt-vm.world";
import { recordText } from "./rt-vm.written";

const SOURCE = "/var/lib/pulumi-acrn/scenario.xml";
const cfgOf = (vm: string) => `/etc/default/grub.d/pulumi-acrn-${vm}.cfg`;

/** Words of a kernel's line, of every printable character that neither shell nor GRUB takes apart. */
const WORD = /^[A-Za-z0-9_!%+,./:@^~=\]-]{1,12}$/;
const bootArgs = fc
  .array(fc.oneof(fc.constantFrom("isolcpus=nohz,domain,1", "root=/dev/sda3", "quiet"), fc.stringMatching(WORD)), {
    minLength: 1,
    maxLength: 8,
  })
  .map((words) => words.join(" "))
  .filter((text) => !/^-[neE]+( |$)/.test(text)); // refused: echo would keep it

/** A 3.x host of the builder whose scenario has a pre-launched VM, and what a program says of that VM. */
const cell = fc.constantFrom("3.3" as const, "3.0" as const).chain((version) =>
  host({ textOnly: false, dialect: "3.x", version })
    .filter(({ scenario }) => scenario.vms.some(({ kind }) => kind.startsWith("pre")))
    .chain(({ board, scenario }) => {
      const names = vmsOf(buildScenario(scenario)).map(({ name }) => name);
      const pre = scenario.vms.flatMap(({ kind }, at) => (kind.startsWith("pre") ? [names[at] as string] : []));
      const cpus = layOut(board).threads.length;
      const some = fc.uniqueArray(fc.integer({ min: 1, max: Math.max(cpus - 1, 1) }), { minLength: 1, maxLength: 3 });
      return fc.record({
        tree: fc.constant({ ...identity("pre law"), board, scenario, acrnVersion: version }),
        names: fc.constant(names),
        name: fc.constantFrom(...pre),
        wish: fc.oneof(fc.record({ cores: fc.constant(1) }), some),
        said: fc.record(
          { memory: fc.constantFrom("256M", "1G", "3g"), bootArgs, lapicPassthrough: fc.constant(true) },
          { requiredKeys: [] },
        ),
        neighbours: fc.constantFrom("evict" as const, "refuse" as const),
      });
    }),
);

/** Its VMs, read without the product's code. */
function vmsOf(scenario: string): { name: string; text: string; pcpus: number[]; tag: string }[] {
  const vms = scenario.split(/(?=<vm id=)/).slice(1);
  return vms.map((text) => ({
    text,
    name: /<name>(.*?)<\/name>/.exec(text)?.[1] ?? "",
    pcpus: [...text.matchAll(/<pcpu_id>(\d+)</g)].map((match) => Number(match[1])),
    tag: /<kern_mod>(.*?)<\/kern_mod>/.exec(text)?.[1] ?? "",
  }));
}

/** What 25_linux_acrn puts behind the tag, as it finds it out [debian/grub/25_linux_acrn add_mod_tag]. */
function behindTag(cfg: string, tag: string, folder: string): string {
  const script = `${cfg}\nprintf %s "$(eval echo \\\${GRUB_ACRN_MOD_CMDLINE_${tag}})"`;
  const { status, stdout, stderr } = spawnSync("sh", ["-c", script], { cwd: folder, encoding: "utf8" });
  assert.deepEqual([status, stderr], [0, ""]);
  return stdout;
}

describe("RtVm, pre-launched, with its CorePartition: laws over built hosts", function () {
  this.timeout(240_000);
  let folder: string;
  before(() => {
    folder = mkdtempSync(join(tmpdir(), "acrn-grub-"));
  });
  after(() => rmSync(folder, { recursive: true }));

  function assertDeclared(memory: MemoryHost, rt: RtVmWords, pcpus: readonly number[], record: string): void {
    const text = memory.files.get(SOURCE) ?? record;
    assertLegal(text, record);
    const vm = vmsOf(text).find(({ name }) => name === rt.name);
    // what the file has in another order already stays: the vCPUs are numbered over the smallest all the same (reference 3)
    const ascending = (ids: readonly number[] = []) => [...ids].sort((a, b) => a - b);
    assert.deepEqual(ascending(vm?.pcpus), ascending(pcpus));
    for (const word of [/<vm_type>RTVM</, /<lapic_passthrough>y</, /<load_order>PRE_LAUNCHED_VM</])
      assert.match(vm?.text ?? "", word);
    if (rt.memory !== undefined)
      assert.equal(Number(/<size>(\d+)</.exec(vm?.text ?? "")?.[1]), megabytes(rt.memory), "memory");
    const cfg = memory.files.get(cfgOf(rt.name));
    assert.equal(cfg !== undefined, rt.bootArgs !== undefined);
    if (cfg !== undefined) assert.equal(behindTag(cfg, vm?.tag ?? "", folder), rt.bootArgs);
  }

  it("apply, plan again: empty; withdrawn in any order every byte is back; what is written says what was declared", () => {
    let written = 0;
    fc.assert(
      fc.property(cell, ({ tree, names, name, wish, said, neighbours }) => {
        const memory = new MemoryHost(tree);
        // scripts of neighbours that are moved would each be a refusal, and they are not what this is about
        for (const path of memory.files.keys()) if (path.endsWith(".sh")) memory.files.delete(path);
        const record = recordText(memory);
        const rt: RtVmWords = { name, load: "pre-launched", ...said };
        const cores = { vms: { [name]: wish }, neighbours, sharing: { smt: names, l2: names } };
        const refused = lawful(memory, { cores, rt }, (pcpus) => assertDeclared(memory, rt, pcpus, record));
        if (refused.length === 0) written++;
      }),
      { numRuns: 150 },
    );
    assert.ok(written > 40, `the laws were hardly asked: ${written}`);
  });
});

/** Three owners of one host: the pre-launched VM by two stacks that agree, a post-launched one by one of them. */
const PROGRAMS = {
  one: { stack: "one", args: { name: "PRE", load: "pre-launched", bootArgs: "quiet nohz_full=1", memory: "2G" } },
  two: { stack: "two", args: { name: "PRE", load: "pre-launched", bootArgs: "quiet nohz_full=1" } },
  other: { stack: "one", args: { name: "POST", memory: "2G", autostart: true } },
} as const;
type Name = keyof typeof PROGRAMS;
const PCPUS = { PRE: [3], POST: [4, 5] };

function built(): MemoryHost {
  const board = { name: "b", pCores: 6, l3: { ways: 12, cat: true } };
  const vms = [
    { kind: "pre-rt" as const, name: "PRE", cpus: [2, 3] },
    { kind: "service" as const, cpus: [0, 1] },
    { kind: "post-rt" as const, name: "POST", cpus: [4, 5] },
  ];
  return new MemoryHost({ ...identity("orders"), board, scenario: { name: "s", board: "b", vms }, acrnVersion: "3.3" });
}

function planOf(memory: MemoryHost, name: Name): Planned {
  const { stack, args } = PROGRAMS[name];
  const who = { stack, kind: "RtVm", urns: [`urn:${stack}::${name}`] };
  const parsed = rtVmKind.schema.parse({ ...args, partition: { pcpus: PCPUS } });
  const planned = planResource(memory.draft(), rtVmKind, who, parsed, `id-${name}`);
  assert.deepEqual(planned.refusals, []);
  return planned;
}

const orders = <T>(all: readonly T[]): T[][] =>
  all.length === 0
    ? [[]]
    : all.flatMap((first) => orders(all.filter((each) => each !== first)).map((rest) => [first, ...rest]));

describe("RtVms of one host, pre-launched and post-launched: owners commute", () => {
  const names = Object.keys(PROGRAMS) as Name[];
  /** Files without the ledger, which counts its claims. */
  const files = (memory: MemoryHost) => [...memory.files].filter(([path]) => !path.endsWith("/ledger.json")).sort();

  it("made in any order: the same bytes, and nobody has anything left to do", () => {
    const ends = orders(names).map((order) => {
      const memory = built();
      for (const name of order) memory.apply(planOf(memory, name));
      for (const name of names) assert.ok(isEmpty(planOf(memory, name).plan), `${name} after ${order}`);
      return JSON.stringify(files(memory));
    });
    assert.equal(new Set(ends).size, 1);
  });

  it("gone in any order: what one holds stays to its end, and then every byte is back", () => {
    for (const order of orders(names)) {
      const memory = built();
      const before = memory.image();
      for (const name of names) memory.apply(planOf(memory, name));
      for (const [at, name] of order.entries()) {
        const { ledger } = memory.draft();
        memory.apply(planWithdrawal(memory.draft(), [ledger.owners[`id-${name}`] as Owner], kindOf));
        for (const left of order.slice(at + 1))
          assert.ok(
            isEmpty(planOf(memory, left).plan),
            `${left} has still all that it declared, after ${name} of ${order}`,
          );
        const held = order.slice(at + 1).some((left) => left !== "other");
        assert.equal(memory.files.has(cfgOf("PRE")), held, `${order}: the file goes with its last owner`);
      }
      assert.deepEqual(memory.changedSince(before), [], String(order));
    }
  });

  it("two stacks that disagree on the arguments: the second is refused with the name of the first", () => {
    const memory = built();
    memory.apply(planOf(memory, "one"));
    const who = { stack: "two", kind: "RtVm", urns: ["urn:two"] };
    const args = { ...PROGRAMS.two.args, bootArgs: "debug", partition: { pcpus: PCPUS } };
    const plan = () => planResource(memory.draft(), rtVmKind, who, rtVmKind.schema.parse(args), "id-two");
    assert.throws(plan, /stack one holds .*pulumi-acrn-PRE\.cfg/);
  });
});
