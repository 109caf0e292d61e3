import type { Token } from "./tokens";

/** What a word stands for when that can be told without running anything: literal text, or a variable set once to such. */
export function literal(word: string, tokens: readonly Token[]): string | undefined {
  const bare = unquote(word);
  if (bare === undefined) return undefined;
  const name = /^\$(?:([A-Za-z_]\w{0,63})|\{([A-Za-z_]\w{0,63})\})$/.exec(bare);
  if (name) return word.startsWith("'") ? undefined : setOnce(name[1] ?? (name[2] as string), tokens);
  return plain(bare) ? bare : undefined;
}

/** Without the quotes around it, if any. */
function unquote(word: string): string | undefined {
  const quote = word.charAt(0);
  if (quote !== "'" && quote !== '"') return word;
  return word.length > 1 && word.indexOf(quote, 1) === word.length - 1 ? word.slice(1, -1) : undefined;
}

/** Nothing in it that a shell would expand or take off. */
function plain(text: string): boolean {
  return text !== "" && !/[$`\\'"*?[\]{}~\n]/.test(text);
}

function setOnce(name: string, tokens: readonly Token[]): string | undefined {
  const prefix = `${name}=`;
  const settings = tokens.filter(
    ({ kind, text }) => kind === "word" && (text.startsWith(prefix) || text.startsWith(`${name}+=`)),
  );
  const value = settings[0]?.text.slice(prefix.length);
  if (settings.length !== 1 || value === undefined || !settings[0]?.text.startsWith(prefix)) return undefined;
  if (setOtherwise(name, tokens)) return undefined;
  const bare = unquote(value);
  return bare !== undefined && plain(bare) ? bare : undefined;
}

const SETTERS = new Set(["for", "select", "read", "unset", "mapfile", "readarray", "getopts", "-v"]);

/** `for name in`, `read ... name`, `unset name` and their like set a variable without an `=`. */
function setOtherwise(name: string, tokens: readonly Token[]): boolean {
  let setter = false;
  for (const { kind, text } of tokens) {
    if (kind !== "word") setter = false;
    else if (SETTERS.has(text)) setter = true;
    else if (setter && text === name) return true;
  }
  return false;
}
