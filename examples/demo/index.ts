import * as pulumi from "@pulumi/pulumi";
import { AcrnHost, Activation, CorePartition, RtVm } from "pulumi-acrn";

// `npm run lab` writes this ssh_config; a host of your own needs no such line, only its alias or address.
const config = new pulumi.Config("acrn");
const sshConfig = config.get("sshConfig") ?? "../../.lab/ssh_config";

const host = new AcrnHost("cell-1", { connection: { host: config.get("host") ?? "cell-1", sshConfig } });

// Tip T15: the pCPUs of a real-time VM belong to it alone. Whoever has them now moves off.
const cores = new CorePartition("cores", {
  host,
  vms: { POST_RT_VM1: [2, 3] },
  neighbours: "evict",
});

// With `pulumi config set acrn:memory 2G` the VM itself too: of the script that its owner starts it by, only the memory changes.
const memory = config.get("memory");
if (memory !== undefined) {
  const script = { edited: "/root/acrn-work/launch_user_vm_id1.sh" };
  new RtVm("rt", { host, name: "POST_RT_VM1", partition: cores, memory, script });
  // Last: it makes what is written run, and interrupts what the stack's configuration allows, which is nothing at first.
  const guests = { POST_RT_VM1: { ssh: "cell-1.POST_RT_VM1" } };
  new Activation("activation", { host, allow: config.getObject("allow") ?? [], guests });
}

export const acrn = host.facts.apply(({ acrnVersion }) => (acrnVersion.known ? acrnVersion.value : "unknown"));
export const isolcpus = cores.rtCpus.apply((cpus) => `isolcpus=nohz,domain,${cpus.POST_RT_VM1}`);
export const pending = cores.pending.apply((fields) =>
  fields
    .filter(({ state }) => state !== "active")
    .map((f) => `${f.field}: written ${f.written}, built ${f.built}, running ${f.running}`),
);
