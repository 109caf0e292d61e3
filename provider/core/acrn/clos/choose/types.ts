/** A mask (`0xff0`), a number of ways, or bytes (`512K`, `2M`), which are rounded up to ways. */
export type Share = string | number;

/** What one class, or with CDP its code or its data, wants of one cache. */
export interface Wanted {
  /** Unique on the cache. */
  name: string;
  /** Whose it is, where one class has several (code and data): those may meet. @default the name */
  of?: string;
  /** Argument that says so, for messages. */
  property: string;
  share: Share;
  /** Its ways are nobody else's. */
  exclusive: boolean;
  /** The mask that it had until now: it is kept where the share is the same and nothing speaks against it. */
  former?: number;
  /** Why it has a share that nobody declared. */
  because?: string;
}

/** One cache to be divided. */
export interface Division {
  /** `L2 0x1`. */
  title: string;
  width: number;
  /** Bytes of a way; undefined: the board does not tell. */
  wayBytes?: number;
  /** Ways that nobody may have (Software SRAM), and that no exclusive class may have (the GPU's). */
  locked: number;
  gpu: number;
  wanted: readonly Wanted[];
  /** Everyone else: with a share of its own, or with the longest run that is left. `needed`: somebody else is there. */
  rest: { needed: boolean; share?: Share; former?: number };
}

export interface Chosen {
  masks: ReadonlyMap<string, number>;
  /** Undefined: nobody else is on this cache, or nothing is left for vCPUs that never run (see plan). */
  rest: number | undefined;
  /** By name: `8 of 20 ways (512K), kept`. */
  why: ReadonlyMap<string, string>;
}

/** Why a cache cannot be divided so. */
export interface NoChoice {
  code: string;
  property: string;
  message: string;
  hint: string;
}
