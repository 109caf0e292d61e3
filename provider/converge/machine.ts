import { hostname } from "node:os";
import { machineKey, type Snapshot } from "../core/snapshot";
import { folderTarget } from "../host/folder";
import { readSnapshot } from "../host/snapshot";
import { type ConnectionSpec, getTransport, systemEnvironment } from "../host/ssh";
import { transact } from "../host/transaction";
import type { Elevation, FileChange, ReadRequest, Target, TransactResult } from "../host/types";
import { addressOf, type Connection, type HostSettings } from "../resources/host-settings";
import { type Draft, draftOf } from "./draft";
import { forgetOthers, meet, mutexOf, type Way } from "./meet";

/**
 * One way to one machine in this process. Reads are shared: the first caller starts the one read, later ones await it;
 * a write makes the next one read anew.
 */
export class Machine implements Way {
  readonly address: string;
  #target: Target | undefined;
  #read: Promise<Snapshot> | undefined;
  #draft: Draft | undefined;

  constructor(readonly settings: HostSettings) {
    this.address = addressOf(settings.connection);
  }

  /** Starts the read without awaiting it; whoever needs it finds it under way. */
  prefetch(): void {
    // A rejection is for whoever awaits it; unhandled it would end the provider process.
    this.read().catch(() => {});
  }

  read(): Promise<Snapshot> {
    this.#read ??= this.#readOnce();
    return this.#read;
  }

  /** The read as the planner sees it, made once for all resources of the machine. */
  async draft(): Promise<Draft> {
    const snapshot = await this.read();
    if (this.#draft?.snapshot !== snapshot) this.#draft = draftOf(snapshot, this.settings);
    return this.#draft;
  }

  async transact(
    decide: (fresh: Snapshot) => FileChange[],
    progress?: (phase: string) => void,
  ): Promise<TransactResult> {
    const key = machineKey((await this.read()).identity);
    return mutexOf(key ?? this.address).run(async () => {
      const options = progress ? { owner: ownerLabel(), progress } : { owner: ownerLabel() };
      const result = await transact(this.target(), this.#request(), decide, options);
      this.#read = Promise.resolve(result.after);
      if (key) forgetOthers(this, key);
      return result;
    });
  }

  target(): Target {
    const { connection } = this.settings;
    const target = this.#target ?? targetOf(connection);
    this.#target = target;
    return target;
  }

  async #readOnce(): Promise<Snapshot> {
    const snapshot = await readSnapshot(this.target(), this.#request());
    meet(this, snapshot);
    return snapshot;
  }

  forget(): void {
    this.#read = undefined;
  }

  #request(): ReadRequest {
    const { files = {}, scripts = [] } = this.settings;
    return {
      ...(files.board ? { board: files.board } : {}),
      ...(files.record ? { record: files.record } : {}),
      scripts,
      files: [],
    };
  }
}

function targetOf(connection: Connection): Target {
  if (typeof connection === "string")
    return { transport: getTransport({ host: connection }), elevation: { how: "auto" } };
  if ("root" in connection) return folderTarget(connection.root);
  const spec = connection as ConnectionSpec;
  const elevation: Elevation = spec.sudoPassword
    ? { how: "sudo-password", password: spec.sudoPassword }
    : { how: "auto" };
  return { transport: getTransport(spec), elevation };
}

/** Who holds the lock, for whoever meets it. */
function ownerLabel(): string {
  return `pulumi-acrn ${systemEnvironment().user}@${hostname()} pid ${process.pid}`;
}
