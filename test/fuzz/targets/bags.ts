import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { writeHostTree } from "../../../examples/lab/builder";
import { AcrnError } from "../../../provider/core/errors";
import { activationResource } from "../../../provider/lifecycle/activation";
import type { Bag } from "../../../provider/lifecycle/bag";
import { UNKNOWN } from "../../../provider/lifecycle/bag";
import { factsResource } from "../../../provider/lifecycle/facts";
import { machineResource } from "../../../provider/lifecycle/host";
import { resource } from "../../../provider/lifecycle/resource";
import { cacheClosKind } from "../../../provider/resources/cache-clos";
import { corePartitionKind } from "../../../provider/resources/core-partition";
import { gpuFrequencyKind } from "../../../provider/resources/gpu-frequency";
import { hypervisorFeaturesKind } from "../../../provider/resources/hypervisor-features";
import { hypervisorImageKind } from "../../../provider/resources/hypervisor-image";
import { kindOf } from "../../../provider/resources/kinds";
import { rtVmKind } from "../../../provider/resources/rt-vm";
import { identity } from "../../support/memory-host";
import { checkSaid } from "../laws";
import { type Json, mutatedJson, own } from "../mutate-json";
import type { Random } from "../random";
import { once } from "../seeds";
import { Refused, type Target } from "../target";
import { declaration } from "./bags-seeds";
import { BOARD, SCENARIO, VM } from "./machine-seeds";

/** What the engine hands over: the property bags of check, diff and read, as a program, a state or another version made them. */

const resources = {
  CorePartition: resource(corePartitionKind, kindOf),
  RtVm: resource(rtVmKind, kindOf),
  GpuFrequency: resource(gpuFrequencyKind, kindOf),
  HypervisorFeatures: resource(hypervisorFeaturesKind, kindOf),
  CacheClos: resource(cacheClosKind, kindOf),
  HypervisorImage: resource(hypervisorImageKind, kindOf),
  Activation: activationResource(kindOf),
  AcrnHost: machineResource("AcrnHost", kindOf),
  HostFacts: factsResource,
};

type Kind = keyof typeof resources;

/** A host that can be read, once for all inputs; the watchdog removes it. */
const folder = once(() => {
  const path = mkdtempSync(join(tmpdir(), "host-"));
  writeHostTree(path, { board: BOARD, scenario: SCENARIO, acrnVersion: "3.3", ...identity("bags") });
  return path;
});

/** `pulumi/sdk/nodejs/runtime/rpc.ts`: how secrets, outputs and assets look in a bag, whole and half. */
const SIGNATURE = "4dabf18193072939515e22adb298388d";
const SIGNED: Json[] = [
  { [SIGNATURE]: "1b47061264138c4ac30d75fd1eb44270", value: "hunter2" },
  { [SIGNATURE]: "1b47061264138c4ac30d75fd1eb44270" },
  { [SIGNATURE]: "d0e6a833031e9bbcd3f4e8bde6ca49a4", value: [1], secret: true },
  { [SIGNATURE]: "c44067f5952c0a294b673a41bacd8c17", text: "x" },
  own("__proto__", { [SIGNATURE]: 1 }),
];

/** No string and no host: a connection that could be dialled never leaves here. */
const CONNECTIONS: Json[] = [
  { root: "FOLDER" },
  { root: "FOLDER" },
  { root: "FOLDER" },
  { root: "/nonexistent" },
  { root: 1 },
  [],
  null,
  3,
  {},
];

const VALUES: Json[] = [
  ...SIGNED,
  UNKNOWN,
  [UNKNOWN],
  { a: UNKNOWN },
  "deferred",
  "unreachable: x",
  ["unreachable: x"],
  [2, 3],
  { cores: 1 },
  { cores: 1e9, kind: "P" },
  4095,
  "2G",
  { edited: "/x.sh" },
  { ssh: { host: "h", password: "hunter2" } },
  { kernel: "/k", args: "a" },
  { make: { source: "/src" }, on: "host" },
  { rt: { vms: { [VM]: "all" }, l3: "0xf" } },
  "0xff0",
  "noop",
];

