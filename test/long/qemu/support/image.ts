import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  utimesSync,
} from "node:fs";
import { join } from "node:path";
import { cacheHome } from "../../../../tools/paths";
import { say } from "../../../../tools/progress";
import { build, FILES } from "./build";
import { withLock } from "./lock";
import { recipeKey } from "./recipe";
import { missing } from "./tools";

/** A disk that nobody writes to: each machine has an overlay of its own. */
export interface Image {
  disk: string;
  /** File of the private key that root accepts. */
  key: string;
  /** The machine's own key: `ssh-ed25519 AAAA...`. */
  hostKey: string;
}

const NAME = "qemu-guest-";

/** An image of another recipe that no clone has asked for in so long goes: each is most of a gigabyte. */
const UNUSED_MS = 7 * 24 * 3600 * 1000;

/** Finds the image in the user's cache or builds it there, once for all processes; a sentence when it cannot be had. */
export async function guestImage(): Promise<Image | string> {
  const reason = missing();
  if (reason !== undefined) return reason;
  const home = cacheHome();
  const place = join(home, NAME + recipeKey());
  const found = imageIn(place);
  if (found) return found;
  mkdirSync(home, { recursive: true });
  try {
    const waiting = () => say("another process builds the guest's image; waiting for it");
    return await withLock(`${place}.lock`, async () => imageIn(place) ?? fill(home, place), waiting);
  } catch (error) {
    return `the guest's image cannot be built: ${(error as Error).message}`;
  }
}

/** What is there is whole: only a finished build is renamed to that name. */
function imageIn(place: string): Image | undefined {
  if (!existsSync(place)) return undefined;
  utimesSync(place, new Date(), new Date());
  const hostKey = readFileSync(join(place, FILES.hostKey), "utf8").split(" ").slice(0, 2).join(" ").trim();
  return { disk: join(place, FILES.disk), key: join(place, FILES.key), hostKey };
}

async function fill(home: string, place: string): Promise<Image> {
  dropUnused(home);
  // The name by which tools/pulumi-cli/cache.js clears away what a killed process left.
  const work = mkdtempSync(join(home, ".new-"));
  try {
    await build(work);
    renameSync(work, place);
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
  return imageIn(place) as Image;
}

function dropUnused(home: string): void {
  for (const name of readdirSync(home).filter((entry) => entry.startsWith(NAME))) {
    const place = join(home, name);
    const used = statSync(place, { throwIfNoEntry: false })?.mtimeMs ?? Date.now();
    if (Date.now() - used > UNUSED_MS) rmSync(place, { recursive: true, force: true });
  }
}
