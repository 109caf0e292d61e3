import { spawn } from "node:child_process";
import colors from "picocolors";

/** What a command said (both streams in the order of their arrival) and how it ended. */
export interface Ended {
  status: number;
  text: string;
}

export interface ShownOptions {
  cwd: string;
  env: NodeJS.ProcessEnv;
  /** Arguments that the command gets and the line leaves out. @default none */
  unshown?: readonly string[];
}

/** Runs a command as a person would: its line first, then its words as they come. */
export function shown(
  command: string,
  args: readonly string[],
  { cwd, env, unshown = [] }: ShownOptions,
): Promise<Ended> {
  console.log(colors.cyan(`$ ${[command, ...args.map(word)].join(" ")}`));
  return new Promise((settle, reject) => {
    const child = spawn(command, [...args, ...unshown], { cwd, env, stdio: ["ignore", "pipe", "pipe"] });
    let text = "";
    const take = (chunk: string): void => {
      text += chunk;
      process.stdout.write(chunk);
    };
    child.stdout.setEncoding("utf8").on("data", take);
    child.stderr.setEncoding("utf8").on("data", take);
    child.on("error", reject);
    // By a signal means that somebody ended it: whoever waits gets a status that no program of ours has.
    child.on("close", (code) => settle({ status: code ?? -1, text }));
  });
}

/** As one would type it: quoted where a shell would take it apart. */
function word(text: string): string {
  return /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;
}
