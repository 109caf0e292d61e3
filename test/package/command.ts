import { execFile } from "node:child_process";
import { delimiter, dirname } from "node:path";

export interface CommandOptions {
  cwd: string;
  env?: NodeJS.ProcessEnv;
}

/** What a command put out; it has to succeed, else both of its streams are the error's text. */
export function command(file: string, args: readonly string[], { cwd, env }: CommandOptions): Promise<string> {
  return new Promise((settle, reject) => {
    const options = { cwd, env: env ?? process.env, maxBuffer: 64 * 1024 * 1024 };
    execFile(file, [...args], options, (error, stdout, stderr) => {
      if (error) reject(new Error(`${[file, ...args].join(" ")}: ${error.message}\n${stdout}\n${stderr}`));
      else settle(stdout);
    });
  });
}

/** npm gives what it runs a PATH with node_modules/.bin folders and settings of its own: none of them is a user's. */
export function plainEnv(): NodeJS.ProcessEnv {
  const kept = Object.entries(process.env).filter(
    ([name]) => !/^(npm_(package|lifecycle|command)|NODE_V8|TS_NODE)/.test(name),
  );
  const path = (process.env.PATH ?? "").split(delimiter).filter((folder) => !folder.includes("node_modules"));
  return { ...Object.fromEntries(kept), PATH: [dirname(process.execPath), ...path].join(delimiter) };
}
