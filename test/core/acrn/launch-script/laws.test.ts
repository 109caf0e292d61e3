// biome-ignore-all lint/suspicious/noTemplateCurlyInString: these are pieces of shell scripts
import assert from "node:assert/strict";
import fc from "fast-check";
import { launchArguments, launchSurface } from "../../../../provider/core/acrn/launch-script";
import { AcrnError } from "../../../../provider/core/errors";
import { script, type Wish, wish } from "./arbitraries";
import { optionsIn, withBash } from "./support";

const FILE = "/root/rt.sh";
const field = ({ name }: Wish) => `arg[${name}]`;

/** Undefined: refused, as a call that does more than write an argument may be. */
function written(text: string, one: Wish): string | undefined {
  try {
    return launchSurface.write(text, FILE, field(one), one.value);
  } catch (error) {
    assert.ok(error instanceof AcrnError && /^launch\.(?:edit|computed)$/.test(error.code), String(error));
    return undefined;
  }
}

describe("launch surface: laws", () => {
  it("read after write, write twice, give back, and everything else as it was", function () {
    this.timeout(120_000);
    let done = 0;
    fc.assert(
      fc.property(script, wish, (text, one) => {
        const before = launchSurface.read(text, FILE, field(one));
        const next = written(text, one);
        assert.equal(launchArguments(text, FILE).refusal, undefined, "every shape can be adopted");
        if (next === undefined || before.kind === "no-place") return assert.equal(next, undefined);
        done++;
        const after = launchSurface.read(next, FILE, field(one));
        assert.deepEqual(after.kind === "value" ? after.value : after.kind === "absent" ? null : after, one.value);
        assert.equal(launchSurface.write(next, FILE, field(one), one.value), next);
        const raw = before.kind === "value" ? before.raw : undefined;
        assert.ok(launchSurface.takes(field(one), one.value, raw));
        assert.equal(launchSurface.restore(next, FILE, field(one), raw), text);
        if (before.kind === "value") assert.equal(launchSurface.write(text, FILE, field(one), before.value), text);
        const rest = (of: string) => launchArguments(of, FILE).arguments.filter(({ name }) => name !== one.name);
        assert.deepEqual(
          rest(next).map(({ name, value, why }) => [name, value, why]),
          rest(text).map(({ name, value, why }) => [name, value, why]),
        );
        onlyThere(text, next, raw);
      }),
      { numRuns: 1000 },
    );
    assert.ok(done > 600, `${done} of 1000 were written`);
  });

  it("several fields, given back in any order: the same fields as before", function () {
    this.timeout(120_000);
    const wishes = fc.uniqueArray(wish, { minLength: 2, maxLength: 4, selector: ({ name }) => name });
    fc.assert(
      fc.property(script, wishes, fc.infiniteStream(fc.nat(99)), (text, list, stream) => {
        let now = text;
        const made: { one: Wish; raw: string | undefined }[] = [];
        for (const one of list) {
          const before = launchSurface.read(now, FILE, field(one));
          const next = before.kind === "no-place" ? undefined : written(now, one);
          if (next === undefined) continue;
          made.push({ one, raw: before.kind === "value" ? before.raw : undefined });
          now = next;
        }
        while (made.length > 0) {
          const [{ one, raw } = { one: list[0] as Wish, raw: undefined }] = made.splice(
            (stream.next().value as number) % made.length,
            1,
          );
          now = launchSurface.restore(now, FILE, field(one), raw);
        }
        assert.ok(launchSurface.sameFields(now, text, FILE), now);
      }),
      { numRuns: 400 },
    );
  });

  it("what it says is what acrn-dm gets", function () {
    this.timeout(240_000);
    withBash(this, (run) => {
      let ran = 0;
      fc.assert(
        fc.property(script, wish, (text, one) => {
          const next = written(text, one) ?? text;
          const words = run(next);
          assert.ok(words, next);
          const { options, operands } = optionsIn(words);
          const said = launchArguments(next, FILE);
          assert.deepEqual(operands.length === 1 || said.arguments.some(({ value }) => value === undefined), true);
          if (said.vm !== undefined) assert.equal(operands.at(-1), said.vm);
          for (const { name, value } of said.arguments)
            if (value !== undefined) assert.equal(options[name], value, `${name} of\n${next}`);
          if (next !== text && one.value === null) assert.equal(options[one.name], undefined);
          ran++;
        }),
        { numRuns: 100 },
      );
      assert.equal(ran, 100);
    });
  });

  it("any text at all is read without an error, and what has no place is not written", () => {
    const pieces =
      'acrn-dm --cpu_affinity -m -s -B add_cpus p=( ) ${p[@]} "${p[@]}" \' " ` $( ${ } \\ \n = << 4,6 x # ; for { case in esac if fi && eval $x x= x+= 3,a'.split(
        " ",
      );
    const text = fc.array(fc.constantFrom(...pieces, " ", "\n", "\r"), { maxLength: 40 }).map((list) => list.join(""));
    fc.assert(
      fc.property(text, (any) => {
        launchArguments(any, FILE);
        for (const key of ["arg[-m]", "arg[--cpu_affinity]", "arg[-s 3]"]) {
          const reading = launchSurface.read(any, FILE, key);
          if (reading.kind === "no-place") assert.throws(() => launchSurface.write(any, FILE, key, "x"), AcrnError);
          else if (reading.kind === "value") assert.equal(launchSurface.restore(any, FILE, key, reading.raw), any);
        }
        assert.ok(launchSurface.sameFields(any, any, FILE));
      }),
      { numRuns: 1000 },
    );
  });
});

/** What is cut out of the old text is no more than what the field's own record holds; of the rest every byte stays. */
function onlyThere(text: string, next: string, raw: string | undefined): void {
  let start = 0;
  while (start < text.length && text[start] === next[start]) start++;
  let end = 0;
  while (end < text.length - start && end < next.length - start && text.at(-1 - end) === next.at(-1 - end)) end++;
  const sources = (raw === undefined ? [] : JSON.parse(raw)) as { words: string; gap: string; literals: string[] }[];
  const longest = Math.max(
    0,
    ...sources.flatMap(({ words, gap, literals }) => [words.length + gap.length, ...literals.map((l) => l.length)]),
  );
  assert.ok(text.length - start - end <= longest, `${text.slice(start, text.length - end)} was cut out`);
}
