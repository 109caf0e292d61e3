import { AcrnError, type Place } from "../../../core/errors";
import { matchPatterns } from "../pattern";
import { type ConfigLine, syntax } from "./lines";
import { inNetworks } from "./local-network";

/** What `Match` may look at. */
export interface MatchContext {
  original: string;
  /** After HostName was applied. */
  host: string;
  user: string;
  localUser: string;
  /** Empty when no `Tag` was set. */
  tag: string;
  /** Of this computer; undefined: not known. */
  addresses(): readonly string[] | undefined;
  finalPass: boolean;
  /** False: the section cannot apply whatever this line says. */
  relevant: boolean;
  /** Called when a `Match final` asks for a second pass (ssh_config(5)). */
  wantFinalPass(): void;
}

/** Only ssh can tell: a command would have to be run, or it is about ssh itself. */
const UNDECIDABLE = new Set(["exec", "command", "version"]);

/**
 * Whether the lines under a `Match` count (readconf.c, match_cfg_line). A criterion that we cannot decide is an error, but
 * only when everything else on the line matches: otherwise it does not matter. We never run what `exec` names.
 */
export function matchSection(line: ConfigLine, context: MatchContext): boolean {
  const words = line.words.map(({ text, at }) => ({ text, place: () => line.place(at) }));
  let matches = true;
  let undecided: AcrnError | undefined;
  for (let count = 0, word = words.shift(); word; word = words.shift(), count++) {
    const { negated, name, value } = criterion(word.text);
    if (name === "all") {
      if (count > 1 || words.length > 0) throw syntax('"all" has to stand alone in Match', word.place(), SEE);
      matches &&= !negated;
    } else if (name === "final" || name === "canonical") {
      // As OpenSSH 9.4 and later: `!final` asks for no second pass.
      if (name === "final" && !negated) context.wantFinalPass();
      if (context.finalPass === negated) matches = false;
    } else {
      const patterns = argument(name, value, words, word.place);
      const decided = decide(name, patterns, context, word.place);
      if (decided === undefined) undecided ??= undecidable(name, word.place());
      else if (decided === negated) matches = false;
    }
  }
  if (line.words.length === 0) throw syntax("Match lacks its criteria", line.place(), SEE);
  if (matches && context.relevant && undecided) throw undecided;
  return matches;
}

/** `!name`, and `name=value` in one word. */
function criterion(word: string): { negated: boolean; name: string; value: string | undefined } {
  const [, mark, name = "", value] = /^(!?)([^=]*)(?:=(.*))?$/s.exec(word) as RegExpExecArray;
  return { negated: mark === "!", name: name.toLowerCase(), value: value || undefined };
}

/** The patterns of a criterion: in the same word, in the next one, or behind a `=` that stands there. */
function argument(name: string, value: string | undefined, words: { text: string }[], place: () => Place): string {
  let text = value ?? words.shift()?.text;
  if (value === undefined && text?.startsWith("=")) text = text.slice(1) || words.shift()?.text;
  if (text === undefined || (text === "" && name !== "tagged" && name !== "command")) {
    throw syntax(`"Match ${name}" lacks its patterns`, place(), SEE);
  }
  return text;
}

function decide(name: string, patterns: string, context: MatchContext, place: () => Place): boolean | undefined {
  const list = patterns.split(",");
  const lower = patterns.toLowerCase().split(",");
  if (name === "host") return matchPatterns(context.host.toLowerCase(), lower);
  if (name === "originalhost") return matchPatterns(context.original.toLowerCase(), lower);
  if (name === "user") return matchPatterns(context.user, list);
  if (name === "localuser") return matchPatterns(context.localUser, list);
  if (name === "tagged") return context.tag === "" ? patterns === "" : matchPatterns(context.tag, list);
  if (name === "sessiontype") return matchPatterns("exec", list);
  if (UNDECIDABLE.has(name)) return undefined;
  if (name !== "localnetwork") throw syntax(`unknown Match criterion ${JSON.stringify(name)}`, place(), SEE);
  const addresses = context.addresses();
  const inside = inNetworks(addresses ?? [], patterns);
  if (inside === undefined) throw syntax(`${JSON.stringify(patterns)} is no list of networks`, place(), SEE);
  return addresses === undefined ? undefined : inside;
}

function undecidable(criterion: string, where: Place): AcrnError {
  return new AcrnError("ssh.config.unsupported", `"Match ${criterion}" cannot be decided here`, {
    where,
    hint:
      "Commands of ssh_config are never run. Exclude the machine on that line (`Match !originalhost NAME exec ...`), or " +
      "give another ssh_config (sshConfig).",
  });
}

const SEE = "See Match in ssh_config(5).";
