import assert from "node:assert/strict";
import { growing } from "./growth";
import { targets } from "./planted";
import { fuzz } from "./suite";
import { Hung, Watchdog } from "./watchdog";

/** A second is long enough to be sure of a loop without end. */
const dog = new Watchdog("./planted", 2000);

const found: [target: string, message: RegExp][] = [
  ["crash", /crash: no crash: TypeError[\s\S]*FUZZ_SEED=7 FUZZ_INPUT=\d+ npx mocha[\s\S]*Buffer\.from\("__proto__"/],
  ["plain error", /no crash: .*Error: a tab[\s\S]*Buffer\.from\("\\t"/],
  ["hang", /no hang: nothing for 2 s[\s\S]*input \d+ of seed 7/],
  ["never settles", /no hang: nothing for 2 s/],
  ["full heap", /no hang: .*(memory|nothing for)/],
  ["pollution", /no prototype pollution[\s\S]*__proto__/],
  ["not the same twice", /deterministic/],
  ["a place outside", /outside the text/],
  ["no place", /no place/],
  ["no hint", /no word about what to do/],
  ["an escape", /a control character/],
];

const named = (name: string) => targets.find((target) => target.name === name) ?? assert.fail(name);

describe("fuzz: what the harness finds in readers with one mistake", function () {
  this.timeout(60_000);
  after(() => dog.close());

  it("nothing in one without", async () => {
    const { inputs, accepted, codes } = await fuzz(dog, named("none"), "7", 0, 1000);
    assert.equal(inputs, 1000);
    assert.ok(accepted > 0 && codes.length === 1 && accepted + (codes[0]?.[1] ?? 0) === 1000);
  });

  for (const [name, message] of found)
    it(`${name}`, async () => {
      const target = named(name);
      await assert.rejects(fuzz(dog, target, "7", 0, target.runs), message);
    });

  it("the same input from seed and number", async () => {
    const target = named("crash");
    const { message } = await fuzz(dog, target, "7", 0, target.runs).then(
      () => assert.fail("found nothing"),
      (error: Error) => error,
    );
    const index = Number(/FUZZ_INPUT=(\d+)/.exec(message)?.[1]);
    await assert.rejects(fuzz(dog, target, "7", index, 1), /Buffer\.from\("__proto__"/);
  });

  it("work that grows with the square", async () => {
    const target = named("the square");
    const error = await dog.grow(target.name).then(
      () => assert.fail("found nothing"),
      (reason: unknown) => reason,
    );
    assert.ok(error instanceof Hung);
    assert.match(growing(target, error.index), /"bytes" at (64|512) KiB/);
  });
});
