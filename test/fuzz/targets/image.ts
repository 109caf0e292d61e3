import assert from "node:assert/strict";
import { readBuiltConfigs } from "../../../provider/core/acrn/image/configs";
import { entryOf, printEntry } from "../../../provider/core/acrn/image/entry";
import { readGrubCfg } from "../../../provider/core/acrn/image/grub-cfg";
import { printManifest, readManifest } from "../../../provider/core/acrn/image/manifest";
import { readPromoted } from "../../../provider/core/acrn/image/promoted";
import { readCheck } from "../../../provider/core/acrn/image/recipes/check";
import { printWanted, readWanted } from "../../../provider/core/acrn/image/wanted";
import { decodeUtf8 } from "../../../provider/core/text/utf8";
import { mutated } from "../mutate";
import { type Json, mutatedJson } from "../mutate-json";
import { words } from "../seeds";
import { Refused, type Target } from "../target";
import { ALLOCATION, GRUB_CFG, MISC_CFG } from "./image-seeds";
import { scenarioMaterial } from "./xml";

/** What lies on a machine for its hypervisor images, and what a build leaves behind. */

const FILE = "/var/lib/pulumi-acrn/images/x";
const ID = "0123456789abcdef";
const decode = (input: Buffer) => decodeUtf8(input, FILE);
const texts = (input: Buffer) => new Map([[FILE, input.toString("utf8")]]);

const VALUES: Json[] = [ID, "0".repeat(64), 1, 2, 0.5, { sha256: "0".repeat(64), size: 1 }, "configs/../x", "entry"];
const JSON_WORDS = words('{ } [ ] : , "id": "keep":2 "format":2 "__proto__":{} \\u0000 \\ud800 1e 01 .5 //');

/** Texts of a JSON file of ours, changed as text and as a value. */
function ours(name: string, seed: Json, read: (text: string) => unknown): Target {
  const seeds = [Buffer.from(JSON.stringify(seed)), Buffer.from(`${JSON.stringify(seed, null, 1)}\n`)];
  return {
    name,
    runs: 1500,
    make: (random) =>
      random.oneIn(3) ? mutated(random, { seeds, words: JSON_WORDS }) : mutatedJson(random, seed, VALUES),
    run: (input) => read(decode(input)),
    texts,
    placeless: /^image\.newer$/,
    grow: {
      nesting: (n) => Buffer.from("[".repeat(n)),
      "a long string": (n) => Buffer.from(`{"id":"${"\\u0041".repeat(n / 6)}`),
      keys: (n) => Buffer.from(`{${Array.from({ length: n / 9 }, (_, at) => `"${at}":1`).join()}}`),
    },
  };
}

const size = { sha256: "ab".repeat(32), size: 4096 };
const FILES = ["acrn.bin", "board.xml", "entry", "scenario.xml", "ACPI_VM0.bin", "configs/misc_cfg.h"];
const MANIFEST: Json = {
  ...{ format: 1, id: ID, recipe: '{"how":"make"}', source: "git v3.3", seconds: 12 },
  files: Object.fromEntries(FILES.map((name) => [name, size])),
};

export const manifest = ours("image's record", MANIFEST, (text) => {
  const read = readManifest(text, FILE);
  assert.deepEqual(readManifest(printManifest(read), FILE), read, "what was written reads back");
  return read;
});

export const wanted = ours("image that is wanted", { id: ID, keep: 3 }, (text) => {
  const read = readWanted(text, FILE);
  assert.deepEqual(readWanted(printWanted(read), FILE), read, "what was written reads back");
  return read;
});

const PROMOTED = [`${ID}\n`, `${ID}\nfedcba9876543210\n${ID}\n`, "\n", "packaged\n"].map((text) => Buffer.from(text));

export const promoted: Target = {
  name: "images that were promoted",
  runs: 1500,
  make: (random) => mutated(random, { seeds: PROMOTED, words: words(`${ID} fedcba9876543210 - .. /`) }),
  run: (input) => readPromoted(input.toString("utf8")) ?? new Refused("nothing.promoted"),
  grow: { lines: (n) => Buffer.from(`${ID}\n`.repeat(n / 17)), blanks: (n) => Buffer.from("\n".repeat(n)) },
};