function seed(random: Random): Json {
  const outputs = {
    plan: [],
    pending: [],
    machine: "0",
    pcpus: { [VM]: [3] },
    evicted: {},
    apicIds: {},
    vcpuMap: {},
    rtCpus: "3",
    housekeepingCpus: "0-2",
  };
  const { kind, news } = declaration(random);
  return {
    kind,
    call: random.pick(["check", "check", "check", "diff", "diff", "read", "create", "update", "delete"]),
    olds: { ...news, ...outputs },
    news: { ...news },
  } as Json;
}

interface Call {
  kind: Kind;
  call: "check" | "diff" | "read" | "create" | "update" | "delete";
  olds: Bag;
  news: Bag;
}

/** Kind and call stay what they are; the bags are always bags (grpc's Struct), and no connection is left to chance. */
function make(random: Random): Buffer {
  const made = seed(random) as unknown as Call;
  const bags = JSON.parse(
    mutatedJson(random, { olds: made.olds, news: made.news } as Json, VALUES, [40, 300, 1000]).toString(),
  ) as { olds?: unknown; news?: unknown } | null;
  const keep = random.oneIn(20) ? "" : made.news.__urn;
  const bag = (x: unknown): Bag =>
    safe(random, made, { ...(typeof x === "object" ? x : {}), ...(keep ? { __urn: keep } : {}) });
  return Buffer.from(JSON.stringify({ ...made, olds: bag(bags?.olds), news: bag(bags?.news) }));
}

/** What writes gets no folder that is there: what it would do to that has tests of its own, and takes a hundred times as long. */
function safe(random: Random, { kind, call }: Call, given: Bag): Bag {
  const bag: Bag = { ...given, ...(builder(given.build) ? { build: builder(given.build) } : {}) };
  const writes = call === "create" || call === "update" || call === "delete";
  const connection = random.pick(writes ? CONNECTIONS.slice(3) : CONNECTIONS);
  if (kind === "AcrnHost") return { ...bag, connection };
  const { host } = bag;
  return typeof host === "object" && host !== null && !Array.isArray(host)
    ? { ...bag, host: { ...host, connection } }
    : bag;
}

/** No build machine is dialled either. */
function builder(build: unknown): object | undefined {
  const on = typeof build === "object" && build !== null && "on" in build ? build.on : undefined;
  return typeof on === "object" && on !== null ? { ...(build as object), on: "host" } : undefined;
}

export const bags: Target = {
  name: "engine's bags",
  runs: 7000,
  make,
  run: async (input) => {
    const { kind, call, olds, news } = JSON.parse(
      input.toString().replaceAll('"FOLDER"', JSON.stringify(folder())),
    ) as Call;
    const made = resources[kind];
    if (call === "diff") return made.diff("id", olds, news);
    if (call === "read") return made.read("constructor", olds);
    // the id is drawn anew for each
    if (call === "create") return forEngine(made.create(news).then(({ outs }: { outs?: unknown }) => outs));
    if (call === "update") return forEngine(made.update("toString", olds, news));
    if (call === "delete") return forEngine(made.delete("constructor", olds));
    const { failures = [], inputs } = await made.check(olds, news);
    for (const { reason } of failures) checkSaid(reason);
    return failures.length > 0 ? new Refused("check.failed") : inputs;
  },
};

/** What is thrown to the engine is no AcrnError any more: it has lost its stack (lifecycle/failures.ts). */
async function forEngine(work: Promise<unknown>): Promise<unknown> {
  try {
    return await work;
  } catch (error) {
    if ((error as Error).name !== "pulumi-acrn") throw error;
    throw new AcrnError("engine.refused", (error as Error).message, { hint: "as it says" });
  }
}
