import { existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { type Applied, apply, type Task } from "../../../provider/converge/apply";
import type { Draft } from "../../../provider/converge/draft";
import type { Machine } from "../../../provider/converge/machine";
import { type Planned, planResource, planWithdrawal } from "../../../provider/converge/plan-resource";
import { SYSCTL, SYSCTL_FRAGMENT, sysctlId } from "../../../provider/core/tuning/sysctl/fragment";
import { runningSysctlDocumentId, runningSysctlId, textNameOf } from "../../../provider/core/tuning/sysctl/running";
import type { ResourceKind } from "../../../provider/resources/kind";
import { tree } from "../../host/helpers";
import { identity } from "../../support/memory-host";
import { Live, type Trouble } from "./live-gpu";

export const FRAGMENT = SYSCTL_FRAGMENT.slice(1);
const LEDGER = "var/lib/pulumi-acrn/ledger.json";
const who = { stack: "s", kind: "Sysctls", urns: ["urn:sysctls"] };
let count = 0;

type Args = Record<string, string>;

/** A resource that is nothing but sysctls: each in our fragment, and in the kernel that runs. */
const kind: ResourceKind<Args> = {
  type: "Sysctls",
  schema: z.record(z.string(), z.string()),
  onePerMachine: false,
  outputs: [],
  files: () => [SYSCTL_FRAGMENT],
  texts: (args) => Object.keys(args).map((name) => textNameOf(runningSysctlId(name)) as string),
  documents: (_snapshot, args) => [SYSCTL, ...Object.keys(args).map(runningSysctlDocumentId)],
  declare: (_view, args) => {
    const wishes = Object.entries(args).flatMap(([name, value]) =>
      [sysctlId(name), runningSysctlId(name)].map((field) => ({ field, value })),
    );
    return { wishes, outputs: {}, warnings: [], refusals: [], reasons: [] };
  },
  pending: () => [],
  observe: (_documents, state) => state,
};

export const planOf =
  (args: Args) =>
  (draft: Draft): Planned =>
    planResource(draft, kind, who, args, "id1");

export const withdrawal = (draft: Draft): Planned =>
  planWithdrawal(draft, Object.values(draft.ledger.owners), () => kind);

/** As the engine does: what a check names is asked for from then on. */
export async function create(machine: Machine, args: Args, more: Partial<Task> = {}): Promise<Applied> {
  await machine.draft(kind.files?.(args), kind.texts?.(args));
  return apply(machine, { ...more, plan: planOf(args) });
}

export function destroy(machine: Machine, more: Partial<Task> = {}): Promise<Applied> {
  return apply(machine, { ...more, plan: withdrawal, following: false });
}

/** Sysctls in a folder that answers as a running machine. */
export class SysctlCell {
  readonly dir: string;

  constructor(values: Record<string, string>) {
    const { machineId, bootId } = identity(`sysctls ${++count} ${process.pid}`);
    const texts = Object.entries(values).map(([path, value]) => [`proc/sys/${path}`, `${value}\n`]);
    this.dir = tree({
      "etc/machine-id": `${machineId}\n`,
      "proc/sys/kernel/random/boot_id": `${bootId}\n`,
      "etc/sysctl.d/10-theirs.conf": "# theirs\n",
      "var/lib/x": "",
      ...Object.fromEntries(texts),
    });
  }

  remove(): void {
    rmSync(this.dir, { recursive: true, force: true });
  }

  create(args: Args, trouble: Trouble = {}, more: Partial<Task> = {}): Promise<Applied> {
    return create(new Live(this.dir, trouble), args, more);
  }

  destroy(trouble: Trouble = {}, more: Partial<Task> = {}): Promise<Applied> {
    return destroy(new Live(this.dir, trouble), more);
  }

  running(path: string): string {
    return readFileSync(join(this.dir, "proc/sys", path), "utf8").trimEnd();
  }

  set(path: string, value: string): void {
    writeFileSync(join(this.dir, "proc/sys", path), `${value}\n`);
  }

  /** Our fragment, or the ledger. */
  has(path: string = LEDGER): boolean {
    return existsSync(join(this.dir, path));
  }
}
