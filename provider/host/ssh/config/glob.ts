import { matchPattern } from "../pattern";

/** Whether a part of a path is more than a plain name. */
export function hasWildcards(pattern: string): boolean {
  return /[*?[\\]/.test(pattern);
}

/** Whether a pattern means this name of a folder, as glob(7): `*`, `?`, `[a-z]`, `[!a-z]`, and `\` before what means itself. */
export function matchName(name: string, pattern: string): boolean {
  // A leading dot has to be written out (glob(7), "Pathnames").
  if (name.startsWith(".") && !pattern.startsWith(".")) return false;
  return matchPattern([...name], pieces(pattern), means);
}

/** Single characters, `*`, `?`, whole sets, and escaped characters with their backslash. A `]` right behind `[` or `[!` is a member. */
function pieces(pattern: string): string[] {
  return pattern.match(/\[[!^]?.[^\]]*\]|\\.|./gsu) ?? [];
}

function means(char: string, piece: string): boolean {
  if (piece.length === 1) return piece === "?" || piece === char;
  if (!piece.startsWith("[")) return piece.replace(/^\\/, "") === char;
  const negated = /^\[[!^]/.test(piece);
  return isMember(char, [...piece.slice(negated ? 2 : 1, -1)]) !== negated;
}

function isMember(char: string, members: readonly string[]): boolean {
  for (let at = 0; at < members.length; at++) {
    const from = members[at] as string;
    const range = members[at + 1] === "-" && at + 2 < members.length;
    const to = range ? (members[at + 2] as string) : from;
    if (from <= char && char <= to) return true;
    if (range) at += 2;
  }
  return false;
}
