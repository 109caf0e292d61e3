import type { Hosts } from "./hosts/hosts";
import { MOVES } from "./hosts/tree";

/** The files that the program of claims needs beside it. */
export const CLAIM_FILES = ["test/bench/programs/claim.js", "test/engine/one-field.js"];

function declared({ names, sshConfig }: Hosts): string {
  return `const { AcrnHost, CorePartition } = require("pulumi-acrn");
const hosts = ${JSON.stringify(names)}.map((name) =>
  new AcrnHost(name, { connection: { host: name, sshConfig: ${JSON.stringify(sshConfig)} } }));
`;
}

/** Five resources a host, one claim each. */
export function claims(hosts: Hosts): string {
  return `const { Claim } = require("./claim");
${declared(hosts)}
for (const [index, host] of hosts.entries())
  for (const { vm, to } of ${JSON.stringify(MOVES)}) new Claim(\`host-\${index + 1}-\${vm}\`, { host, vm, pcpus: [to] });
`;
}

/** One resource a host, with the same five edits: what a user would write. */
export function partitions(hosts: Hosts): string {
  const vms = Object.fromEntries(MOVES.map(({ vm, to }) => [vm, [to]]));
  return `${declared(hosts)}
for (const [index, host] of hosts.entries())
  new CorePartition(\`cores-\${index + 1}\`, { host, vms: ${JSON.stringify(vms)} });
`;
}

/** As many resources as `claims` has, none of which does anything: what engine and SDK take by themselves. */
export function idle({ names }: Hosts): string {
  return `const pulumi = require("@pulumi/pulumi");
const text = "exports.handler = () => ({ check: async (olds, inputs) => ({ inputs }) });";
class Idle extends pulumi.CustomResource {
  constructor(name, inputs) {
    super("pulumi-nodejs:dynamic/bench:Idle", name, { ...inputs, plan: undefined, __provider: text });
  }
}
for (const name of ${JSON.stringify(names)}) {
  const host = new Idle(name, { connection: { host: name, sshConfig: "none" } });
  for (const { vm, to } of ${JSON.stringify(MOVES)}) new Idle(\`\${name}-\${vm}\`, { host: host.connection, vm, pcpus: [to] });
}
`;
}

/** The facts of a host and a CorePartition: what stands in a usual state. */
export function usual(hosts: Hosts): string {
  return `${partitions(hosts)}
exports.boards = hosts.map((host) => host.facts.apply((facts) => facts.board));
`;
}
