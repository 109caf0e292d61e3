import { AcrnError } from "../../../core/errors";
import { matchPatterns } from "../pattern";
import type { ConfigLine } from "./lines";

/** What `Match` may look at. */
export interface MatchContext {
  original: string;
  /** After HostName was applied. */
  host: string;
  user: string;
  localUser: string;
  finalPass: boolean;
  /** Called when a `Match final` asks for a second pass (ssh_config(5)). */
  wantFinalPass(): void;
}

/**
 * Whether the lines under a `Match` count. `exec` and the other criteria that we cannot decide are refused, but only
 * when everything before them on the line matched: else they do not matter.
 */
export function matchSection(line: ConfigLine, file: string, context: MatchContext): boolean {
  const words = [...line.args];
  while (words.length > 0) {
    const word = (words.shift() as string).toLowerCase();
    const negated = word.startsWith("!");
    const criterion = negated ? word.slice(1) : word;
    if (criterion === "all") continue;
    if (criterion === "final") context.wantFinalPass();
    if (criterion === "final" || criterion === "canonical") {
      if (context.finalPass === negated) return false;
      continue;
    }
    const value = subject(criterion, context);
    if (value === undefined) throw undecidable(criterion, line, file);
    const patterns = words.shift();
    if (patterns === undefined) throw incomplete(criterion, line, file);
    if (matchPatterns(value, patterns.split(",")) === negated) return false;
  }
  return true;
}

function subject(criterion: string, context: MatchContext): string | undefined {
  if (criterion === "host") return context.host;
  if (criterion === "originalhost") return context.original;
  if (criterion === "user") return context.user;
  if (criterion === "localuser") return context.localUser;
  return undefined;
}

function undecidable(criterion: string, line: ConfigLine, file: string): AcrnError {
  return new AcrnError("ssh.config.unsupported", `"Match ${criterion}" cannot be decided here`, {
    where: { file, line: line.line, column: 1 },
    hint: `Name the machine in a "Host" section above it, or give the connection options and sshConfig: false (or another file).`,
  });
}

function incomplete(criterion: string, line: ConfigLine, file: string): AcrnError {
  return new AcrnError("ssh.config.syntax", `"Match ${criterion}" lacks its patterns`, {
    where: { file, line: line.line, column: 1 },
    hint: "See Match in ssh_config(5).",
  });
}
