import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { evidenceOf } from "../../../../provider/core/acrn/evidence";
import { bootedOwn } from "../../../../provider/core/acrn/image/booted";
import { printManifest } from "../../../../provider/core/acrn/image/manifest";
import type { FileState, Snapshot } from "../../../../provider/core/snapshot";

const ID = "0123456789abcdef";
const SCENARIO = "<acrn-config><hv/></acrn-config>";
const sha256 = (text: string) => createHash("sha256").update(text).digest("hex");
const some = { sha256: "0".repeat(64), size: 1 };

const manifest = (scenario = SCENARIO, id = ID) =>
  printManifest({
    format: 1,
    id,
    files: {
      "acrn.bin": some,
      "board.xml": some,
      entry: some,
      "scenario.xml": { sha256: sha256(scenario), size: scenario.length },
    },
    recipe: "make",
    source: "git v3.3",
    seconds: 1,
  });

function machine(cmdline: string, files: Record<string, string>): Snapshot {
  const state = (path: string, text: string): FileState => ({
    path,
    kind: "file",
    bytes: Buffer.from(text),
    sha256: sha256(text),
  });
  return {
    identity: {},
    kind: "live",
    files: new Map(Object.entries(files).map(([path, text]) => [path, state(path, text)])),
    texts: new Map([["proc/cmdline", cmdline]]),
    commands: new Set(),
    warnings: [],
  };
}

const at = (name: string) => `/var/lib/pulumi-acrn/images/${ID}/${name}`;
const MARK = `root=/dev/sda2 pulumi_acrn_image=${ID} quiet`;

describe("an image of ours that was booted", () => {
  const rows: [what: string, snapshot: Snapshot, known: boolean | undefined][] = [
    ["no mark", machine("quiet", { [at("scenario.xml")]: SCENARIO, [at("image.json")]: manifest() }), undefined],
    ["a mark that is no id", machine("pulumi_acrn_image=next", {}), undefined],
    ["as staged", machine(MARK, { [at("scenario.xml")]: SCENARIO, [at("image.json")]: manifest() }), true],
    ["its folder is gone", machine(MARK, {}), false],
    ["no record", machine(MARK, { [at("scenario.xml")]: SCENARIO }), false],
    [
      "another scenario",
      machine(MARK, { [at("scenario.xml")]: `${SCENARIO}\n`, [at("image.json")]: manifest() }),
      false,
    ],
    [
      "another image's record",
      machine(MARK, { [at("scenario.xml")]: SCENARIO, [at("image.json")]: manifest(SCENARIO, "f".repeat(16)) }),
      false,
    ],
    [
      "a record that is cut",
      machine(MARK, { [at("scenario.xml")]: SCENARIO, [at("image.json")]: manifest().slice(0, 40) }),
      false,
    ],
  ];
  for (const [what, snapshot, known] of rows)
    it(what, () => {
      const booted = bootedOwn(snapshot);
      assert.equal(booted?.known, known);
      const { built } = evidenceOf(snapshot);
      assert.equal(built.known, known ?? false);
      if (built.known) assert.equal(built.scenario, SCENARIO);
      else assert.equal(/image 0123456789abcdef was booted/.test(built.why), known === false, built.why);
    });
});
