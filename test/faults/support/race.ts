import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { buildBoard, buildScenario } from "../../../examples/lab/builder";
import { readScenario } from "../../../provider/core/acrn/scenario";
import { affinityId } from "../../../provider/core/acrn/scenario-surface";
import { parseLedger } from "../../../provider/core/claims/ledger";
import { temporary } from "../../host/helpers";
import type { Tally } from "../../support/tally";
import type { Client, Ended } from "./clients";
import { LEDGER_PATH, SOURCE_PATH } from "./world";

/** What two stacks declare in one round; `undefined`: it takes its claims back. */
interface Round {
  name: string;
  a: Record<string, number[]> | undefined;
  b: Record<string, number[]> | undefined;
  /** How many of the two may succeed: 2, or 1 where they want the same field to be different. */
  succeed: 1 | 2;
}

/** One after the other on the same machine, again and again: from nothing to two claims, through both kinds of conflict, to nothing. */
const ROUNDS: readonly Round[] = [
  { name: "two fields, first", a: { RT1: [1] }, b: { RT2: [2] }, succeed: 2 },
  { name: "two fields, again", a: { RT1: [3] }, b: { RT2: [4] }, succeed: 2 },
  { name: "one given back, one changed", a: undefined, b: { RT2: [2] }, succeed: 2 },
  { name: "both given back", a: undefined, b: undefined, succeed: 2 },
  { name: "one field, two values", a: { RT1: [1] }, b: { RT1: [3] }, succeed: 1 },
  { name: "both given back", a: undefined, b: undefined, succeed: 2 },
  { name: "one field, one value", a: { RT1: [4] }, b: { RT1: [4] }, succeed: 2 },
  { name: "one field, one goes, one stays", a: undefined, b: { RT1: [4] }, succeed: 2 },
  { name: "both given back", a: undefined, b: undefined, succeed: 2 },
];

const STACKS = ["a", "b"] as const;
type Held = Record<(typeof STACKS)[number], Record<string, number[]> | undefined>;

/** Two applies at once, `count` times on one machine; each told the truth, each claim that was told done there, and no lock left. */
export async function race(
  clients: readonly [Client, Client],
  count: number,
  lane: number,
  tally: Tally,
): Promise<void> {
  const root = host(`${lane}`);
  const start = everything(root);
  let held: Held = { a: undefined, b: undefined };
  for (let i = 0; i < count; i++) {
    const round = ROUNDS[i % ROUNDS.length] as Round;
    const key = lane * 1_000_000 + i;
    await Promise.all(STACKS.map((stack, n) => planOne(clients[n] as Client, key, root, stack, round[stack])));
    const ends = await Promise.all(clients.map((client) => client.apply(key)));
    const wrong = wrongWith(root, round, ends as [Ended, Ended], held);
    held = after(round, ends as [Ended, Ended], held);
    if (!held.a && !held.b && everything(root) !== start) wrong.push(`not as at first:\n${everything(root)}`);
    if (wrong.length > 0) tally.add("lost", `lane ${lane}, round ${i}, ${round.name}: ${wrong.join("; ")}`);
    else tally.add(ends.every(({ code }) => code === "") ? "new" : "old", "");
  }
  rmSync(root, { recursive: true, force: true });
}

/** Whoever meets a held field in the preview is refused there; then there is nothing to race with. */
async function planOne(client: Client, key: number, root: string, stack: string, vms: Round["a"]): Promise<void> {
  const answer = await client.plan(key, vms ? { root, stack, vms } : { root, stack });
  if (answer.is === "ended") throw new Error(`stack ${stack} could not even plan: ${answer.message}`);
}

function wrongWith(root: string, round: Round, ends: readonly [Ended, Ended], held: Held): string[] {
  const refused = ends.filter(({ code }) => code !== "");
  const wrong = refused.filter((end) => !truthful(end, ends)).map(({ code, message }) => `told ${code}: ${message}`);
  if (2 - refused.length !== round.succeed) wrong.push(`${2 - refused.length} succeeded`);
  const ledger = parseLedger(textOf(root, LEDGER_PATH));
  const source = textOf(root, SOURCE_PATH);
  const scenario = source === undefined ? undefined : readScenario(source, SOURCE_PATH);
  const should = after(round, ends, held);
  for (const stack of STACKS) {
    if (Object.hasOwn(ledger.owners, stack) !== (should[stack] !== undefined))
      wrong.push(`owner ${stack} in the ledger`);
    for (const [vm, cpus] of Object.entries(should[stack] ?? {})) {
      const claim = ledger.fields[affinityId(vm)]?.claims[stack];
      const written = scenario?.vms.find(({ key }) => key === vm)?.affinity;
      if (`${claim}` !== `${cpus}`) wrong.push(`${stack} claims ${cpus} for ${vm}, the ledger has ${claim}`);
      if (`${written}` !== `${cpus}`) wrong.push(`${stack} claims ${cpus} for ${vm}, the scenario has ${written}`);
    }
  }
  const folder = join(root, dirname(LEDGER_PATH));
  const left = existsSync(folder) ? readdirSync(folder) : [];
  wrong.push(
    ...left.filter((name) => !/^(ledger[.]json|scenario[.]xml|dirs)$/.test(name)).map((name) => `left: ${name}`),
  );
  return wrong;
}

/** The one thing that a loser may be told, and it names the winner. */
function truthful(end: Ended, ends: readonly [Ended, Ended]): boolean {
  const winner = ends[0].code === "" ? "a" : "b";
  return end.code === "claim.other-stack" && end.message.includes(`stack ${winner} holds`);
}

function after(round: Round, ends: readonly [Ended, Ended], held: Held): Held {
  const of = (stack: "a" | "b", end: Ended) => (end.code === "" ? round[stack] : held[stack]);
  return { a: of("a", ends[0]), b: of("b", ends[1]) };
}

function textOf(root: string, path: string): string | undefined {
  return existsSync(join(root, path)) ? readFileSync(join(root, path), "utf8") : undefined;
}

const everything = (root: string): string => (readdirSync(root, { recursive: true }) as string[]).sort().join("\n");

/** A host with two real-time VMs; its own machine-id, because a process writes a machine one at a time. */
function host(name: string): string {
  const root = temporary();
  const rt = (n: number) => ({ kind: "post-rt" as const, name: `RT${n}`, cpus: [n + 4] });
  const files = {
    "etc/machine-id": `${Buffer.from(`race ${name}`).toString("hex").padStart(32, "0")}\n`,
    "usr/share/acrn/board.xml": buildBoard({ name: "b", pCores: 7, l3: false, pci: [] }),
    "usr/share/acrn/scenario.xml": buildScenario({
      name: "s",
      dialect: "3.x",
      board: "b",
      vms: [{ kind: "service", cpus: [] }, rt(1), rt(2)],
    }),
  };
  mkdirSync(join(root, "var/lib"), { recursive: true });
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  }
  return root;
}
