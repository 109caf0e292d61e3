/**
 * `npm run lab [-- --keep] [--port N] [--dir DIR] [--fault HOST:NAME=VALUE]...`: simulated ACRN hosts in the foreground, until Ctrl-C.
 * --keep: leave the hosts as they are from run to run. --port: the first of the ports; 0 takes free ones. --fault: docs/lab.md.
 */
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { delimiter, join, relative, resolve } from "node:path";
import { parseArgs } from "node:util";
import { findPulumi } from "../../tools/pulumi-cli";
import { builtHosts, type LabHostPlan, layDown, realHosts } from "./hosts";
import { type Lab, startLab } from "./lab";
import { applyByName } from "./server/faults/by-name";

const ROOT = resolve(__dirname, "../..");
const DATA = resolve(ROOT, "../shared/acrn-data");
const FIRST_PORT = 2201;

/** The script of cell-1's real-time VM. */
const LAUNCH = "/usr/share/acrn/launch-scripts/cell-1-board/shared/launch_user_vm_id1.sh";

interface Options {
  dir: string;
  keep: boolean;
  port: number;
  faults: string[];
}

async function main(): Promise<void> {
  const ctrlC = interrupted(); // from the start, so that what was begun is ended too
  const options = readOptions();
  const { dir } = options;
  const pidFile = join(dir, "pid");
  refuseSecond(pidFile);
  const plans = [...builtHosts(), ...realHosts(DATA)];
  if (!options.keep) rmSync(dir, { recursive: true, force: true });
  mkdirSync(dir, { recursive: true });
  writeFileSync(pidFile, String(process.pid));
  const hosts = plans.map((plan, index) => ({ ...treeOf(plan, dir), port: options.port && options.port + index }));
  const lab = await startLab({ dir, hosts });
  try {
    for (const fault of options.faults) applyByName(fault, (name) => lab.host(name).faults);
  } catch (error) {
    await lab.close();
    throw error;
  }
  console.log(greeting(lab, plans));
  await ctrlC;
  await lab.close();
  rmSync(options.keep ? pidFile : dir, { recursive: true, force: true });
  console.log(`The lab has ended${options.keep ? `; its hosts stay in ${relative(process.cwd(), dir)}` : ""}.`);
}

/** Two labs would share the folder, and the second one's start would take the trees of the first away. */
function refuseSecond(pidFile: string): void {
  if (!existsSync(pidFile)) return;
  const pid = readFileSync(pidFile, "utf8").trim();
  if (!existsSync(`/proc/${pid}/cmdline`) || !readFileSync(`/proc/${pid}/cmdline`, "utf8").includes("lab/main")) return;
  throw new Error(`A lab runs in this folder already (pid ${pid}); end it with Ctrl-C there, or: kill ${pid}`);
}

function readOptions(): Options {
  const { values } = parseArgs({
    options: {
      dir: { type: "string", default: join(ROOT, ".lab") },
      keep: { type: "boolean", default: false },
      port: { type: "string", default: String(FIRST_PORT) },
      fault: { type: "string", multiple: true, default: [] },
    },
  });
  const port = Number(values.port);
  if (!Number.isInteger(port) || port < 0 || port > 65_000) throw new Error("--port takes a number from 0 to 65000.");
  return { dir: resolve(values.dir), keep: values.keep, port, faults: values.fault };
}

/** With --keep a host that is there stays as it was left. */
function treeOf(plan: LabHostPlan, labDir: string) {
  const dir = join(labDir, "trees", plan.host.name);
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
    "VMs can be launched and break the host as on hardware (docs/lab.md, Physics); cell-1.POST_RT_VM1 answers while its VM runs:",
    `  ssh -F ${config} cell-1 'setsid bash ${LAUNCH} >/dev/null 2>&1 </dev/null &'`,
    `  ssh -F ${config} cell-1.POST_RT_VM1 poweroff`,
    "",
    "With pulumi, from the root of the clone (its Pulumi.yaml is the demo's, for cell-1):",
    ...pulumiLines().map((line) => `  ${line}`),
    "",
    "In a program of your own:",
    `  new AcrnHost("cell-1", { connection: { host: "cell-1", sshConfig: ${JSON.stringify(lab.sshConfig)} } });`,
    "",
    `The files of the hosts: ${relative(process.cwd(), join(lab.dir, "trees"))}/<name>`,
  ].join("\n");
}

/** Without an account: the state in a folder, secrets under a passphrase. Packages, dist/ and the CLI come first. */
function pulumiLines(): string[] {
  const cli = findPulumi();
  const path = cli !== undefined && !(process.env.PATH ?? "").split(delimiter).includes(cli);
  return [
    ...(cli === undefined ? ["npm run setup                           # finds or makes the Pulumi CLI"] : []),
    ...(path ? [`export PATH=${cli}:$PATH`] : []),
    "export PULUMI_BACKEND_URL=file://$PWD/.lab PULUMI_CONFIG_PASSPHRASE=lab",
    "pulumi stack select --create lab",
    "pulumi up",
  ];
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
