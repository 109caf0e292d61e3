import * as pulumi from "@pulumi/pulumi";
import { AcrnHost, Activation, CacheClos, CorePartition, HypervisorFeatures, HypervisorImage, RtVm } from "pulumi-acrn";

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
const script = { edited: "/root/acrn-work/launch_user_vm_id1.sh" };
const rt =
  memory === undefined ? undefined : new RtVm("rt", { host, name: "POST_RT_VM1", partition: cores, memory, script });

// With `pulumi config set acrn:build '<command>'` cache ways of its own, and the hypervisor that gives it all of this.
const build = config.get("build");
const clos = rt && build !== undefined ? withImage(rt, build) : undefined;

// Last: it makes what is written run, and interrupts what the stack's configuration allows, which is nothing at first.
const guests = { POST_RT_VM1: { ssh: "cell-1.POST_RT_VM1" } };
if (rt) new Activation("activation", { host, allow: config.getObject("allow") ?? [], guests });

function withImage(rt: RtVm, command: string): CacheClos {
  // Tip T04: four of the twelve ways of the L3 for the real-time VM, and for nobody else.
  const classes = { rt: { vms: { POST_RT_VM1: "all" as const }, l3: 4 } };
  const clos = new CacheClos("clos", { host, partition: cores, rtVms: [rt], classes });
  new HypervisorFeatures("features", { host, partition: cores, splitLockDetection: true });
  new HypervisorImage("image", { host, build: { command } });
  return clos;
}

export const acrn = host.facts.apply(({ acrnVersion }) => (acrnVersion.known ? acrnVersion.value : "unknown"));
export const isolcpus = cores.rtCpus.apply((cpus) => `isolcpus=nohz,domain,${cpus.POST_RT_VM1}`);
export const pending = cores.pending.apply((fields) =>
  fields
    .filter(({ state }) => state !== "active")
    .map((f) => `${f.field}: written ${f.written}, built ${f.built}, running ${f.running}`),
);
export const caches = clos?.picture;
