import assert from "node:assert/strict";
import fc from "fast-check";
import { serialiseLedger } from "../../../../provider/core/claims/ledger";
import { resolve } from "../../../../provider/core/claims/resolve";
import type { Document, Ledger, Wish } from "../../../../provider/core/claims/types";
import {
  runningSysctlDocument,
  runningSysctlDocumentId,
  runningSysctlText,
  runningSysctlValue,
} from "../../../../provider/core/tuning/sysctl/running";

const ID = runningSysctlDocumentId("kernel.printk");
const FILE = "/proc/sys/kernel/printk";

function printk(said?: string): Document {
  const texts = new Map(said === undefined ? [] : [["proc/sys/kernel/printk", said]]);
  return runningSysctlDocument(ID, { texts }) as Document;
}

describe("sysctls that run: claims on them", () => {
  const empty: Ledger = { format: 1, sequence: 0, owners: {}, documents: {}, fields: {} };
  const step = (ledger: Ledger, said: string | undefined, urn: string, wishes?: Wish[]) => {
    const document = printk(said);
    const who = { stack: "s", kind: "K", urns: [urn] };
    const { plan, ledger: next } = resolve(new Map([[ID, document]]), ledger, { who, wishes, id: urn });
    const file = plan.files.find(({ path }) => path === FILE);
    const after = file ? runningSysctlText(file.after) : said;
    return { ledger: next, said: after, plan };
  };
  const wish = (value: string): Wish[] => [{ field: `${ID} value`, value }];

  it("of any owners, in any order: the latest wish runs, a second time changes nothing, and with the last of them what was before is back", () => {
    const aStep = fc.tuple(fc.constantFrom("a", "b", "c"), fc.option(fc.constantFrom("1", "3 1 1 7", "7 4 1 7")));
    const start = "7\t4\t1\t7";
    fc.assert(
      fc.property(fc.array(aStep, { maxLength: 8 }), (steps) => {
        let now = { ledger: empty, said: start as string | undefined };
        const wished = new Map<string, string>(); // the latest last; the same wish again is no new one
        for (const [urn, value] of steps) {
          if (wished.get(urn) !== value) wished.delete(urn);
          if (value !== null) wished.set(urn, value);
          const wishes = value === null ? undefined : wish(value);
          now = step(now.ledger, now.said, urn, wishes);
          assert.equal(runningSysctlValue(now.said as string), [...wished.values()].at(-1) ?? "7 4 1 7");
          const again = step(now.ledger, now.said, urn, wishes);
          assert.deepEqual([again.said, again.plan.edits], [now.said, []]);
          assert.equal(serialiseLedger(again.ledger), serialiseLedger(now.ledger));
        }
        for (const urn of ["a", "b", "c"]) now = step(now.ledger, now.said, urn);
        assert.equal(now.said, start);
        assert.deepEqual(now.ledger, { ...empty, sequence: now.ledger.sequence });
      }),
    );
  });

  it("where the kernel has no such sysctl it is reserved, nothing is given, and it is set when it comes", () => {
    const one = step(empty, undefined, "a", wish("1"));
    assert.deepEqual(
      [one.said, one.plan.files, one.plan.claims.map(({ what }) => what)],
      [undefined, [], ["reserves"]],
    );
    const two = step(one.ledger, "7\t4\t1\t7", "a", wish("1"));
    assert.equal(two.said, "1");
    const three = step(two.ledger, undefined, "a");
    assert.match(three.plan.left[0]?.why ?? "", /no such sysctl now: nothing to give back/);
    assert.deepEqual([three.plan.files, three.ledger.fields, three.ledger.documents], [[], {}, {}]);
  });

  it("what somebody set since stays", () => {
    const one = step(empty, "0", "a", wish("1"));
    const two = step(one.ledger, "5", "a");
    assert.equal(two.said, "5");
    assert.match(two.plan.left[0]?.why ?? "", /somebody else changed it/);
  });
});
