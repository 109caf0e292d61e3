import { version } from "../../../provider/version";
import type { Json } from "../mutate-json";
import type { Random } from "../random";
import { VM } from "./machine-seeds";

type Args = { [key: string]: Json };

const HIDDEN = { __urn: "urn:pulumi:dev::p::acrn:CorePartition::part", __stack: "org/p/dev", __package: version };
const HOST = { connection: { root: "FOLDER" }, onUnreachable: "fail" };

/** What an RtVm may say beside its name. */
const RT_VMS: Args[] = [
  { memory: "2G", autostart: true, virtioPoll: 5, virtio: { block: ["/d", { path: "/a", partition: "/dev/sda1" }] } },
  { script: { edited: "/root/acrn-work/rt.sh" }, dmArgs: ["--debugexit"], loader: "ovmf" },
  { load: "pre-launched", bootArgs: "quiet" },
  { script: { owned: "/x.sh" }, passthrough: ["00:14.0", { bdf: "01:00.0", options: "reset" }] },
];

const FEATURES: Args[] = [
  { scheduler: "noop", partition: { pcpus: { [VM]: [3] }, evicted: { POST_STD_VM2: [0] } } },
  { splitLockDetection: true, mcePageSizeWorkaround: "off", trustAllGuestKernels: true },
  { cpuPerformancePolicy: "nominal", buildType: "debug", acrnVersion: "3.3" },
];

const CLASSES: Args[] = [
  { classes: { rt: { vms: { [VM]: "all" }, l3: 4 } }, rest: "0xff" },
  {
    classes: { rt: { vms: { [VM]: [0] }, l2: "512K", l3: { code: "0xf", data: 2 }, mba: 20 } },
    cdp: true,
    gpuWays: "board",
  },
];

/** `build` and a look at a machine start shells, a kept generation does not. */
const IMAGES: Args[] = [
  { build: { command: "true" }, generation: "0123456789abcdef" },
  { build: { make: { source: "/src", release: true }, on: "host" }, keep: 2, generation: "0123456789abcdef" },
];

/** One resource with what a program says of it. */
export function declaration(random: Random): { kind: string; news: Args } {
  const base = { ...HIDDEN, host: HOST };
  const partition = { ...base, vms: { [VM]: [3] }, neighbours: "evict", sharing: { smt: [VM] } };
  const activation = { ...base, after: [], allow: ["rtvm-power-cycle"], guests: { [VM]: { ssh: "root@rt" } } };
  const rows: [kind: string, news: Args][] = [
    ["CorePartition", partition],
    ["CorePartition", partition],
    ["RtVm", { ...base, name: VM, partition: { pcpus: { [VM]: [3] } }, ...random.pick(RT_VMS) }],
    ["RtVm", { ...base, name: VM, partition: { pcpus: { [VM]: [3] } }, ...random.pick(RT_VMS) }],
    ["GpuFrequency", { ...base, max: 300, boost: 350, min: 300, card: "0000:00:02.0" }],
    ["HypervisorFeatures", { ...base, ...random.pick(FEATURES) }],
    ["CacheClos", { ...base, ...random.pick(CLASSES) }],
    ["HypervisorImage", { ...base, ...random.pick(IMAGES) }],
    ["Activation", activation],
    ["AcrnHost", { ...HIDDEN, ...HOST, scripts: ["/root/*.sh"] }],
    ["HostFacts", base],
  ];
  const [kind, news] = random.pick(rows);
  return { kind, news };
}
