import { parseDeclared } from "../../../sdk/cli/declared/parse";
import { mutated } from "../mutate";
import { words } from "../seeds";
import type { Target } from "../target";
import { VM } from "./machine-seeds";

const FILE = "cell.yaml";

const SEEDS = [
  `name: cell\nresources:\n  - type: CorePartition\n    name: cores\n    args:\n      vms:\n        ${VM}: [2, 3]\n        POST_STD_VM2: { cores: 1, kind: P }\n      neighbours: evict\n      sharing: { smt: [Service VM] }\n`,
  JSON.stringify(
    { name: "cell", resources: [{ type: "CorePartition", name: "a", args: { vms: { [VM]: [1] } } }] },
    null,
    1,
  ),
  `# cell 7\nname: &n cell\nresources:\n- {type: CorePartition, name: *n, args: {vms: {"#2": !!seq [1]}}}\n- type: CorePartition\n  name: b\n  args: {vms: {x: [1]}, neighbours: \${a.pcpus}}\n...\n`,
].map((text) => Buffer.from(text));

const WORDS = words(
  // biome-ignore lint/suspicious/noTemplateCurlyInString: of the format, not of TypeScript
  "&a *a <<: !!str !!binary !!set ? - : | > --- ... {} [] {a: [ ${a.b} ${ % @ ` \\x name: resources: type: args: vms: {{{{{{ [[[[[[ - - - - __proto__: constructor:",
);

/** The file that the command line takes: YAML or JSON, by somebody else's parser. */
export const declared: Target = {
  name: "declaration",
  runs: 2000,
  make: (random) => mutated(random, { seeds: SEEDS, words: WORDS }),
  run: (input) => {
    const { name, resources } = parseDeclared({ text: input.toString("utf8"), file: FILE });
    return { name, resources };
  },
  texts: (input) => new Map([[FILE, input.toString("utf8")]]),
  grow: {
    sequences: (n) => Buffer.from("[".repeat(n)),
    "block sequences": (n) => Buffer.from("- ".repeat(n / 2)),
    maps: (n) => Buffer.from("{a: ".repeat(n / 4)),
    keys: (n) => Buffer.from(Array.from({ length: n / 8 }, (_, at) => `k${at}: 1\n`).join("")),
    anchors: (n) =>
      Buffer.from(
        `a: &a [x]\n${Array.from({ length: n / 30 }, (_, at) => `b${at}: &b${at} [*${at === 0 ? "a" : `b${at - 1}`}, *a]\n`).join("")}`,
      ),
  },
};
