import { formatMask, formatWays, fullMask, isContiguous, overlap, parseMask, without } from "../../../hardware/ways";
import { type CatCache, titleOf } from "../caches";
import type { ClosFault, Ground } from "./types";

/** A mask that stands in the file, and the caches that it is written to. */
interface Written {
  text: string;
  line: number;
  caches: readonly CatCache[];
  vm?: string;
  vcpu?: number;
  what: string;
}

type Trouble = Pick<ClosFault, "rule" | "message" | "hint">;

/** Masks that processors refuse with #GP (SDM vol. 3, 18.19.4.1) or that nobody may have. ACRN copies the text as it is. */
export function maskFaults(ground: Ground): ClosFault[] {
  return [...written(ground), ...writtenFor2x(ground)].flatMap((mask) => {
    for (const cache of mask.caches) {
      const trouble = troubleOf(mask, cache);
      if (trouble) return [fault(mask, cache, trouble)];
    }
    return [];
  });
}

/** An L3 has one list for all of its kind (step 6), so a mask of one goes into each. */
function written({ settings, caches }: Ground): Written[] {
  return settings.allocations.flatMap(({ level, id, policies }) => {
    const onto = caches.filter((cache) => cache.level === level && (level === 3 || cache.id === id));
    return policies.map(({ vm, vcpu, mask, line }) => {
      const what = `${vm} vCPU ${vcpu}`;
      return { text: mask, line, caches: onto, vm, ...(/^\d+$/.test(vcpu) ? { vcpu: Number(vcpu) } : {}), what };
    });
  });
}

function writtenFor2x({ settings, caches }: Ground): Written[] {
  return settings.masks.map(({ text, line }, at) => ({
    text,
    line,
    caches,
    what: `CLOS ${settings.cdp ? at >> 1 : at}`,
  }));
}

function troubleOf({ text, what }: Written, cache: CatCache): Trouble | undefined {
  const title = titleOf(cache);
  const width = cache.cat.maskLength;
  const [full, mask] = [fullMask(width), parseMask(text)];
  const say = (rule: string, message: string, hint: string) => ({
    rule,
    message: `${what} on ${title}: ${message}`,
    hint,
  });
  if (mask === undefined)
    return say(
      "clos.mask-syntax",
      `${JSON.stringify(text)} is no mask of ways`,
      `Write hex digits: ${formatMask(full)}.`,
    );
  if (mask === 0)
    return say("clos.mask-zero", "the mask 0x0 has no way: the processor refuses it", "Give it one way at least.");
  if (without(mask, full) !== 0)
    return say(
      "clos.mask-wide",
      `the mask ${text} names way ${formatWays(without(mask, full))}, and the cache has ${width} (${formatMask(full)})`,
      `Take those ways off: ${formatMask(overlap(mask, full))}.`,
    );
  if (!isContiguous(mask))
    return say(
      "clos.mask-gap",
      `the mask ${text} (ways ${formatWays(mask)}) has a gap: the processor refuses it`,
      "Write one run of ways.",
    );
  const locked = overlap(mask, cache.sramWays ?? 0);
  if (locked !== 0)
    return say(
      "clos.sram",
      `the mask ${text} has way ${formatWays(locked)}, which Software SRAM holds (${formatMask(cache.sramWays ?? 0)})`,
      "Leave those ways out of every mask.",
    );
  return undefined;
}

function fault({ text, line, vm, vcpu }: Written, cache: CatCache, trouble: Trouble): ClosFault {
  return {
    ...trouble,
    severity: "error",
    ...(vm === undefined ? {} : { vm }),
    ...(vcpu === undefined ? {} : { vcpu }),
    cache: titleOf(cache),
    masks: [text],
    line,
  };
}

/** ACRN merges by text: two spellings of one mask are two classes (step 4). */
export function spellingFaults({ settings }: Ground): ClosFault[] {
  const seen = new Map<string, string>();
  return settings.allocations.flatMap(({ level, id, policies }) =>
    policies.flatMap(({ vm, vcpu, mask, line }): ClosFault[] => {
      const value = parseMask(mask);
      const key = `${level === 3 ? "L3" : `L${level} ${id}`} ${value}`;
      const first = seen.get(key) ?? mask;
      seen.set(key, first);
      if (value === undefined || first === mask) return [];
      const message = `${vm} vCPU ${vcpu} on L${level} ${id}: ${mask} is written ${first} elsewhere, which ACRN takes for another mask`;
      const hint = `Spell it ${first} everywhere: each spelling takes a CLOS of its own.`;
      return [
        {
          rule: "clos.spelling",
          severity: "error",
          vm,
          cache: `L${level} ${id}`,
          masks: [first, mask],
          line,
          message,
          hint,
        },
      ];
    }),
  );
}
