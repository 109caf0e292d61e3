import { configDifferences, readBuiltConfigs } from "../../core/acrn/image/configs";
import { entryOf, printEntry } from "../../core/acrn/image/entry";
import { isImageFile, printManifest } from "../../core/acrn/image/manifest";
import { buildScript } from "../../core/acrn/image/recipes/script";
import { inputNames, recipeIdentity } from "../../core/acrn/image/recipes/types";
import { isWarning } from "../../core/acrn/image/recipes/warnings";
import { AcrnError } from "../../core/errors";
import { build } from "../../host/image/build-session";
import { ImageSession } from "../../host/image/session";
import { type Found, type HypervisorImageArgs, recipeOf } from "../../resources/hypervisor-image/schema";
import type { Say } from "../around";
import type { Draft } from "../draft";
import type { Machine } from "../machine";
import { meantBy } from "./meant";
import { type BuiltFrom, builtFrom, idOf, sha256 } from "./source";
import { refuseUnfit } from "./unfit";
import { buildTarget, whereOf } from "./where";

/** Names that the hypervisor shows in its own `version`; nothing else hangs on them. */
const NAMES = { board: "board-of-host", scenario: "scenario-source" };

/** A compiler can warn without end. */
const MANY = 1000;
const SHOWN = 20;

const UNTOLD =
  "the image came without configs/: nobody can see whether it was built from this scenario, and everything that it makes run is believed";

type Args = HypervisorImageArgs & { found: Found };

/** The image that was agreed on, staged on the host: built, or there already. Nothing of what runs or boots is touched. */
export async function stage(machine: Machine, draft: Draft, args: Args, say: Say): Promise<void> {
  if (args.generation !== undefined) return;
  const from = builtFrom(draft);
  const { id } = args.found;
  if (idOf(from, recipeOf(args), args.found.source) !== id)
    throw new AcrnError("plan.changed", "the scenario source is another than the one that the image was planned for", {
      hint: "Nothing was built. Run the preview again and look at the new plan.",
    });
  if (await isStaged(machine, id)) return;
  refuseUnfit(from, draft.topology);
  const begun = performance.now();
  const files = await built(machine, args, from, say);
  refuseDifferences(files, from, draft);
  const seconds = Math.round((performance.now() - begun) / 1000);
  await put(machine, { id, args, from, files, seconds }, say);
}

async function isStaged(machine: Machine, id: string): Promise<boolean> {
  const session = await ImageSession.open(machine.target());
  try {
    return (await session.state()).staged.includes(id);
  } finally {
    await session.close();
  }
}

async function built(machine: Machine, args: Args, from: BuiltFrom, say: Say): Promise<Map<string, Uint8Array>> {
  const names = inputNames(NAMES);
  const inputs = new Map<string, Uint8Array>([
    [names.board, Buffer.from(from.board.text, "utf8")],
    [names.scenario, Buffer.from(from.scenario.text, "utf8")],
  ]);
  const warnings = new Set<string>();
  const line = (text: string): void => {
    if (isWarning(text) && warnings.size < MANY) warnings.add(text);
    say(text, "progress");
  };
  say(`building image ${args.found.id} on ${whereOf(machine, args)}`, "progress");
  const script = buildScript(recipeOf(args), NAMES);
  const files = await build(buildTarget(machine, args), { script, inputs }, { line });
  for (const warning of [...warnings].slice(0, SHOWN)) say(`the build warns: ${warning}`, "warning");
  if (warnings.size > SHOWN) say(`the build warns of ${warnings.size - SHOWN} things more`, "warning");
  if (![...files.keys()].some((name) => name.startsWith("configs/"))) say(UNTOLD, "warning");
  return files;
}

/** The door behind it: which core and which class each vCPU got, as the build itself wrote it down. */
function refuseDifferences(files: ReadonlyMap<string, Uint8Array>, { scenario }: BuiltFrom, draft: Draft): void {
  const text = (name: string) => {
    const bytes = files.get(`configs/${name}`);
    return bytes && Buffer.from(bytes).toString("utf8");
  };
  const configs = readBuiltConfigs({ allocation: text("allocation.xml"), misc: text("misc_cfg.h") });
  const differences = configDifferences(configs, meantBy(scenario, draft.topology()));
  if (differences.length === 0) return;
  throw new AcrnError("image.configs", `the build made something else than was meant: ${differences.join("; ")}`, {
    hint: "The image was thrown away. Was it built from another scenario, or by a version of ACRN that allocates otherwise?",
  });
}

interface Staged {
  id: string;
  args: Args;
  from: BuiltFrom;
  files: ReadonlyMap<string, Uint8Array>;
  seconds: number;
}

async function put(machine: Machine, { id, args, from, files, seconds }: Staged, say: Say): Promise<void> {
  const all = new Map([...files].filter(([name]) => isImageFile(name)));
  all.set("scenario.xml", Buffer.from(from.scenario.text, "utf8"));
  all.set("board.xml", Buffer.from(from.board.text, "utf8"));
  all.set("entry", Buffer.from(printEntry(entryOf(from.scenario.text, from.scenario.file)), "utf8"));
  const manifest = printManifest({
    format: 1,
    id,
    files: Object.fromEntries([...all].map(([name, bytes]) => [name, { sha256: sha256(bytes), size: bytes.length }])),
    recipe: recipeIdentity(recipeOf(args)),
    source: args.found.source,
    seconds,
  });
  const session = await ImageSession.open(machine.target());
  try {
    const image = { id, files: all, manifest: Buffer.from(manifest, "utf8") };
    await session.stage(image, (name) => say(`staging ${name}`, "progress"));
  } finally {
    await session.close();
  }
}
