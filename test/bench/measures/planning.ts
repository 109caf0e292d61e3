import { parseXml } from "@rgrove/parse-xml";
import { type Draft, draftOf } from "../../../provider/converge/draft";
import { readScenario } from "../../../provider/core/acrn/scenario";
import { scenarioFile } from "../../../provider/core/acrn/scenario-document";
import type { Document } from "../../../provider/core/claims/types";
import type { FileState, Snapshot } from "../../../provider/core/snapshot";
import type { Bench, Measure } from "../bench";
import { type Goal, judged, type Row, type Spread, shown, spreadOf } from "../figures";
import { MOVES, SOURCE } from "../hosts/tree";
import { planPartition, readDraft } from "../read-plan";
import { planClaims, planHost, RESOURCES } from "./whole-host";

const GOAL: Goal = { is: "<=", value: 1, text: "<= 1 ms" };

/** How many a preview of the middle size plans; the first of a process are slower than the rest. */
const FIRST = 14;

/**
 * (c) CPU time a resource in planning, its draft included: each plan is of another host with another scenario, all of one
 * make of board. Runs before everything else, so that the first ones find a process as cold as a preview's.
 */
export const measurePlanning: Measure = async (bench) => {
  const hosts = await bench.labHost();
  const [name = ""] = hosts.names;
  const read = await readDraft({ host: name, sshConfig: hosts.sshConfig });
  const fleet = new Fleet(read);
  const one = (draft: Draft) => void planPartition(draft, "to", MOVES.slice(0, 1));
  const five = (draft: Draft) => void planPartition(draft, "to");
  const first = spreadOf([cpu(fleet.drafts(FIRST), one)]);
  const parse = rounds(bench, fleet, (draft) => void parseXml(sourceOf(draft.snapshot)));
  const row = (figure: Spread, what: string): Row => ({
    measure: "c",
    what: `CPU time of planning a CorePartition, ${what}`,
    figure: shown(figure, "ms"),
    baseline: `${shown(parse, "ms")}: one bare parse of its scenario`,
    ratio: (figure.median / parse.median).toFixed(1),
    goal: judged(GOAL, figure.median),
  });
  return [
    row(rounds(bench, fleet, one), "one VM moves"),
    row(
      rounds(bench, fleet, (draft) => void planPartition(draft, "from")),
      "five VMs, nothing to do",
    ),
    row(rounds(bench, fleet, five), "five VMs move"),
    {
      ...row(each(rounds(bench, fleet, planClaims), MOVES.length), ""),
      what: `CPU time a resource of planning ${MOVES.length} of one claim each on a host: those of (b)`,
    },
    {
      ...row(each(rounds(bench, fleet, planHost), RESOURCES), ""),
      what: `CPU time a resource of planning ${RESOURCES} on a host: CorePartition, CacheClos, HypervisorFeatures, five RtVms`,
    },
    {
      ...row(rounds(bench, fleet, readIn), ""),
      what: "floor: a draft and one reading of its scenario, nothing planned",
      goal: "",
    },
    { ...row(first, `one VM moves, mean of the first ${FIRST} in a process`), goal: "" },
  ];
};

/** What every plan of a host needs, whatever is declared. */
function readIn(draft: Draft): void {
  const { text, file } = scenarioFile(draft.documents.get("scenario") as Document);
  if (text === undefined || readScenario(text, file).vms.length === 0) throw new Error("nothing was read");
  draft.topology();
}

function rounds(bench: Bench, fleet: Fleet, work: (draft: Draft) => void): Spread {
  const count = bench.quick ? 20 : 200;
  return spreadOf(Array.from({ length: bench.runs }, () => cpu(fleet.drafts(count), work)));
}

function each({ median, min, max }: Spread, count: number): Spread {
  return { median: median / count, min: min / count, max: max / count };
}

/** Milliseconds of user and system time each, the draft of a snapshot included. */
function cpu(drafts: readonly (() => Draft)[], work: (draft: Draft) => void): number {
  const before = process.cpuUsage();
  for (const draft of drafts) work(draft());
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000 / drafts.length;
}

/** Hosts that differ in their scenario by a comment behind it, so that none is known from another. */
class Fleet {
  private made = 0;

  constructor(private readonly like: Draft) {}

  drafts(count: number): (() => Draft)[] {
    const { settings } = this.like;
    return Array.from({ length: count }, () => {
      const snapshot = this.snapshot();
      return () => draftOf(snapshot, settings);
    });
  }

  private snapshot(): Snapshot {
    const remark = Buffer.from(`\n<!-- host ${++this.made} -->`);
    const { snapshot } = this.like;
    const path = `/${SOURCE}`;
    const file = snapshot.files.get(path) as FileState;
    const bytes = Buffer.concat([file.bytes as Uint8Array, remark]);
    return { ...snapshot, files: new Map([...snapshot.files, [path, { ...file, bytes }]]) };
  }
}

function sourceOf({ files }: Snapshot): string {
  return Buffer.from(files.get(`/${SOURCE}`)?.bytes as Uint8Array).toString("utf8");
}
