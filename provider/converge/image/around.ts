import { AcrnError } from "../../core/errors";
import { ImageSession } from "../../host/image/session";
import type { Found, HypervisorImageArgs } from "../../resources/hypervisor-image/schema";
import { locked } from "../activate/locked";
import type { Around, Say } from "../around";
import type { Machine } from "../machine";
import { stranded } from "./leave";
import { look } from "./look";
import { stillOurs } from "./menu";
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
  leave: stranded,
  after: retire,
};

/** Back to the packaged image with the next boot; what runs until then needs its launch scripts. */
async function retire(machine: Machine, say: Say): Promise<void> {
  const { kind } = await machine.read();
  if (kind === "folder") return;
  const progress = (what: string) => say(what, "progress");
  const target = machine.target();
  await locked(kind, { target, does: "removes all images", stands: LEFT, progress }, async () => {
    const session = await ImageSession.open(target);
    try {
      const { running } = await session.state();
      const beat = (seconds: number) => progress(`removing images: ${seconds} s`);
      const saved = await session.withdraw(beat);
      if (saved !== undefined) await refuseOurs(session, saved);
      await session.retire(running, beat);
      machine.forget();
      if (running !== undefined) say("the packaged image boots next; the one that runs stays until then", "info");
    } finally {
      await session.close();
    }
  });
}

/** What GRUB boots by default may hang on more than our own switch; it is not taken away from under it, and while it boots it is called so. */
async function refuseOurs(session: ImageSession, saved: string): Promise<void> {
  const ours = await stillOurs(session, saved);
  if (!ours) return;
  if (ours.boots) await session.unpromote().catch(() => {});
  throw new AcrnError(
    "image.default",
    `${session.label}: GRUB's default is still ${ours.asked}, so no image was removed`,
    {
      hint: "Does GRUB_DEFAULT in /etc/default/grub, a file of /etc/default/grub.d or `grub-set-default` name it? Name another entry, and delete again.",
    },
  );
}

const LEFT = "The claim is given back, and images of ours lie in /boot: the same again takes them away.";
