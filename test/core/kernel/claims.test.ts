// biome-ignore-all lint/suspicious/noTemplateCurlyInString: these are shell scripts
import assert from "node:assert/strict";
import fc from "fast-check";
import { parseLedger, serialiseLedger } from "../../../provider/core/claims/ledger";
import { resolve } from "../../../provider/core/claims/resolve";
import type { Document, Surface } from "../../../provider/core/claims/types";
import { blsSurface } from "../../../provider/core/kernel/places/bls";
import { extlinuxSurface } from "../../../provider/core/kernel/places/extlinux";
import { grubDefaultSurface } from "../../../provider/core/kernel/places/grub-default";
import { kernelCmdlineSurface } from "../../../provider/core/kernel/places/plain";
import { isEmpty } from "../../../provider/core/plan/types";
import { wishArbitrary } from "./lines";

const V = "GRUB_CMDLINE_LINUX_DEFAULT";
const FILES: [what: string, surface: Surface, text: string | undefined][] = [
  ["grub", grubDefaultSurface(V), `# x\n${V}="quiet  isolcpus=9 console=a root=/dev/x"\n`],
  ["grub without quotes", grubDefaultSurface(V), `${V}=quiet\n`],
  ["grub without the variable", grubDefaultSurface(V), "GRUB_DEFAULT=0\n"],
  ["grub of two assignments", grubDefaultSurface(V), `${V}='console=a  a=1'\n${V}="$${V} console=b "\n`],
  ["no file", grubDefaultSurface(V), undefined],
  ["BLS", blsSurface("grub"), "linux /x\noptions root=x $kernelopts   console=a\r\n"],
  ["BLS without options", blsSurface("systemd-boot"), "linux /x"],
  ["extlinux", extlinuxSurface(), "default a\nlabel a\n  linux /x\n  APPEND console=a a=1 \nlabel b\n"],
  ["extlinux without append", extlinuxSurface(), "label a\n  linux /x\nlabel b\n"],
  ["kernel cmdline", kernelCmdlineSurface, "root=x  console=a console=b\n"],
];

/** A machine of one file, whose ledger goes through its text. */
class Machine {
  ledger: string | undefined;
  constructor(
    readonly surface: Surface,
    public text: string | undefined,
  ) {}

  claim(urn: string, wishes: readonly (readonly [string, Parameters<Surface["show"]>[0]])[] | undefined): boolean {
    const document: Document = { id: "line", path: "/f", surface: this.surface, live: this.text, blank: "" };
    const list = wishes?.map(([key, value]) => ({ field: `line param[${key}]`, value }));
    const who = { stack: "s", kind: "GuestKernelTuning", urns: [urn] };
    const { plan, ledger } = resolve(new Map([["line", document]]), parseLedger(this.ledger), {
      who,
      wishes: list,
      id: urn,
    });
    for (const file of plan.files) this.text = file.after;
    this.ledger = serialiseLedger(ledger);
    return isEmpty(plan);
  }
}

/** Values without blanks, which GRUB cannot hand on. */
const wishes = fc
  .uniqueArray(wishArbitrary, { selector: ([key]) => key, maxLength: 4 })
  .map((list) => list.filter(([, value]) => value !== "a b"));

describe("kernel parameters as claims", () => {
  for (const [what, surface, text] of FILES)
    it(`${what}: planned again there is nothing to do, and when all owners have gone, in any order, the file is what it was`, () => {
      fc.assert(
        fc.property(
          wishes,
          wishes,
          wishes,
          fc.shuffledSubarray(["a", "b"], { minLength: 2 }),
          (one, again, other, order) => {
            const machine = new Machine(surface, text);
            for (const [urn, list] of [
              ["a", one],
              ["b", other],
              ["a", again],
            ] as const) {
              machine.claim(urn, list);
              assert.ok(machine.claim(urn, list), machine.text);
            }
            for (const urn of order) machine.claim(urn, undefined);
            assert.equal(machine.text, text);
            assert.equal(machine.ledger, undefined);
          },
        ),
        { numRuns: 60 },
      );
    });
});
