/**
 * `npm run demo`: one simulated ACRN host from its first preview to the moment when it is again what it was, with the
 * real CLI. Every step has an expectation; the first one that fails ends the demo with status 1.
 */
import colors from "picocolors";
import { treeOf, Unexpected } from "./expect";
import { Stage } from "./stage";
import { STEPS } from "./steps";

async function play(stage: Stage): Promise<void> {
  const start = treeOf(stage);
  console.log(`A simulated ACRN host in ${stage.host.dir}, behind ssh on port ${stage.host.port}.`);
  console.log("The program: examples/demo/index.ts; Pulumi's state: a folder beside the host, gone at the end.");
  const began = Date.now();
  for (const [index, { title, play }] of STEPS.entries()) {
    console.log(`\n${colors.bold(`[${index + 1}/${STEPS.length}] ${title}`)}`);
    const from = Date.now();
    await play(stage, start);
    console.log(colors.dim(`(${seconds(from)})`));
  }
  console.log(colors.bold(`\nDone in ${seconds(began)}.`));
}

function seconds(from: number): string {
  return `${((Date.now() - from) / 1000).toFixed(1)} s`;
}

/** Settles when the demo is to end early. */
function interrupted(): Promise<number> {
  const signals = { SIGHUP: 1, SIGINT: 2, SIGTERM: 15 } as const;
  return new Promise((settle) => {
    for (const [name, number] of Object.entries(signals)) process.once(name, () => settle(128 + number));
  });
}

async function main(): Promise<number> {
  const end = interrupted();
  const stage = await Stage.build();
  try {
    const status = await Promise.race([play(stage).then(() => 0), end]);
    if (status !== 0) console.log("\nInterrupted; cleaning up.");
    return status;
  } catch (error) {
    console.error(colors.red(`\n✗ ${error instanceof Unexpected ? error.message : (error as Error).stack}`));
    return 1;
  } finally {
    await stage.close();
  }
}

// What an interrupted step still has open must not keep the process.
main().then(
  (status) => process.exit(status),
  (error: unknown) => {
    console.error(error);
    process.exit(1);
  },
);
