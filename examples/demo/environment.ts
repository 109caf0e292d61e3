import { mkdirSync, writeFileSync } from "node:fs";
import { delimiter, join } from "node:path";
import { pulumiEnv } from "../../tools/pulumi-env";

const ROOT = join(__dirname, "../..");

/** The types of the program are checked by `npm run check`; at each of its runs that would cost seconds. */
export function environment(dir: string): NodeJS.ProcessEnv {
  const env = pulumiEnv(join(dir, "pulumi"));
  return { ...env, PATH: [commands(dir), env.PATH].join(delimiter), PULUMI_NODEJS_TRANSPILE_ONLY: "true" };
}

/** The package's own command line by its name, as an installation puts it on PATH. */
function commands(dir: string): string {
  const bin = join(dir, "bin");
  mkdirSync(bin);
  const main = join(ROOT, "dist/sdk/cli/main.js");
  writeFileSync(join(bin, "pulumi-acrn"), `#!/bin/sh\nexec '${process.execPath}' '${main}' "$@"\n`, { mode: 0o755 });
  return bin;
}
