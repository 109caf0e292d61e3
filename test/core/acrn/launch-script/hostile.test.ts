import assert from "node:assert/strict";
import { fileDocument } from "../../../../provider/core/acrn/file-document";
import { readLaunchScript } from "../../../../provider/core/acrn/launch-script";
import { launchArguments } from "../../../../provider/core/acrn/launch-script/arguments";
import { launchSurface } from "../../../../provider/core/acrn/launch-script/surface";
import { AcrnError } from "../../../../provider/core/errors";
import type { Snapshot } from "../../../../provider/core/snapshot";

const FILE = "/root/x.sh";
const CALL = "acrn-dm -m 1G --rtvm RT\n";

/** `edited`: the memory can be changed there, and this is what it is then; undefined: refused with a line. */
const ROWS: [what: string, text: string, edited: string | undefined][] = [
  ["nothing", "", undefined],
  ["a quote that is not closed, before", `echo "ready\n${CALL}`, undefined],
  ["a quote that is not closed, behind", `${CALL}echo "bye\n`, CALL.replace("1G", "2G").concat('echo "bye\n')],
  // it may be a shift in an expression (tokens.ts), and bash ends it with the file
  ["a here-document without end", `: $((1<<EOF))\n${CALL}`, `: $((1<<EOF))\n${CALL.replace("1G", "2G")}`],
  ["the call in a here-document", `cat <<EOF\n${CALL}EOF\n`, undefined],
  ["a here-document behind the call", `${CALL}cat <<EOF\nx\nEOF\n`, `${CALL.replace("1G", "2G")}cat <<EOF\nx\nEOF\n`],
  ["a substitution that is not closed", `x=$(date\n${CALL}`, undefined],
  ["a NUL", `# \0\n${CALL}`, undefined],
  ["a line of 1 MB", `# ${"x".repeat(1 << 20)}\n${CALL}`, undefined],
  ["a line of 100 KB", `# ${"x".repeat(100_000)}\n${CALL}`, `# ${"x".repeat(100_000)}\n${CALL.replace("1G", "2G")}`],
  [
    "a value of 100 KB",
    `acrn-dm -B '${"x".repeat(100_000)}' -m 1G RT\n`,
    `acrn-dm -B '${"x".repeat(100_000)}' -m 2G RT\n`,
  ],
  ["substitutions without end", `${"$(".repeat(5000)}\n${CALL}`, undefined],
  ["as many calls as are read", CALL.repeat(16), CALL.replace("1G", "2G").repeat(16)],
  ["one more: it would be left as it is", CALL.repeat(17), undefined],
  ["calls without end", CALL.repeat(5000), undefined],
  ["a variable of itself", `m=$m\nacrn-dm -m $m RT\n`, undefined],
  ["two variables of each other", `a=$b\nb=$a\nacrn-dm -m $a RT\n`, undefined],
  ["no line end at the end", CALL.trimEnd(), CALL.trimEnd().replace("1G", "2G")],
  ["letters of all scripts", `# grüße 日本 😀\n${CALL}`, `# grüße 日本 😀\n${CALL.replace("1G", "2G")}`],
];

describe("launch scripts that nobody should have written", () => {
  for (const [what, text, edited] of ROWS)
    it(`${what}: ${edited === undefined ? "refused, with a line" : "edited where it stands, and given back"}`, () => {
      const { refusal } = launchArguments(text, FILE);
      readLaunchScript(FILE, text);
      const before = launchSurface.read(text, FILE, "arg[-m]");
      if (edited === undefined) {
        assert.equal(before.kind, "no-place");
        assert.match(before.kind === "no-place" ? before.why : "", /^line \d+: \S/);
        assert.throws(
          () => launchSurface.write(text, FILE, "arg[-m]", "2G"),
          (error) => error instanceof AcrnError && error.code === "launch.computed" && (error.where?.line ?? 0) > 0,
        );
        assert.equal(launchSurface.restore(text, FILE, "arg[-m]", undefined), text, "nothing to give back there");
        return;
      }
      assert.equal(refusal, undefined);
      const written = launchSurface.write(text, FILE, "arg[-m]", "2G");
      assert.ok(written === edited, "the memory alone");
      const raw = before.kind === "value" ? before.raw : undefined;
      assert.ok(launchSurface.restore(written, FILE, "arg[-m]", raw) === text, "every byte is back");
    });

  it("CRLF: bash hands the CR on with the word, so the mend is said", () => {
    const found = launchSurface.read(CALL.replaceAll("\n", "\r\n"), FILE, "arg[-m]");
    assert.equal(found.kind, "no-place");
    assert.match(
      found.kind === "no-place" ? found.why : "",
      /line 1: it ends with a carriage return.*Windows line ends/,
    );
  });

  it("Latin-1: no text of ours, said with file, line and what to do", () => {
    const bytes = Buffer.from(`# gr\xfc\xdfe\n${CALL}`, "latin1");
    const files: Snapshot["files"] = new Map([[FILE, { path: FILE, kind: "file", bytes }]]);
    const empty = { identity: {}, kind: "live", texts: new Map(), commands: new Set(), warnings: [] } as const;
    assert.throws(
      () => fileDocument(FILE, { ...empty, files, commands: new Set<string>(), warnings: [] }),
      (error) =>
        error instanceof AcrnError &&
        error.code === "text.utf8" &&
        error.where?.line === 1 &&
        /iconv -f ISO-8859-1/.test(error.hint ?? ""),
    );
  });
});
