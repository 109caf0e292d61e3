import { parentPort, workerData } from "node:worker_threads";
import { grow } from "./growth";
import { run } from "./loop";
import type { Target } from "./target";
import { INDEX, type Order, PULSE, type Start } from "./worker-types";

const { table, beat } = workerData as Start;
const { targets } = require(table) as { targets: readonly Target[] };
const view = new Int32Array(beat);
const tell = (index: number) => {
  Atomics.store(view, INDEX, index);
  Atomics.add(view, PULSE, 1);
};

parentPort?.on("message", async (order: Order) => {
  const target = targets.find(({ name }) => name === order.target);
  if (!target) throw new Error(`no target ${order.target}`);
  parentPort?.postMessage(order.what === "run" ? await run(target, order, tell) : await grow(target, tell));
});
