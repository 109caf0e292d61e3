import assert from "node:assert/strict";
import { AcrnError } from "../../provider/core/errors";
import { requestLines } from "../../provider/host/request";

describe("read request", () => {
  it("becomes lines", () => {
    const request = {
      board: "/b.xml",
      record: "/r/s.xml",
      scripts: ["/opt/*.sh", "/*/x", "/a/b.sh"],
      files: ["/etc//x"],
    };
    assert.equal(requestLines(request), "f /b.xml\nr /r/s.xml\nf /etc/x\ng /opt//*.sh\ng //*/x\nf /a/b.sh\ngo\n");
    assert.equal(requestLines({ scripts: [], files: [] }, "me\nf /x"), "o me f /x\ngo\n");
    assert.equal(requestLines({ scripts: [], files: [] }, "me", "b 1 2"), "o me\nk b 1 2\ngo\n");
  });

  for (const path of ["", "x", "/", "//", "/a\nf /etc/shadow", "/a ", "/a/", "/a\0"])
    it(`refuses ${JSON.stringify(path)}`, () => {
      for (const request of [
        { scripts: [path], files: [] },
        { scripts: [], files: [path] },
      ])
        assert.throws(
          () => requestLines(request),
          (error) => error instanceof AcrnError && error.code === "path.bad",
        );
    });
});
