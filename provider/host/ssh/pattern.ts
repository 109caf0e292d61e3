/**
 * `*` and `?` as in ssh_config(5) PATTERNS, without backtracking over more than the last star: linear in practice, and
 * never exponential, whatever a file holds. `means` widens what one piece of the pattern stands for (glob's sets).
 */
export function matchPattern(
  text: ArrayLike<string>,
  pattern: ArrayLike<string>,
  means: (char: string, piece: string) => boolean = isSame,
): boolean {
  let at = 0;
  let index = 0;
  let star = -1;
  let resume = 0;
  while (at < text.length) {
    if (pattern[index] === "*") {
      star = index++;
      resume = at;
    } else if (index < pattern.length && means(text[at] as string, pattern[index] as string)) {
      at++;
      index++;
    } else if (star >= 0) {
      index = star + 1;
      at = ++resume;
    } else {
      return false;
    }
  }
  while (pattern[index] === "*") index++;
  return index === pattern.length;
}

function isSame(char: string, piece: string): boolean {
  return piece === "?" || piece === char;
}

/** A list of patterns, some negated by `!`. A negated match refuses, whatever else matches (ssh_config(5) PATTERNS). */
export function matchPatterns(text: string, patterns: readonly string[]): boolean {
  let matched = false;
  for (const pattern of patterns) {
    const negated = pattern.startsWith("!");
    if (!matchPattern(text, negated ? pattern.slice(1) : pattern)) continue;
    if (negated) return false;
    matched = true;
  }
  return matched;
}
