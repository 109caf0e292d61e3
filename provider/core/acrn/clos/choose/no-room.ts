import { formatMask, formatWays, fullMask, union, without } from "../../../hardware/ways";
import type { Size, Sized } from "./share";
import type { Division, NoChoice } from "./types";

/** It does not fit: what is free, where, and who holds the rest. */
export function noRoom(sized: readonly Sized[], rest: Size | undefined, on: Division): NoChoice {
  const counts = sized.map(
    ({ want, size }) =>
      `${want.name} ${"mask" in size ? formatMask(size.mask) : `${size.count} ways`}${want.exclusive ? "" : " (shared)"}`,
  );
  const held = [
    ...counts,
    ...(rest
      ? [`rest ${"mask" in rest ? formatMask(rest.mask) : `${rest.count} ways`}`]
      : on.rest.needed
        ? ["rest 1 way at least"]
        : []),
    ...(on.gpu ? [`GPU ${formatMask(on.gpu)}`] : []),
    ...(on.locked ? [`Software SRAM ${formatMask(on.locked)}`] : []),
  ];
  const fixed = union(sized.flatMap(({ size }) => ("mask" in size ? [size.mask] : [])));
  const free = without(fullMask(on.width), union([fixed, on.locked, on.gpu, rest && "mask" in rest ? rest.mask : 0]));
  const largest = [...sized].sort(
    (a, b) => ("count" in b.size ? b.size.count : 0) - ("count" in a.size ? a.size.count : 0),
  )[0];
  return {
    code: "clos.full",
    property: largest?.want.property ?? "rest",
    message: `${on.title} has ${on.width} ways, and these do not fit side by side: ${held.join(", ")}`,
    hint: `Beside declared masks way ${formatWays(free)} is free. Ask for less, or let a class share (exclusive: false).`,
  };
}
