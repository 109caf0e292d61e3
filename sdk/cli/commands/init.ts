import { basename, resolve } from "node:path";
import type { Command } from "commander";
import type { Draft } from "../../../provider/converge/draft";
import { shellQuote } from "../../../provider/core/text/shell-quote";
import { type Context, hostCommand, openRead, type Reached } from "../context";
import { EXIT, type Status } from "../exit";
import type { Host, HostOptions } from "../host";
import { projectFiles, projectName, writeProject } from "../init/files";
import { hostArgs, secretsIn } from "../init/host-args";
import { type FoundPartition, partitionOf } from "../init/partition";
import { programText } from "../init/program-text";
import { type FoundRtVm, filesOf, foundRtVms, judged } from "../init/rt-vms";
import { hostData } from "../show/data";

export function initCommand(context: Context, reached: Reached): Command {
  return hostCommand(
    "init",
    "writes a Pulumi project for the machine: its real-time VMs, the cores that they have, and how they are started",
  )
    .argument("[dir]", "where to", ".")
    .action(async (target: string, dir: string, options: HostOptions) =>
      reached(await init(context, target, dir, options)),
    );
}

async function init(context: Context, target: string, dir: string, options: HostOptions): Promise<Status> {
  const { output } = context;
  const { host, snapshot } = await openRead(context, target, options);
  const draft = await host.machine.draft();
  const name = projectName(nameOf(host));
  const remarks: string[] = [];
  const secrets = secretsIn(host.settings);
  const partition = partitionOf(draft, remarks);
  remarks.push(...(partition?.remarks ?? []));
  const rtVms = await rtVmsOf(host, draft, partition);
  const program = programText({
    name,
    label: host.label,
    host: hostArgs(host.settings, dir),
    secrets,
    partition,
    rtVms,
    live: snapshot.kind === "live",
    remarks,
  });
  for (const { name: vm, refused } of rtVms) remarks.push(...refused.map((why) => `${vm}: ${why}`));
  const files = projectFiles(name, host.label, program);
  writeProject(dir, files);
  for (const remark of remarks) output.warn(remark);
  const next = nextSteps(dir, secrets);
  output.say(`Written to ${dir}: ${Object.keys(files).join(", ")}. Next:`);
  for (const line of next) output.say(`  ${line}`);
  output.document({
    host: hostData(host, snapshot),
    dir,
    files: Object.keys(files),
    next,
    warnings: [...snapshot.warnings, ...remarks],
  });
  return EXIT.done;
}

/** Only on cores that a preview would accept; with the files that they name. */
async function rtVmsOf({ machine }: Host, draft: Draft, partition: FoundPartition | undefined): Promise<FoundRtVm[]> {
  if (!partition?.holds) return [];
  const found = foundRtVms(draft, partition.args);
  return judged(await machine.draft(filesOf(found, partition.args)), found, partition.args);
}

function nameOf({ settings: { connection } }: Host): string {
  if (typeof connection === "string") return connection;
  return "root" in connection ? basename(resolve(connection.root)) : connection.host;
}

function nextSteps(dir: string, secrets: readonly string[]): string[] {
  return [
    ...(resolve(dir) === process.cwd() ? [] : [`cd ${shellQuote(dir)}`]),
    "npm install",
    "pulumi stack init dev",
    ...secrets.map((key) => `pulumi config set --secret acrn:${key}`),
    "pulumi preview",
  ];
}
