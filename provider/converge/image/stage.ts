import { entryOf, printEntry } from "../../core/acrn/image/entry";
import { isImageFile, printManifest } from "../../core/acrn/image/manifest";
import { recipeIdentity } from "../../core/acrn/image/recipes/types";
import { TRUSTED } from "../../core/acrn/image/trusted";
import { AcrnError } from "../../core/errors";
import { ImageSession } from "../../host/image/session";
import { launchScripts } from "../../resources/core-partition/scripts";
import { recipeOf } from "../../resources/hypervisor-image/schema";
import { locked } from "../activate/locked";
import type { Say } from "../around";
import type { Draft } from "../draft";
import type { Machine } from "../machine";
import { type BuildArgs, built } from "./built";
import { proved } from "./proof";
import { prune } from "./prune";
import { type BuiltFrom, builtFrom, idOf, sha256 } from "./source";
import { refuseUnfit } from "./unfit";

/** The image that was agreed on, staged on the host: built, or there already. Nothing of what runs or boots is touched. */
export async function stage(machine: Machine, draft: Draft, args: BuildArgs, say: Say): Promise<void> {
  if (args.generation !== undefined) return;
  const from = builtFrom(draft);
  const { id } = args.found;
  if (idOf(from, recipeOf(args), args.found.source) !== id)
    throw new AcrnError("plan.changed", "the scenario source is another than the one that the image was planned for", {
      hint: "Nothing was built. Run the preview again and look at the new plan.",
    });
  if (await isStaged(machine, id)) return;
  refuseUnfit(from, draft.topology, launchScripts(draft.snapshot));
  const begun = performance.now();
  const files = await built(machine, args, from, say);
  const verified = proved(files, from, draft, { trust: args.build.trustUnverified });
  if (!verified) say(`image ${id}: ${TRUSTED}`, "warning");
  const seconds = Math.round((performance.now() - begun) / 1000);
  await kept(machine, draft, { id, args, from, files, seconds, verified }, say);
}

async function isStaged(machine: Machine, id: string): Promise<boolean> {
  const session = await ImageSession.open(machine.target());
  try {
    return (await session.state()).staged.includes(id);
  } finally {
    await session.close();
  }
}

/** Milliseconds: what took an hour to build waits for an activation that takes minutes. */
const PATIENCE = 600_000;

async function kept(machine: Machine, { snapshot }: Draft, image: Staged, say: Say): Promise<void> {
  const progress = (what: string) => say(what, "progress");
  const [target, does] = [machine.target(), `stages image ${image.id}`];
  await locked(snapshot.kind, { target, does, stands: UNKEPT, patience: PATIENCE, progress }, async () => {
    const session = await ImageSession.open(target);
    try {
      await put(session, image, progress);
      await prune(session, { wanted: image.id, keep: image.args.keep, installed: false, progress });
    } finally {
      await session.close();
    }
  });
}

const UNKEPT = "The image was built and is not kept; nothing else was changed.";

interface Staged {
  id: string;
  args: BuildArgs;
  from: BuiltFrom;
  files: ReadonlyMap<string, Uint8Array>;
  seconds: number;
  verified: boolean;
}

async function put(session: ImageSession, image: Staged, progress: (what: string) => void): Promise<void> {
  const { id, args, from, files, seconds, verified } = image;
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
    ...(verified ? {} : { unverified: true }),
  });
  await session.stage({ id, files: all, manifest: Buffer.from(manifest, "utf8") }, (name) =>
    progress(`staging ${name}`),
  );
}
