import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { explained } from "../../provider/core/tuning/explained";
import { PROFILES } from "../../provider/core/tuning/profiles/catalog";
import { withGenerated } from "../../tools/docs/markdown";
import { TUNING_PAGE, tuningPage } from "../../tools/docs/tuning";

const MARKS = { from: "<!-- a -->", to: "<!-- b -->" };

describe("docs/guest-kernel-tuning.md", () => {
  it("says what the profiles say", () =>
    assert.equal(readFileSync(TUNING_PAGE, "utf8"), tuningPage(), "run `npm run docs:tuning`"));

  for (const { name } of PROFILES)
    it(`${name}: each key has a row with its value, reason and source, and so has what is offered`, () => {
      const rows = readFileSync(TUNING_PAGE, "utf8").split("\n");
      const { entries, offered, differences, costs } = explained(name);
      for (const { key, value, reason, source, tip } of [...entries, ...offered]) {
        const cells = [`\`${key}\``, value === true ? "(no value)" : `\`${value}\``, tip ?? "", reason, source];
        assert.ok(
          rows.some((row) => cells.every((cell) => row.includes(cell))),
          `${key}: run \`npm run docs:tuning\``,
        );
      }
      for (const line of [...differences, ...costs]) assert.ok(rows.includes(`- ${line}`), line);
    });

  it("what is written by hand stays, and a page without marks is refused", () => {
    const page = "# x\n\n<!-- a -->\n\nold\n\n<!-- b -->\n\nmore\n";
    assert.equal(withGenerated(page, MARKS, "new"), page.replace("old", "new"));
    assert.throws(() => withGenerated("<!-- b -->\n<!-- a -->", MARKS, "new"), /no <!-- a --> \.\.\. <!-- b -->/);
  });
});
