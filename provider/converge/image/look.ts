import { IMAGES } from "../../core/acrn/image/paths";
import type { BuildCheck } from "../../core/acrn/image/recipes/check";
import { checkBuild } from "../../host/image/build-check";
import { ImageSession } from "../../host/image/session";
import { isUnreachable } from "../../host/ssh";
import { type Found, type HypervisorImageArgs, recipeOf } from "../../resources/hypervisor-image/schema";
import type { Draft } from "../draft";
import type { Machine } from "../machine";
import { builtFrom, idOf } from "./source";
import { buildTarget, whereOf } from "./where";

/** What a preview of an image has to ask: the machine that builds, and the host's GRUB. Both at once; neither is written to. */
export async function look(machine: Machine, draft: Draft, args: HypervisorImageArgs): Promise<Found> {
  const [check, trouble] = await Promise.all([
    args.generation === undefined ? checked(machine, draft, args) : undefined,
    oneShotTrouble(machine, draft),
  ]);
  const noOneShot = trouble === undefined ? {} : { noOneShot: trouble };
  const staged = (id: string) => draft.snapshot.files.get(`${IMAGES}/${id}/image.json`)?.kind === "file";
  if (!check)
    return {
      id: args.generation as string,
      source: "kept",
      staged: staged(args.generation as string),
      missing: [],
      ...noOneShot,
    };
  const missing = missingOf(check, whereOf(machine, args));
  if (check.source === undefined)
    return { id: "", source: "", staged: false, missing: missing.length > 0 ? missing : [NO_SOURCE], ...noOneShot };
  const id = idOf(builtFrom(draft), recipeOf(args), check.source);
  return { id, source: check.source, staged: staged(id), missing, ...noOneShot };
}

/** A build machine that is off is no reason to say that the host is. */
async function checked(machine: Machine, { snapshot }: Draft, args: HypervisorImageArgs): Promise<BuildCheck> {
  const { on } = args.build;
  const no = (why: string): BuildCheck => ({ missing: [], unmet: [], refused: [why] });
  if (on === "host" && snapshot.kind === "folder") return no("a folder builds nothing: say where it is built (`on`)");
  try {
    return await checkBuild(buildTarget(machine, args), recipeOf(args));
  } catch (error) {
    if (on === "host" || !isUnreachable(error)) throw error;
    return no(`the machine that builds cannot be reached: ${(error as Error).message}`);
  }
}

const NO_SOURCE = "the version of its source cannot be told: build from a git checkout, or from a release's tree";

function missingOf({ missing, unmet, refused }: BuildCheck, where: string): string[] {
  const tools = missing.map(({ name, package: deb }) => `${name} (Debian package ${deb})`);
  return [
    ...refused,
    ...(tools.length > 0 ? [`${where} lacks ${tools.join(", ")}`] : []),
    ...(unmet.length > 0 ? [`${where} lacks the packages ${unmet.join(", ")}`] : []),
  ];
}

async function oneShotTrouble(machine: Machine, { snapshot }: Draft): Promise<string | undefined> {
  if (snapshot.kind === "folder") return "a folder does not boot";
  const session = await ImageSession.open(machine.target());
  try {
    return await session.oneShotTrouble();
  } finally {
    await session.close();
  }
}
