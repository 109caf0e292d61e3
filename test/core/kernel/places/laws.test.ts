import assert from "node:assert/strict";
import fc from "fast-check";
import type { Surface } from "../../../../provider/core/claims/types";
import { getParam, parseCmdline } from "../../../../provider/core/kernel/cmdline";
import { blsSurface } from "../../../../provider/core/kernel/places/bls";
import { extlinuxSurface } from "../../../../provider/core/kernel/places/extlinux";
import { grubDefaultSurface } from "../../../../provider/core/kernel/places/grub-default";
import { kernelCmdlineSurface } from "../../../../provider/core/kernel/places/plain";
import { LINES, lineArbitrary, wishArbitrary } from "../lines";
import { said, thereAndBack } from "./surface";

const V = "GRUB_CMDLINE_LINUX";
const grub = grubDefaultSurface(V);

/** A file of each kind around a line, or undefined where it cannot hold the line. */
const FILES: [what: string, surface: Surface, around: (line: string) => string | undefined][] = [
  [
    "grub, double quotes",
    grub,
    (line) => (/[\n$]/.test(line) ? undefined : `# x\n${V}="${line.replace(/[\\"`]/g, "\\$&")}"\nY=1\n`),
  ],
  ["grub, single quotes", grub, (line) => (/[\n'$]/.test(line) ? undefined : `X=1\n${V}='${line}'`)],
  ["grub, two assignments", grub, (line) => (/[\n'$]/.test(line) ? undefined : `${V}='${line}'\n${V}="$${V}  more"\n`)],
  [
    "BLS, GRUB",
    blsSurface("grub"),
    (line) => (/\n/.test(line) ? undefined : `linux /x\noptions ${line.trimStart()}\n`),
  ],
  [
    "BLS, systemd-boot",
    blsSurface("systemd-boot"),
    (line) => (/\n|"\s*$/.test(line) ? undefined : `options first\r\nlinux /x\r\noptions ${line.trimStart()}\r\n`),
  ],
  ["kernel cmdline", kernelCmdlineSurface, (line) => `${line}\n`],
  [
    "extlinux",
    extlinuxSurface(),
    (line) => (/\n/.test(line) || line.trim() === "-" ? undefined : `label a\n append ${line}\nlabel b\n`),
  ],
];

function check(
  surface: Surface,
  text: string,
  line: string,
  key: string,
  value: Parameters<typeof thereAndBack>[3],
): void {
  if (key !== "more") assert.deepEqual(said(surface, text, key), getParam(line, key), text);
  let both: [string, string];
  try {
    both = thereAndBack(surface, text, key, value);
  } catch (error) {
    // a place may refuse a value; where quotes would pair up otherwise it says so
    const { code = "" } = error as { code?: string };
    assert.ok(code === "cmdline.place" || (code === "cmdline.edit" && text.includes('"')), String(error));
    return;
  }
  assert.equal(both[1], text);
  assert.deepEqual(said(surface, both[0], key) ?? null, value, both[0]);
  for (const other of parseCmdline(line).params)
    if (other.key !== key && /^[\w.]+$/.test(other.key))
      assert.deepEqual(said(surface, both[0], other.key), said(surface, text, other.key));
}

describe("places: laws", () => {
  for (const [what, surface, around] of FILES) {
    it(`${what}: a parameter is set and given back byte for byte, whatever the line`, () => {
      fc.assert(
        fc.property(lineArbitrary, wishArbitrary, (line, [key, value]) => {
          const text = around(line);
          if (text !== undefined) check(surface, text, line, key, value);
        }),
        { numRuns: 400 },
      );
    });

    it(`${what}: lines of real distributions`, () => {
      let tried = 0;
      for (const line of Object.values(LINES)) {
        const text = around(line);
        if (text === undefined || parseCmdline(line).params.length === 0) continue;
        tried++;
        check(surface, text, line, "isolcpus", "nohz,domain,2-3");
        check(surface, text, line, "console", "ttyS9");
        check(surface, text, line, "quiet", null);
      }
      assert.ok(tried >= 13, String(tried));
    });

    it(`${what}: two owners commute in what the file says`, () => {
      fc.assert(
        fc.property(lineArbitrary, (line) => {
          const text = around(line);
          if (text === undefined) return;
          const set = (keys: string[]) =>
            keys.reduce((now, key) => surface.write(now, "/f", `param[${key}]`, "7"), text);
          assert.ok(surface.sameFields(set(["x1", "root"]), set(["root", "x1"]), "/f"));
        }),
      );
    });
  }
});
