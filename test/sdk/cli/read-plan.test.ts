import assert from "node:assert/strict";
import type { Draft } from "../../../provider/converge/draft";
import type { Machine } from "../../../provider/converge/machine";
import type { StackPlan } from "../../../sdk/cli/stack/plan-stack";
import { planOnRead } from "../../../sdk/cli/stack/read-plan";

/** What each plan names, one after the other, and what the reads before it asked for. */
const rows: [what: string, plans: Pick<StackPlan, "files" | "texts">[], asked: string[]][] = [
  ["nothing", [{ files: [], texts: [] }], ["/"]],
  ["a file", Array(2).fill({ files: ["/a"], texts: [] }), ["/", "/a/"]],
  ["a text", Array(2).fill({ files: [], texts: ["proc/x"] }), ["/", "/proc/x"]],
  [
    "a text that only what it read leads to",
    [{ files: ["/a"], texts: [] }, ...Array(2).fill({ files: ["/a"], texts: ["proc/x"] })],
    ["/", "/a/", "/a/proc/x"],
  ],
];

describe("cli: a plan on a read that has all that it names", () => {
  for (const [what, plans, asked] of rows)
    it(`which is ${what}`, async () => {
      const seen: string[] = [];
      const draft = async (files: readonly string[], texts: readonly string[]) => {
        seen.push(`${files}/${texts}`);
        return {} as Draft;
      };
      const left = [...plans];
      const { stack } = await planOnRead({ draft } as unknown as Machine, () => left.shift() as StackPlan);
      assert.deepEqual([seen, stack, left], [asked, plans.at(-1), []]);
    });
});
