import { visible } from "../../../provider/core/text/visible";
import type { FoundPartition } from "./partition";

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
  /** Why there is no partition, or what is to know about the one that is there. */
  remarks: readonly string[];
}

/** A value that comes from the configuration of the stack: `config.requireSecret("password")`. */
export class Secret {
  constructor(readonly key: string) {}
}

/** index.ts of a new project. Names of the host stand in it as quoted literals, its texts as comments of one line. */
export function programText({ name, label, host, secrets, partition, remarks }: ProgramParts): string {
  const used = partition ? "AcrnHost, CorePartition" : "AcrnHost";
  return [
    ...(secrets.length > 0 ? [`import * as pulumi from "@pulumi/pulumi";`] : []),
    `import { ${used} } from "pulumi-acrn";`,
    "",
    ...(secrets.length > 0 ? [`const config = new pulumi.Config("acrn");`, ""] : []),
    comment(`The machine: ${label}.`),
    `const host = new AcrnHost(${literal(name)}, ${literal(host)});`,
    "",
    ...(partition ? partitionLines(partition, remarks) : noPartition(remarks)),
    "// host.facts has all that is known of the board and the VMs.",
    "export const acrn = host.facts.acrnVersion;",
    "",
  ].join("\n");
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
