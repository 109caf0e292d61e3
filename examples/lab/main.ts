/** `npm run lab`: simulated ACRN hosts in the foreground, until Ctrl-C. */
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join, relative, resolve } from "node:path";
import { parseArgs } from "node:util";
import { builtHosts, type LabHostPlan, layDown, realHosts } from "./hosts";
import { type Lab, startLab } from "./lab";

const ROOT = resolve(__dirname, "../..");
const DIR = join(ROOT, ".lab");
const PID_FILE = join(DIR, "pid");
const DATA = resolve(ROOT, "../shared/acrn-data");
const FIRST_PORT = 2201;

interface Options {
  keep: boolean;
  port: number;
}

async function main(): Promise<void> {
  const options = readOptions();
  refuseSecond();
  const plans = [...builtHosts(), ...realHosts(DATA)];
  if (!options.keep) rmSync(DIR, { recursive: true, force: true });
  mkdirSync(DIR, { recursive: true });
  writeFileSync(PID_FILE, String(process.pid));
  const hosts = plans.map((plan, index) => ({ ...treeOf(plan), port: options.port + index }));
  const lab = await startLab({ dir: DIR, hosts });
  console.log(greeting(lab, plans));
  await interrupted();
  await lab.close();
  rmSync(options.keep ? PID_FILE : DIR, { recursive: true, force: true });
  console.log(`The lab has ended${options.keep ? `; its hosts stay in ${relative(process.cwd(), DIR)}` : ""}.`);
}

/** Two labs would share .lab, and the second one's start would take the trees of the first away. */
function refuseSecond(): void {
  if (!existsSync(PID_FILE)) return;
  const pid = readFileSync(PID_FILE, "utf8").trim();
  if (!existsSync(`/proc/${pid}/cmdline`) || !readFileSync(`/proc/${pid}/cmdline`, "utf8").includes("lab/main")) return;
  throw new Error(`A lab of this checkout runs already (pid ${pid}); end it with Ctrl-C there, or: kill ${pid}`);
}

function readOptions(): Options {
  const { values } = parseArgs({
    options: { keep: { type: "boolean", default: false }, port: { type: "string", default: String(FIRST_PORT) } },
  });
  const port = Number(values.port);
  if (!Number.isInteger(port) || port < 1 || port > 65_000) throw new Error(`--port takes a number from 1 to 65000.`);
  return { keep: values.keep, port };
}

/** With --keep a host that is there stays as it was left. */
function treeOf(plan: LabHostPlan) {
  const dir = join(DIR, "trees", plan.host.name);
  return existsSync(dir) ? { ...plan.host, dir } : layDown(plan, dir);
}

function greeting(lab: Lab, plans: readonly LabHostPlan[]): string {
  const config = relative(process.cwd(), lab.sshConfig);
  const width = Math.max(...plans.map(({ host }) => host.name.length));
  const rows = plans.map(({ host, about }) => {
    const { port, user } = lab.host(host.name);
    return `  ${host.name.padEnd(width)}  ${user}@127.0.0.1:${port}  ${about}`;
  });
  return [
    "Simulated ACRN hosts; Ctrl-C ends them.",
    "",
    ...rows,
    "",
    "With ssh:",
    `  ssh -F ${config} cell-1 'cat $PULUMI_ACRN_ROOT/usr/share/acrn/scenario.xml'`,
    "",
    "With pulumi, in a program:",
    `  new acrn.AcrnHost("cell-1", { connection: { alias: "cell-1", sshConfig: "${lab.sshConfig}" } });`,
    "or in the configuration of a stack that reads its connection from there:",
    `  pulumi config set --path connection.alias cell-1`,
    `  pulumi config set --path connection.sshConfig ${lab.sshConfig}`,
    "",
    `The files of the hosts: ${relative(process.cwd(), join(DIR, "trees"))}/<name>`,
  ].join("\n");
}

function interrupted(): Promise<void> {
  return new Promise((settle) => {
    for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.once(signal, () => settle());
  });
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
});
