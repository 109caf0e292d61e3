import assert from "node:assert/strict";
import fc from "fast-check";
import type { Surface } from "../../../provider/core/claims/types";
import { AcrnError } from "../../../provider/core/errors";
import { heightsOf, linesOf } from "../../../provider/core/kernel/heights";
import { EVIDENCE_PATHS, findBootPlace } from "../../../provider/core/kernel/loader";
import { blsSurface } from "../../../provider/core/kernel/places/bls";
import { extlinuxSurface } from "../../../provider/core/kernel/places/extlinux";
import { grubDefaultSurface } from "../../../provider/core/kernel/places/grub-default";
import { kernelCmdlineSurface } from "../../../provider/core/kernel/places/plain";
import { trialOf, withoutTrial, withTrial } from "../../../provider/core/kernel/trial";
import { debian, EXTLINUX, grubCfg, machine, rhel, systemdBoot } from "./machines";

const SEEDS = Object.values({ ...debian(), ...rhel(), ...systemdBoot(), x: EXTLINUX, y: grubCfg("a b") });
const token = fc.constantFrom(
  ..."GRUB_CMDLINE_LINUX= GRUB_CMDLINE_LINUX+= $GRUB_CMDLINE_LINUX \" ' \\ \n ` $( ) { } # -- options append label default isolcpus=1 = blscfg menuentry linux".split(
    " ",
  ),
  "\n",
  " ",
  "\0",
);

/** Files of machines with pieces cut out and put in. */
const text = fc
  .tuple(
    fc.constantFrom(...SEEDS, ""),
    fc.array(fc.tuple(fc.nat(3000), fc.nat(40), fc.oneof(token, fc.string())), { maxLength: 5 }),
  )
  .map(([seed, edits]) => edits.reduce((now, [at, cut, put]) => now.slice(0, at) + put + now.slice(at + cut), seed));

const SURFACES: [string, Surface][] = [
  ["grub", grubDefaultSurface("GRUB_CMDLINE_LINUX")],
  ["BLS, GRUB", blsSurface("grub")],
  ["BLS, systemd-boot", blsSurface("systemd-boot")],
  ["extlinux", extlinuxSurface()],
  ["kernel cmdline", kernelCmdlineSurface],
];

describe("kernel: foreign texts", () => {
  for (const [what, surface] of SURFACES)
    it(`${what}: what cannot be told is said, and what is written says what was meant`, () => {
      fc.assert(
        fc.property(text, (now) => {
          const before = surface.read(now, "/f", "param[isolcpus]");
          try {
            const next = surface.write(now, "/f", "param[isolcpus]", "2-3");
            const after = surface.read(next, "/f", "param[isolcpus]");
            assert.equal(after.kind === "value" && after.value, "2-3");
            const back = surface.restore(
              next,
              "/f",
              "param[isolcpus]",
              before.kind === "value" ? before.raw : undefined,
            );
            assert.ok(surface.sameFields(back, now, "/f"), back);
          } catch (error) {
            assert.ok(error instanceof AcrnError, String(error));
            assert.match(error.code, /^cmdline\./);
          }
        }),
        { numRuns: 400 },
      );
    });

  it("a machine of any files has one place, or a reason why not", () => {
    const path = fc.constantFrom(...EVIDENCE_PATHS.map((each) => each.replace("*", "x")));
    fc.assert(
      fc.property(
        fc.array(fc.tuple(path, text), { maxLength: 6 }),
        fc.boolean(),
        fc.option(fc.string()),
        (files, efi, running) => {
          const evidence = machine(Object.fromEntries(files), { efi, ...(running === null ? {} : { running }) });
          const found = findBootPlace(evidence);
          if (found.known) heightsOf({ isolcpus: "1", console: ["a", "b"] }, linesOf(evidence, found));
          else assert.ok(found.why.length > 0 && found.hint.length > 0);
        },
      ),
      { numRuns: 500 },
    );
  });

  it("custom.cfg comes back whatever it holds", () => {
    fc.assert(
      fc.property(text, (now) => {
        fc.pre(trialOf(now) === undefined && now !== "");
        assert.equal(withoutTrial(withTrial(now, "menuentry x {\n}\n")), now);
      }),
    );
  });

  it("files and lines beyond all measure are refused", () => {
    const [, grub] = SURFACES[0] as [string, Surface];
    const why = (made: string) => {
      const reading = grub.read(made, "/f", "param[a]");
      return reading.kind === "no-place" ? reading.why : reading.kind;
    };
    assert.match(why("#".repeat(300_000)), /no configuration/);
    assert.match(why(`GRUB_CMDLINE_LINUX="${"a ".repeat(9_000)}"`), /longer than any kernel takes/);
  });
});
