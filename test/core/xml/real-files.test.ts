import assert from "node:assert/strict";
import { applyEdits } from "../../../provider/core/text/edits";
import {
  find,
  flatten,
  insertChild,
  pathOf,
  rawOf,
  removeElement,
  replaceElement,
  restoreRemoved,
  sameFields,
  setText,
  trimSpace,
  type XmlDoc,
  type XmlElement,
  type XmlSpec,
  type XmlWhere,
} from "../../../provider/core/xml";
import { optional } from "../../support/needs";
import { address, all, apply, byAddress, DATA, hasData, parse, readReal, realFiles } from "./support";

const POLICY: XmlSpec = {
  name: "N",
  children: [
    { name: "VM", text: "RT <1>" },
    { name: "VCPU", text: "0" },
  ],
};

/** The same few elements in every run, spread over the file. */
function sample(elements: XmlElement[], count: number): XmlElement[] {
  const wanted = elements.length > 1000 ? 2 : count;
  const step = Math.max(1, Math.floor(elements.length / wanted));
  return elements.filter((_, index) => index % step === 0).slice(0, wanted + 1);
}

function roundTrip(doc: XmlDoc, there: (doc: XmlDoc) => XmlDoc, back: (doc: XmlDoc) => string): XmlDoc {
  const next = there(doc);
  assert.notEqual(next.text, doc.text);
  assert.equal(back(next), doc.text);
  return next;
}

const checks: Record<string, (doc: XmlDoc) => void> = {
  "setText changes one field, and back": (doc) => {
    const leaves = all(doc).filter((each) => each.children.length === 0 && trimSpace(each.value) !== "");
    for (const leaf of sample(leaves, 6)) {
      const again = (next: XmlDoc) => byAddress(next, address(leaf));
      const next = roundTrip(
        doc,
        () => apply(doc, setText(doc, leaf, "<new> & 1")),
        (now) => applyEdits(now.text, setText(now, again(now), trimSpace(leaf.value))),
      );
      const [old, now] = [flatten(doc), flatten(next)];
      assert.deepEqual(
        [...now].filter(([path, value]) => old.get(path) !== value),
        [[pathOf(leaf), "<new> & 1"]],
      );
      assert.deepEqual([...now.keys()], [...old.keys()]);
    }
  },

  "insertChild adds lines, and back": (doc) => {
    const parents = all(doc).filter((each) => each.children.length > 0);
    for (const parent of sample(parents, 4)) {
      const first = parent.children[0] as XmlElement;
      for (const where of ["last", { before: first }, { after: first }] satisfies XmlWhere[]) {
        const index = where === "last" ? parent.children.length : "before" in where ? 0 : 1;
        const next = roundTrip(
          doc,
          () => apply(doc, insertChild(doc, parent, POLICY, where)),
          (now) => applyEdits(now.text, removeElement(now, byAddress(now, [...address(parent), index])).edits),
        );
        // Every line of the file is still there, in order, with four lines between.
        const lines = doc.text.split("\n");
        const now = next.text.split("\n");
        if (doc.text.slice(parent.start, first.start).includes("\n")) assert.equal(now.length, lines.length + 4);
      }
    }
  },

  "removeElement and restoreRemoved": (doc) => {
    for (const element of sample(all(doc).slice(1), 6)) {
      const { edits, removed } = removeElement(doc, element);
      const up = address(element.parent as XmlElement);
      roundTrip(
        doc,
        () => apply(doc, edits),
        (now) => applyEdits(now.text, restoreRemoved(now, byAddress(now, up), removed)),
      );
    }
  },

  "replaceElement and back": (doc) => {
    for (const element of sample(all(doc), 4)) {
      roundTrip(
        doc,
        () => apply(doc, replaceElement(doc, element, POLICY)),
        (now) => applyEdits(now.text, replaceElement(now, byAddress(now, address(element)), rawOf(doc, element))),
      );
    }
  },

  "flatten names each leaf once, and find finds it": (doc) => {
    const leaves = all(doc).filter((each) => each.children.length === 0);
    const flat = flatten(doc);
    const paths = [...flat.keys()].filter((path) => !/(^|\/)(@[^/]*|text\(\))$/.test(path));
    assert.equal(paths.length, leaves.length);
    for (const leaf of sample(leaves, 40)) {
      assert.equal(find(doc.root, pathOf(leaf)), leaf);
      assert.equal(flat.get(pathOf(leaf)), trimSpace(leaf.value));
    }
  },
};

describe("XML edits over ACRN's own files", () => {
  if (!hasData)
    for (const title of Object.keys(checks))
      it(`${title} (needs ${DATA})`, function () {
        optional(this, false, `no ${DATA}`);
      });
  for (const name of realFiles())
    describe(name, () => {
      const text = readReal(name);
      const doc = parse(text);
      const crlf = parse(text.replaceAll("\n", "\r\n"));
      for (const [title, check] of Object.entries(checks)) {
        it(title, () => check(doc));
        it(`${title}, with CRLF`, () => check(crlf));
      }
      it("says the same with other line ends", () => assert(sameFields(doc, crlf)));
    });
});
