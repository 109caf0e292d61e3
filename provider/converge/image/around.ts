import { bootedImage } from "../../core/acrn/image/marker";
import { ImageSession } from "../../host/image/session";
import type { Found, HypervisorImageArgs } from "../../resources/hypervisor-image/schema";
import type { Around, Say } from "../around";
import type { Machine } from "../machine";
import { look } from "./look";
import { stage } from "./stage";

/** What a HypervisorImage does beside its files: looks at the machine that builds, builds, and clears up when it goes. */
export const imageAround: Around<HypervisorImageArgs> = {
  look,
  todo: ({ generation, found }) =>
    found && generation === undefined && !found.staged ? [`build: image ${found.id} from ${found.source}`] : [],
  before: async (machine, args, _planned, say) => {
    const { found } = args;
    if (!found) throw new Error("an image is built before anybody looked for it");
    await stage(machine, await machine.draft(), { ...args, found: found as Found }, say);
  },
  after: retire,
};

/** Back to the packaged image with the next boot; what runs until then needs its launch scripts. */
async function retire(machine: Machine, say: Say): Promise<void> {
  const snapshot = await machine.read();
  if (snapshot.kind === "folder") return;
  const session = await ImageSession.open(machine.target());
  try {
    const running = bootedImage(snapshot.texts.get("proc/cmdline") ?? "");
    await session.retire(running, (seconds) => say(`removing images: ${seconds} s`, "progress"));
    machine.forget();
    if (running !== undefined) say("the packaged image boots next; the one that runs stays until then", "info");
  } finally {
    await session.close();
  }
}