const GRUB_WORDS = words(
  // biome-ignore lint/suspicious/noTemplateCurlyInString: of the format, not of TypeScript
  "menuentry submenu --id $menuentry_id_option ${menuentry_id_option} { } ; if then else elif fi [ ] set default= ${next_entry} ${saved_entry} ' \" \\ # $ ${ function",
);

export const grubCfg: Target = {
  name: "GRUB's menu",
  runs: 3000,
  make: (random) => mutated(random, { seeds: GRUB_CFG, words: GRUB_WORDS }),
  run: (input) => readGrubCfg(decode(input), { file: FILE, saved: "old" }),
  texts,
  grow: {
    "open blocks": (n) => Buffer.from("submenu a {\n".repeat(n / 12)),
    entries: (n) => Buffer.from("menuentry a --id b {\n}\n".repeat(n / 23)),
    quotes: (n) => Buffer.from("'a' \"b\" ".repeat(n / 8)),
    // biome-ignore lint/suspicious/noTemplateCurlyInString: of the format, not of TypeScript
    variables: (n) => Buffer.from("${a}".repeat(n / 4)),
    settings: (n) => Buffer.from('set default="1"\n'.repeat(n / 16)),
    conditions: (n) => Buffer.from("if a ; then\n".repeat(n / 12)),
  },
};

const CONFIG_WORDS = words(
  "<clos> </clos> <clos_mask id= <vm <vcpu_clos> </vcpu_clos> 0xff 1U #define VM1_CONFIG_CPU_AFFINITY AFFINITY_CPU(1U) CLOS_MASK_999 VM0_VCPU_CLOS __proto__",
);

/** Both files in one: XML begins with an element. */
export const builtConfigs: Target = {
  name: "what a build generated",
  runs: 3000,
  make: (random) => mutated(random, { seeds: [...ALLOCATION, ...MISC_CFG], words: CONFIG_WORDS }),
  run: (input) => {
    const text = input.toString("utf8");
    const { affinity, clos, masks } = readBuiltConfigs(text.startsWith("<") ? { allocation: text } : { misc: text });
    return affinity.size + clos.size + masks.size > 0 ? [affinity, clos, masks] : new Refused("nothing.read");
  },
  texts: (input) => new Map([["configs/allocation.xml", input.toString("utf8")]]),
  grow: {
    defines: (n) => Buffer.from("#define CLOS_MASK_1 0xffU\n".repeat(n / 26)),
    classes: (n) => Buffer.from(`<a><vm id="1"><clos>${"<vcpu_clos>1</vcpu_clos>".repeat(n / 24)}</clos></vm></a>`),
    blanks: (n) => Buffer.from(`#define VM1_VCPU_CLOS${" ".repeat(n)}`),
  },
};

const CHECKED = [
  "source git v3.3\n",
  "missing git\nmissing lxml\nsource tree 3.3 00\n",
  "refused a\nunmet a (>= 1) | b\n",
];

/** Never throws: a login shell may say anything. */
export const buildCheck: Target = {
  name: "a look at a machine that builds",
  runs: 1500,
  make: (random) =>
    mutated(random, {
      seeds: CHECKED.map((text) => Buffer.from(text)),
      words: words("source missing unmet refused ( ) | >= git make"),
    }),
  run: (input) => {
    const check = readCheck({ how: "make", source: "/src" }, input.toString("utf8").split("\n"));
    return check.source === undefined ? new Refused("nothing.said") : check;
  },
  grow: {
    packages: (n) => Buffer.from(`unmet ${"a (b) | ".repeat(n / 8)}`),
    brackets: (n) => Buffer.from(`unmet a ${"(".repeat(n)}`),
    words: (n) => Buffer.from(`unmet ${"a ".repeat(n / 2)}`),
  },
};

export const bootEntry: Target = {
  name: "GRUB's entry of a scenario",
  runs: 1500,
  make: (random) => mutated(random, scenarioMaterial()),
  run: (input) => {
    const printed = printEntry(entryOf(decode(input), FILE));
    assert.match(printed, /^pulumi-acrn entry 1\n(?:[a-z]+( [\w.?-]+)+\n)+end\n$/, "words alone, and whole");
    return printed;
  },
  texts,
  placeless: /^image\.no-service$/,
};
