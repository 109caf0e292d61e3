import { visible } from "../../../provider/core/text/visible";
import type { FoundPartition } from "./partition";
import type { FoundRtVm } from "./rt-vms";

/** What the program says, in the order of its lines. */
export interface ProgramParts {
  /** Resource name of the host. */
  name: string;
  /** Where it is, for the comment. */
  label: string;
  /** Arguments of the AcrnHost: plain data, or `Secret` for what the stack's configuration holds. */
  host: Record<string, unknown>;
  /** Their keys. */
  secrets: readonly string[];
  partition: FoundPartition | undefined;
  /** On cores of the partition, which holds then. @default none */
  rtVms?: readonly FoundRtVm[];
  /** False: a folder, of which nothing runs. @default false */
  live?: boolean;
  /** Why there is no partition, or what is to know about the one that is there. */
  remarks: readonly string[];
}

/** A value that comes from the configuration of the stack: `config.requireSecret("password")`. */
export class Secret {
  constructor(readonly key: string) {}
}

/** index.ts of a new project. Names of the host stand in it as quoted literals, its texts as comments of one line. */
export function programText(parts: ProgramParts): string {
  const { name, label, host, secrets, partition, rtVms = [], live = false, remarks } = parts;
  const activation = live && partition?.holds === true;
  const configured = secrets.length > 0 || activation;
  const used = [
    "AcrnHost",
    ...(activation ? ["Activation"] : []),
    ...(partition ? ["CorePartition"] : []),
    ...(rtVms.length > 0 ? ["RtVm"] : []),
  ];
  return [
    ...(configured ? [`import * as pulumi from "@pulumi/pulumi";`] : []),
    `import { ${used.join(", ")} } from "pulumi-acrn";`,
    "",
    ...(configured ? [`const config = new pulumi.Config("acrn");`, ""] : []),
    comment(`The machine: ${label}.`),
    `const host = new AcrnHost(${literal(name)}, ${literal(host)});`,
    "",
    ...(partition ? partitionLines(partition, remarks) : noPartition(remarks)),
    ...rtVms.flatMap(rtVmLines),
    ...(activation ? activationLines(rtVms) : []),
    "// host.facts has all that is known of the board and the VMs.",
    "export const acrn = host.facts.acrnVersion;",
    "",
  ].join("\n");
}

function rtVmLines({ name, edited, remark, refused }: FoundRtVm): string[] {
  const options = { name, ...(edited === undefined ? {} : { script: { edited } }) };
  const made = `new RtVm(${literal(name)}, { host, partition: cores, ${literal(options).slice(2)});`;
  if (refused.length === 0) return [comment(remark), made, ""];
  const why = [...refused, "So it is switched off: mend it and take the comment signs away."];
  return [...[remark, ...why].map(comment), `// ${made}`, ""];
}

/** What may be interrupted is said for each run, so the program allows nothing. */
function activationLines(rtVms: readonly FoundRtVm[]): string[] {
  const [{ name } = { name: "POST_RT_VM1" }] = rtVms;
  const example = literal({ [name]: { ssh: "root@192.168.1.10" } });
  return [
    comment(
      "Says what is written and does not run. What it may interrupt to make it run, the stack's configuration says:",
    ),
    comment(
      "pulumi config set --path 'acrn:allow[0]' rtvm-power-cycle (or host-reboot). It has to know how guests are",
    ),
    comment(`shut down, for instance guests: ${example}`),
    `new Activation("activation", { host, allow: config.getObject("allow") ?? [], guests: {} });`,
    "",
  ];
}

function partitionLines({ args, holds }: FoundPartition, remarks: readonly string[]): string[] {
  const { vms, neighbours, sharing } = args;
  const options = { vms, ...(neighbours === "refuse" ? {} : { neighbours }), ...(sharing ? { sharing } : {}) };
  const lines = [
    comment(
      "The pCPUs of the real-time VMs as the host has them now. Change the lists, or say { cores: 1 } to have them",
    ),
    comment('chosen; neighbours: "evict" takes them from VMs that have them.'),
    ...remarks.map(comment),
  ];
  const made = [
    `const cores = new CorePartition("cores", { host, ${literal(options).slice(2)});`,
    "export const pending = cores.pending;",
  ];
  if (holds) return [...lines, ...made, ""];
  return [
    ...lines,
    comment("The rules refuse that, so it is switched off: mend it and take the comment signs away."),
    ...made.map((l) => `// ${l}`),
    "",
  ];
}

function noPartition(remarks: readonly string[]): string[] {
  return [
    ...remarks.map((why) => comment(`No CorePartition yet: ${why}.`)),
    comment(
      'new CorePartition("cores", { host, vms: { POST_RT_VM1: [2, 3] } }) gives a VM these pCPUs for itself alone.',
    ),
    "",
  ];
}

/** One line, so that no text of a host ends the comment. */
function comment(text: string): string {
  return `// ${visible(text.replace(/\s*\n\s*/g, " "))}`;
}

/** Plain data as TypeScript; strings are ASCII alone, so that nothing in them reorders or hides what one reads. */
export function literal(value: unknown): string {
  if (value instanceof Secret) return `config.requireSecret(${literal(value.key)})`;
  if (Array.isArray(value)) return `[${value.map(literal).join(", ")}]`;
  if (typeof value !== "object" || value === null) return ascii(JSON.stringify(value));
  const members = Object.entries(value).map(
    ([key, item]) => `${/^[A-Za-z_]\w*$/.test(key) ? key : literal(key)}: ${literal(item)}`,
  );
  return members.length > 0 ? `{ ${members.join(", ")} }` : "{}";
}

function ascii(text: string): string {
  return text.replace(/[^\x20-\x7e]/g, (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, "0")}`);
}
