/** Whether this run is a CI machine's, where a real part that is missing must not pass unnoticed. */
const underCi = (): boolean => Boolean(process.env.CI);

/**
 * For a test whose real part (a program, the CLI, a kernel feature) may be missing: without it the test fails under CI and is
 * skipped with its reason elsewhere. Call it first in the test, or in a `before`, as `needs(this, which("busybox"), "no busybox")`.
 */
export function needs(context: Mocha.Context, condition: unknown, reason: string): asserts condition {
  if (condition) return;
  if (underCi()) throw new Error(`${reason}; under CI that is a failure: install what is missing`);
  skip(context, reason);
}

/** For a test over data that nobody has to have (`../shared/acrn-data`): without it the test is skipped and counted, in CI too. */
export function optional(context: Mocha.Context, condition: unknown, reason: string): asserts condition {
  if (!condition) skip(context, reason);
}

/** Mocha has no place for a reason, so it travels at the end of the title, where tools/mocha-reporter.js reads it. */
function skip(context: Mocha.Context, reason: string): never {
  for (const test of testsOf(context)) test.title += ` [skipped: ${reason}]`;
  return context.skip();
}

/** The test itself, or from a `before` or `beforeEach` those that the skip takes along. */
function testsOf(context: Mocha.Context): Mocha.Test[] {
  const runnable = context.test;
  if (!runnable) return [];
  if (!isHook(runnable)) return [runnable as Mocha.Test];
  // In a `before`, currentTest is the first of the tests that the skip takes along (mocha, lib/runner.js, Runner#hook).
  if (context.currentTest && runnable.title.startsWith('"before each"')) return [context.currentTest];
  const tests: Mocha.Test[] = [];
  runnable.parent?.eachTest((test) => tests.push(test));
  return tests;
}

function isHook(runnable: Mocha.Runnable): boolean {
  return "type" in runnable && runnable.type === "hook";
}
