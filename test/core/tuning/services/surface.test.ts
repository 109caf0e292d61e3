import assert from "node:assert/strict";
import { resolve } from "../../../../provider/core/claims/resolve";
import type { Ledger } from "../../../../provider/core/claims/types";
import {
  MASK,
  maskId,
  pathOfUnit,
  unitDocument,
  unitId,
  unitOfId,
} from "../../../../provider/core/tuning/services/surface";

describe("a mask under claims", () => {
  const empty: Ledger = { format: 1, sequence: 0, owners: {}, documents: {}, fields: {} };
  const who = { stack: "dev", urns: ["urn:a"], kind: "GuestKernelTuning" };
  const at = (text: string | undefined) => new Map([[unitId("x.service"), unitDocument("x.service", text)]]);
  const wishes = [{ field: maskId("x.service"), value: MASK }];

  for (const start of [undefined, "[Service]\nExecStart=/x\n", ""])
    it(`comes and goes, and leaves ${JSON.stringify(start)} behind`, () => {
      const on = resolve(at(start), empty, { who, id: "a", wishes });
      const file = on.plan.files[0];
      if (start === "") assert.equal(file, undefined, "masked already: only claimed");
      else assert.deepEqual([file?.path, file?.before, file?.after], ["/etc/systemd/system/x.service", start, ""]);
      const again = resolve(at(""), on.ledger, { who, id: "a", wishes });
      assert.deepEqual([again.plan.files, again.plan.edits], [[], []], "apply, then plan again is empty");
      const off = resolve(at(""), on.ledger, { who, id: "a", wishes: undefined });
      assert.equal(start === "" ? off.plan.files.length : off.plan.files[0]?.after, start === "" ? 0 : start);
      assert.deepEqual(off.ledger.fields, {});
    });

  it("somebody who writes a unit there keeps it", () => {
    const on = resolve(at(undefined), empty, { who, id: "a", wishes });
    const off = resolve(at("[Service]\n"), on.ledger, { who, id: "a", wishes: undefined });
    assert.deepEqual(off.plan.files, []);
    assert.equal(off.plan.left.length, 1);
  });

  it("its id tells the unit and its file, and no id of another kind does", () => {
    assert.equal(unitOfId(unitId("getty@tty1.service")), "getty@tty1.service");
    assert.equal(pathOfUnit(unitId("x.socket")), "/etc/systemd/system/x.socket");
    for (const id of ["unit[..]", "unit[../x.service]", "unit[x]", "file[/x.service]", "unit[x.service] file"])
      assert.deepEqual([unitOfId(id), pathOfUnit(id)], [undefined, undefined], id);
  });

  it("is shown as what it is", () => {
    const { surface } = unitDocument("x.service", undefined);
    assert.deepEqual(
      [surface.show(""), surface.show("a\nb"), surface.show(null)],
      ["masked", "a unit of 2 lines", "(absent)"],
    );
    assert.ok(
      surface.takes("file", "", "") &&
        surface.takes("file", null) &&
        !surface.takes("file", "", "x") &&
        !surface.takes("file", 1),
    );
  });
});
