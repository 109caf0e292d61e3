/** A client of its own process: the product's plan and apply on folders, as told by its parent over IPC. */
import { apply } from "../../../provider/converge/apply";
import type { Draft } from "../../../provider/converge/draft";
import { Machine } from "../../../provider/converge/machine";
import { type Planned, planResource, planWithdrawal } from "../../../provider/converge/plan-resource";
import { AcrnError } from "../../../provider/core/errors";
import { corePartitionKind } from "../../../provider/resources/core-partition";
import { kindOf } from "../../../provider/resources/kinds";

export interface Job {
  root: string;
  stack: string;
  /** Of its one resource. @default made from the stack */
  urn?: string;
  id?: string;
  /** What the stack's CorePartition declares; none: the stack takes its claims back. */
  vms?: Record<string, number[]>;
}

export type Order =
  /** Previews; answered by `planned`. What was previewed is then what was agreed. */
  | ({ act: "plan"; key: number } & Job)
  /** Applies what was planned under that key; answered by `ended`. `dieAt` ends this process at its so-manieth word of progress. */
  | { act: "apply"; key: number; dieAt?: number };

export type Answer =
  | { is: "up" }
  | { is: "planned"; key: number }
  | { is: "phase"; key: number; phase: string }
  | { is: "ended"; key: number; code: string; message: string };

const planned = new Map<number, { machine: Machine; plan(draft: Draft): Planned; agreed: readonly string[] }>();

async function plan({ key, root, stack, urn = `urn:${stack}`, id = stack, vms }: Job & { key: number }): Promise<void> {
  const machine = new Machine({ connection: { root } });
  const who = { stack, kind: "CorePartition", urns: [urn] };
  const make = (draft: Draft): Planned => {
    if (vms) return planResource(draft, corePartitionKind, who, { vms, neighbours: "refuse" }, id);
    const owners = Object.values(draft.ledger.owners).filter((owner) => owner.stack === stack);
    return planWithdrawal(draft, owners, kindOf);
  };
  planned.set(key, { machine, plan: make, agreed: make(await machine.draft()).lines });
}

async function run(key: number, dieAt: number | undefined): Promise<void> {
  const task = planned.get(key);
  if (!task) throw new Error(`nothing was planned as ${key}`);
  planned.delete(key);
  let words = 0;
  await apply(task.machine, {
    plan: task.plan,
    agreed: task.agreed,
    progress: (phase) => {
      say({ is: "phase", key, phase });
      if (++words === dieAt) process.kill(process.pid, "SIGKILL");
    },
  });
}

const say = (answer: Answer): void => void process.send?.(answer);

const ended = (key: number) => (error: unknown) =>
  say({
    is: "ended",
    key,
    code: error instanceof AcrnError ? error.code : "bug",
    message: error instanceof AcrnError ? `${error.message}\n${error.hint ?? ""}` : String((error as Error).stack),
  });

process.on("message", (order: Order) => {
  if (order.act === "plan") plan(order).then(() => say({ is: "planned", key: order.key }), ended(order.key));
  else
    run(order.key, order.dieAt).then(
      () => say({ is: "ended", key: order.key, code: "", message: "" }),
      ended(order.key),
    );
});
say({ is: "up" });
