import { shellQuote } from "../../text/shell-quote";
import type { Quote } from "./words";

/** Without a meaning to the shell in an argument, an array's element or the value of an assignment. */
const BARE = /^[\w/.:@%+,=^-]+$/;

export function isBare(value: string): boolean {
  return BARE.test(value);
}

/** A word that stands for exactly `value`, quoted as the one in whose place it comes where that holds the value. */
export function quotedLike(source: string, value: string): string {
  // Refuses what no word can hold.
  const safe = shellQuote(value);
  const quote = wholeQuote(source);
  if (quote !== "") return inside(quote, value, quote) ?? safe;
  return BARE.test(value) ? value : safe;
}

/** `value` for a place within quotes of that kind; undefined where they cannot hold it. */
export function within(quote: Quote, value: string): string | undefined {
  if (quote === "") return BARE.test(value) ? value : undefined;
  return inside(quote, value, "");
}

function inside(quote: Quote, value: string, around: string): string | undefined {
  if (quote === "'") return value.includes("'") ? undefined : around + value + around;
  // The four that stay special within double quotes (POSIX.1-2017, 2.2.3).
  return around + value.replaceAll(/[\\$`"]/g, "\\$&") + around;
}

/** The quotes around a whole word, if it has but these. */
function wholeQuote(source: string): Quote {
  if (/^'[^']*'$/.test(source)) return "'";
  return /^"(?:[^"\\`$]|\\[\s\S])*"$/.test(source) ? '"' : "";
}
