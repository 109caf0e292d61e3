import { shellQuote } from "../../../text/shell-quote";

/** One word of an array: quoted for commas too, which look like separators to a reader (and to shellcheck, SC2054). */
export function word(text: string): string {
  const quoted = shellQuote(text);
  return quoted.includes(",") && quoted === text ? `'${text}'` : quoted;
}
