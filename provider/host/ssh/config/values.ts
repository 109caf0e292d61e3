import { isAlgorithmList } from "./algorithms";

/** What a keyword takes: how many arguments, and what is wrong with one of them. */
export interface Rule {
  min: number;
  max: number;
  /** Undefined: it is right. */
  wrong?(value: string, index: number, all: readonly string[]): string | undefined;
  /** Takes the rest of the line as it stands. */
  command?: true;
}

const one = (right: (value: string) => boolean, expected: string): Rule => ({
  min: 1,
  max: 1,
  wrong: (value) => (right(value) ? undefined : `${JSON.stringify(value)} is not ${expected}`),
});
const fits = (form: RegExp, expected: string): Rule => one((value) => form.test(value), expected);
const choice = (words: string): Rule => {
  const known = words.split(" ");
  return one((value) => known.includes(value.toLowerCase()), `one of ${known.join(", ")}`);
};
const listed = (kind: Parameters<typeof isAlgorithmList>[0]): Rule =>
  one((value) => isAlgorithmList(kind, value), "a list of algorithms that ssh knows");

export const TEXT: Rule = { min: 1, max: 1 };
export const ANY: Rule = { min: 0, max: Number.POSITIVE_INFINITY };
export const COMMAND: Rule = { ...ANY, command: true };

/** As misc.c's parse_user_host_port; a URI may hold a name only (parse_uri). */
const HOP =
  /^(?!.*["'\\#])(?:ssh:\/\/(?:[^,\s@]+@)?[a-z\d][\w.-]*|(?!ssh:\/\/)(?:[^,\s]+@)?(?:\[[^\]\s]+\]|[^:@/,\s]+))(?::\d+)?\/?$/i;

/** Jump hosts, separated by commas alone: what stands behind a blank ssh 9.2 leaves out without a word (rtrim in its misc.c). */
export const HOPS: Rule = {
  ...ANY,
  min: 1,
  wrong(value, index) {
    const right = index === 0 && value.split(",").every((hop) => HOP.test(hop));
    return right ? undefined : "a jump host is [user@]host[:port]; several are separated by commas, without blanks";
  },
};

/** Files or domains; `none` only alone (readconf.c, parse_char_array). */
export const LIST: Rule = {
  ...ANY,
  wrong: (value, _index, all) => (all.length > 1 && /^none$/i.test(value) ? '"none" has to stand alone' : undefined),
};

/** Like LIST, and each one right. */
function listOf(form: RegExp, expected: string): Rule {
  return {
    ...ANY,
    wrong: (value, index, all) =>
      LIST.wrong?.(value, index, all) ?? (form.test(value) ? undefined : `${JSON.stringify(value)} is not ${expected}`),
  };
}

export const DOMAINS = listOf(/^[a-z0-9](?!.*\.\.)[\w.-]*$/i, "a domain");
export const ALIASED = listOf(/^(none|\*|[^:]*:.+)$/i, "from:to, two lists of domains");
/** A socket; `$NAME` and `${NAME}` are variables. */
export const AGENT = fits(/^(?!\$(?!\{)(?!\w+$))(?!.*\$\{(?!\w+\}))/s, "a socket, a $VARIABLE, SSH_AUTH_SOCK or none");
export const FLAG = choice("yes no true false");
export const INTEGER = one((value) => number(value) !== undefined, "a whole number");
export const PORT = one((value) => (number(value) ?? 0) > 0 && Number(value) < 65_536, "a port number (1 to 65535)");
export const TIME = one((value) => value === "none" || seconds(value) !== undefined, "a time such as 90 or 1m30s");
export { choice, fits, listed };

/** As misc.c's atoi_err. */
export function number(text: string): number | undefined {
  return /^\+?\d{1,10}$/.test(text) && Number(text) < 2 ** 31 ? Number(text) : undefined;
}

const UNITS: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3600, d: 86_400, w: 604_800 };

/** A time as in sshd_config(5), TIME FORMATS, in seconds: `90`, `1m30s` (misc.c, convtime). */
export function seconds(text: string): number | undefined {
  if (!/^(\d{1,10}[smhdw])*\d{1,10}[smhdw]?$/i.test(text)) return undefined;
  let sum = 0;
  for (const [, count, unit] of text.matchAll(/(\d+)([smhdw]?)/gi)) {
    sum += Number(count) * (UNITS[unit?.toLowerCase() || "s"] as number);
  }
  return sum < 2 ** 31 ? sum : undefined;
}
