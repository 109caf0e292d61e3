import assert from "node:assert/strict";
import { explainProfile } from "../../../provider/core/tuning/explain";
import { explained } from "../../../provider/core/tuning/explained";
import { DEFAULT_PROFILE, PROFILES } from "../../../provider/core/tuning/profiles/catalog";
import { cli, folderHost } from "./support";

type Data = Pick<ReturnType<typeof explained>, "base" | "entries" | "offered" | "differences" | "costs">;

describe("sdk/cli inspect --profile", () => {
  for (const { name } of PROFILES)
    it(`${name}: everything that it sets, with reasons and sources, and no machine is asked`, async () => {
      const { status, out, err } = await cli(["inspect", "--profile", name]);
      assert.deepEqual([status, err], [0, ""]);
      assert.equal(out, `${explainProfile(name).join("\n")}\n`);
      for (const { reason, source } of explained(name).entries) assert.ok(out.includes(reason) && out.includes(source));
    });

  for (const { name } of PROFILES)
    it(`${name}: --json has what the text has`, async () => {
      const { status, out } = await cli(["inspect", "--profile", name, "--json"]);
      assert.equal(status, 0);
      const data: Data = JSON.parse(out);
      const { base, differences, entries, costs, placeholders, offered } = explained(name);
      assert.deepEqual(data, {
        profile: name,
        summary: explained(name).summary,
        base: base ?? null,
        differences,
        entries: entries.map((entry) => ({ ...entry, tip: entry.tip ?? null, ifThere: entry.ifThere ?? null })),
        costs,
        placeholders,
        offered: offered.map((offer) => ({ ...offer, tip: offer.tip ?? null })),
      });
    });

  for (const { name } of PROFILES)
    it(`${name}: the text has what --json has`, async () => {
      const { entries, offered, differences, costs }: Data = explained(name);
      const lines = (await cli(["inspect", "--profile", name])).out.split("\n").map((line) => line.trim());
      assert.ok(entries.length > 0 && offered.length > 0);
      for (const { key, value, reason, source, tip } of [...entries, ...offered]) {
        const because = `${tip ? `${tip}: ` : ""}${reason}`;
        const found = lines.some((line, at) => {
          const says = line.startsWith(key) && (value === true || line.includes(value));
          return says && lines[at + 1] === because && lines[at + 2] === `[${source}]`;
        });
        assert.ok(found, key);
      }
      for (const line of [...differences, ...costs]) assert.ok(lines.includes(line), line);
    });

  it("without a name it is the default, and says from which profile each setting comes", async () => {
    const asked = await cli(["inspect", "--profile"]);
    assert.deepEqual(asked, await cli(["inspect", "--profile", DEFAULT_PROFILE]));
    const { entries, base }: Data = JSON.parse((await cli(["inspect", "--profile", "xenomai", "--json"])).out);
    assert.equal(base, "acrn-tips");
    assert.deepEqual([...new Set(entries.map(({ from }) => from))], ["profile acrn-tips", "profile xenomai"]);
  });

  const root = folderHost();
  const wrong: [what: string, argv: string[], words: RegExp][] = [
    [
      "a profile that there is not",
      ["--profile", "acrn-tip"],
      /^error: --profile: there is no profile "acrn-tip"\nChoose one of acrn-tips, acrn-tips\+rt, xenomai\. .*\[options\]$/m,
    ],
    ["a name of every object", ["--profile", "constructor"], /there is no profile "constructor"/],
    ["a machine besides", [root, "--profile", "xenomai"], /TARGET \(.*\) makes no sense with --profile/],
    ["a way to a machine", ["--profile", "--ssh-config", "x"], /^error: --ssh-config makes no sense with --profile/m],
    ["neither", ["--json"], /missing required argument 'target'\n\(pulumi-acrn help COMMAND says more\)/],
  ];
  for (const [what, argv, words] of wrong)
    it(`refuses ${what}`, async () => {
      const { status, err } = await cli(["inspect", ...argv]);
      assert.equal(status, 1);
      assert.match(err, words);
    });
});
