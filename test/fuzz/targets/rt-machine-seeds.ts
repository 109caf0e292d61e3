import { buildBoard, buildScenario, type ScenarioSpec } from "../../../examples/lab/builder";
import { planResource } from "../../../provider/converge/plan-resource";
import { BOARD_PATH, RECORD_PATH } from "../../../provider/core/acrn/evidence";
import { LEDGER_PATH } from "../../../provider/core/claims/ledger";
import { rtVmKind } from "../../../provider/resources/rt-vm";
import type { RtVmArgs } from "../../../provider/resources/rt-vm/schema";
import { identity, MemoryHost } from "../../support/memory-host";
import { once } from "../seeds";
import { BOARD, type Files, VM } from "./machine-seeds";

export const HOME = "/root/acrn-work/rt.sh";
const PRE = "PRE_RT";

/** One program for one RtVm, on the host that it is for. */
export interface RtProgram {
  acrnVersion: "3.3" | "2.7";
  args: RtVmArgs;
}

const argsOf = (pcpus: number[], { name = VM, ...more }: Record<string, unknown> & { name?: string } = {}): RtVmArgs =>
  rtVmKind.schema.parse({ name, partition: { pcpus: { [name]: pcpus } }, ...more });

/** What is written whole, an edited script, both waiting for an image, an entry taken away, GRUB's arguments, and 2.x. */
export const PROGRAMS: readonly RtProgram[] = [
  { acrnVersion: "3.3", args: argsOf([2, 3], { memory: "2G", autostart: true, virtioPoll: 5 }) },
  { acrnVersion: "3.3", args: argsOf([1, 3], { autostart: true }) },
  { acrnVersion: "3.3", args: argsOf([3], { script: { edited: HOME }, memory: "2G", autostart: false }) },
  { acrnVersion: "3.3", args: argsOf([1], { script: { edited: HOME }, dmArgs: ["--debugexit"] }) },
  { acrnVersion: "3.3", args: argsOf([2], { name: "NEW_RT", virtio: { block: ["/d"], vsock: 3 } }) },
  { acrnVersion: "3.3", args: argsOf([1], { name: PRE, load: "pre-launched", bootArgs: "quiet", memory: "1G" }) },
  { acrnVersion: "2.7", args: argsOf([2, 3], { memory: "2G", virtio: { network: [{ tap: "tap0" }] } }) },
];

const SCRIPT = `#!/bin/bash
vm_type='RTVM'
mem=1024M
dm_params=(
  --cpu_affinity 4,6 # its cores
  -m $mem
  --virtio_poll 1000
  -s 3,virtio-blk,/d
  --rtvm
  --lapic_pt
  ${VM}
)
acrn-dm "\${dm_params[@]}"
`;

function hostOf({ acrnVersion, args }: RtProgram, at: number): MemoryHost {
  const pre = args.load === "pre-launched";
  const scenario: ScenarioSpec = {
    name: "shared",
    board: "fuzz",
    version: acrnVersion,
    dialect: acrnVersion === "2.7" ? "2.x" : "3.x",
    vms: [
      ...(pre ? [{ kind: "pre-rt" as const, name: PRE, cpus: [1, 2] }] : []),
      { kind: "service", cpus: [0] },
      { kind: "post-rt", name: VM, cpus: [2, 3] },
    ],
  };
  const host = new MemoryHost({ board: BOARD, scenario, acrnVersion, ...identity(`fuzz rt ${at}`) });
  for (const path of host.files.keys()) if (path.endsWith(".sh")) host.files.delete(path);
  host.put(BOARD_PATH, buildBoard(BOARD)); // in the place of links
  host.put(RECORD_PATH, buildScenario(scenario));
  host.put(HOME, SCRIPT);
  host.put(`/usr/share/acrn/conf/add/${VM}.sh`, `#!/bin/bash\nexec bash ${HOME}\n`);
  return host;
}

/** Of all the files of a host those that a plan of an RtVm looks at. */
const KEPT = /^\/(usr\/share\/acrn\/|var\/lib\/pulumi-acrn\/|root\/|etc\/default\/grub\.d\/pulumi)/;

/** A machine as it is, and the same with the claim of its program, by the program's place in {@link PROGRAMS}. */
export const rtMachines = once((): { program: number; files: Files }[] =>
  PROGRAMS.flatMap((program, at) => {
    const host = hostOf(program, at);
    const seen = () => Object.fromEntries([...host.files].filter(([path]) => KEPT.test(path)));
    const before = seen();
    const who = { stack: "dev", kind: "RtVm", urns: ["urn:dev::rt"] };
    const planned = planResource(host.draft(), rtVmKind, who, program.args, "id-dev");
    if (planned.refusals.length > 0) throw new Error(planned.refusals.map(({ message }) => message).join("\n"));
    host.apply(planned);
    return [before, seen()].map((files) => ({ program: at, files }));
  }),
);

/** Ledgers with documents of files: whole ones, arguments, and what was there before. */
export const rtLedgers = once(() => rtMachines().flatMap(({ files }) => files[LEDGER_PATH] ?? []));
