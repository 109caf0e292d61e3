import assert from "node:assert/strict";
import fc from "fast-check";
import type { GuestOsSpec } from "../../examples/lab/lab";
import { MemoryGuest, type MemoryGuestOptions, withGuest } from "../support/memory-guest";

/** The command line of the tips page, word for word and in its order, with its example's CPU 1. */
const SEED =
  "isolcpus=nohz,domain,1 idle=poll rcu_nocbs=1 rcu_nocb_poll mce=off processor.max_cstate=0 intel_idle.max_cstate=0 intel_pstate=disable";

type Row = [what: string, spec: GuestOsSpec, options: MemoryGuestOptions & { tried: boolean; line: string }];

const LAYOUTS: Row[] = [
  ["debian", { layout: "debian" }, { tried: true, line: "/etc/default/grub" }],
  ["ubuntu", { layout: "ubuntu" }, { tried: true, line: "/etc/default/grub.d/50-cloudimg-settings.cfg" }],
  ["a real-time VM", { layout: "debian" }, { tried: true, line: "/etc/default/grub", vm: "RT" }],
  ["rhel 9", { layout: "rhel" }, { tried: true, line: "/boot/loader/entries/" }],
  ["yocto, systemd-boot", { layout: "yocto" }, { tried: false, line: "/boot/loader/entries/boot.conf" }],
  [
    "yocto, extlinux, sysvinit",
    { layout: "yocto", loader: "extlinux", init: "sysvinit" },
    { tried: false, line: "/boot/extlinux/extlinux.conf" },
  ],
  ["a folder of debian", { layout: "debian" }, { tried: false, line: "/etc/default/grub", folder: true }],
  ["a folder of rhel", { layout: "rhel" }, { tried: false, line: "/boot/loader/entries/", folder: true }],
];

/** A folder runs none. */
const lineOf = (guest: MemoryGuest): string => (guest.has("/proc/cmdline") ? guest.line : "");

describe("GuestKernelTuning: laws", function () {
  this.timeout(120_000);

  for (const [what, spec, options] of LAYOUTS)
    it(
      `${what}: nothing is left to do after an up, twice is once, and a destroy gives every byte back`,
      withGuest(
        spec,
        (guest) => {
          const args = { rtCpus: "1", ...(options.tried || options.folder ? {} : { trial: false }) };
          const [before, old] = [guest.image(), lineOf(guest)];
          const { outputs } = guest.up(args);
          assert.equal(outputs.kernelLine, SEED);
          assert.deepEqual(guest.plan(args).lines, []);
          const [once, ran] = [guest.image(), guest.ran.length];
          guest.up(args);
          assert.deepEqual(guest.changedSince(once), []);
          assert.equal(guest.ran.length, ran);
          if (options.tried) guest.activate();
          assert.deepEqual(guest.plan(args).lines, [], "after it was tried");
          const written = guest.changedSince(before).filter((path) => path.startsWith(options.line));
          assert.ok(
            written.length === 1 && guest.read(written[0] as string).includes(SEED),
            `${written} of ${guest.changedSince(before)}`,
          );
          if (!options.folder) guest.boot();
          assert.ok(options.folder || guest.line.includes(SEED));
          assert.ok(!lineOf(guest).includes("pulumi_acrn_trial"));
          guest.withdraw();
          assert.deepEqual(guest.changedSince(before), []);
          if (!options.folder) guest.boot();
          assert.equal(lineOf(guest), old);
        },
        options,
      ),
    );

  it("any changes of profile, lists and overrides, tried, booted or neither: nothing left to do behind each, and every byte back", () => {
    const of = <T>(values: Record<string, fc.Arbitrary<T>>) => fc.record(values, { requiredKeys: [] });
    const args = fc.record({
      rtCpus: fc.constantFrom("1", "1-3", "2,3"),
      profile: fc.constantFrom("acrn-tips", "acrn-tips+rt", "xenomai"),
      kernelArgs: of<string | boolean | null>({
        quiet: fc.constantFrom(null, false),
        mce: fc.constantFrom("ignore_ce", null, false),
        idle: fc.constantFrom("poll", "halt", false),
        audit: fc.constantFrom("0", "1"),
      }),
      sysctls: of<string | number | boolean>({
        "vm.stat_interval": fc.constantFrom(10, 5, false),
        "vm.swappiness": fc.constant("10"),
      }),
      services: of<string | boolean>({ "rsyslog.service": fc.constantFrom("masked", false) }),
    });
    const then = fc.constantFrom("activate", "boot", "nothing");
    const steps = fc.array(fc.tuple(args, then), { minLength: 1, maxLength: 3 });
    let tried = 0;
    fc.assert(
      fc.property(fc.constantFrom("debian" as const, "ubuntu" as const), steps, (layout, each) => {
        const guest = new MemoryGuest({ layout });
        try {
          const before = guest.image();
          for (const [wishes, next] of each) {
            const { outputs } = guest.up(wishes);
            assert.deepEqual(guest.plan(wishes).lines, []);
            if (next === "boot") guest.boot();
            if (next === "activate" && outputs.trialEntry !== undefined) {
              tried++;
              guest.activate();
            }
            assert.deepEqual(guest.plan(wishes).lines, [], next);
          }
          guest.withdraw();
          assert.deepEqual(guest.changedSince(before), []);
        } finally {
          guest.remove();
        }
      }),
      { numRuns: 15 },
    );
    assert.ok(tried > 0, "nothing was ever tried");
  });

  it(
    "two owners of different keys, in any order of coming and going",
    withGuest({ layout: "debian" }, (guest) => {
      const one = { rtCpus: "1", trial: false };
      const none = { name: "mine", entries: [] };
      const two = {
        rtCpus: "1",
        trial: false,
        profile: none,
        kernelArgs: { audit: "0" },
        sysctls: { "vm.swappiness": 10 },
      };
      const before = guest.image();
      const lines = (["one", "two"] as const).map((first) => {
        const [a, b] = first === "one" ? (["urn:one", "urn:two"] as const) : (["urn:two", "urn:one"] as const);
        for (const urn of [a, b]) guest.up(urn === "urn:one" ? one : two, urn);
        assert.deepEqual(guest.plan(one, "urn:one").lines, []);
        assert.deepEqual(guest.plan(two, "urn:two").lines, []);
        guest.boot();
        const words = guest.line.split(" ").sort();
        guest.withdraw(a);
        assert.deepEqual(guest.plan(b === "urn:one" ? one : two, b).lines, []);
        guest.withdraw(b);
        assert.deepEqual(guest.changedSince(before), []);
        guest.boot();
        return words;
      });
      assert.deepEqual(lines[0], lines[1]);
      assert.ok(lines[0]?.includes("audit=0") && lines[0].includes("idle=poll"));
    }),
  );
});
