import { menuEntryId } from "../../../provider/core/acrn/image/paths";
import type { ImageSession } from "../../../provider/host/image/session";
import { A, B, boot, image, PACKAGED } from "./world";

/** One act of the image script, with what the power may go in. */
export interface Act {
  title: string;
  /** The state before it. */
  prepare(session: ImageSession, root: string): Promise<void>;
  perform(session: ImageSession): Promise<unknown>;
  /** What boots by default before and after. */
  from: string;
  to: string;
}

const first = async (session: ImageSession): Promise<void> => {
  await session.stage(image(A));
  await session.install(A);
  await session.updateGrub();
};

const second = async (session: ImageSession, root: string): Promise<void> => {
  await first(session);
  boot(root, A);
  await session.keepKernel(A);
  await session.promote(A);
  await session.updateGrub();
};

export const ACTS: readonly Act[] = [
  {
    title: "staging",
    prepare: second,
    perform: (session) => session.stage(image(B)),
    from: menuEntryId(A),
    to: menuEntryId(A),
  },
  {
    title: "installing beside a confirmed image",
    async prepare(session, root) {
      await second(session, root);
      await session.stage(image(B));
    },
    async perform(session) {
      await session.install(B);
      await session.updateGrub();
    },
    from: menuEntryId(A),
    to: menuEntryId(A),
  },
  {
    title: "setting the one-shot",
    async prepare(session, root) {
      await session.stage(image(B));
      await session.install(B);
      await second(session, root);
    },
    perform: (session) => session.oneShot(B),
    from: menuEntryId(A),
    to: menuEntryId(A),
  },
  {
    title: "promoting the first image",
    async prepare(session, root) {
      await first(session);
      boot(root, A);
    },
    async perform(session) {
      await session.keepKernel(A);
      await session.promote(A);
      await session.updateGrub();
    },
    from: PACKAGED,
    to: menuEntryId(A),
  },
  {
    title: "going back to the packaged image",
    async prepare(session, root) {
      await second(session, root);
      boot(root, undefined);
    },
    async perform(session) {
      await session.withdraw();
      await session.retire();
    },
    from: menuEntryId(A),
    to: PACKAGED,
  },
  {
    title: "pruning",
    async prepare(session, root) {
      await session.stage(image(B));
      await session.install(B);
      await second(session, root);
    },
    perform: (session) => session.prune([B]),
    from: menuEntryId(A),
    to: menuEntryId(A),
  },
];
