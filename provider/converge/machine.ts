import { LEDGER_PATH, parseLedger } from "../core/claims/ledger";
import { claimedFiles, claimedTexts } from "../core/documents";
import { exactTextOf, machineKey, type Snapshot } from "../core/snapshot";
import { folderTarget } from "../host/folder";
import { readSnapshot } from "../host/snapshot";
import { type ConnectionSpec, getTransport } from "../host/ssh";
import { transact } from "../host/transaction";
import type { Elevation, FileChange, ReadRequest, Target, TransactResult } from "../host/types";
import { addressOf, type Connection, type HostSettings } from "../resources/host-settings";
import { type Draft, draftOf } from "./draft";
import { GUEST_FILES, GUEST_GLOBS, GUEST_TEXTS } from "./guest-places";
import { guestSpec } from "./guest-spec";
import { lookedFor } from "./looked-for";
import { forgetOthers, meet, mutexOf, type Way } from "./meet";
import { ownerLabel } from "./owner";

/**
 * One way to one machine in this process. Reads are shared: the first caller starts the one read, later ones await it;
 * a write makes the next one read anew.
 */
export class Machine implements Way {
  readonly address: string;
  #target: Target | undefined;
  #read: Promise<Snapshot> | undefined;
  #draft: Draft | undefined;
  /** Paths that a declaration or the ledger names: part of every read from then on. */
  readonly #named = new Set<string>();
  /** Likewise short texts of the running kernel. */
  readonly #texts = new Set<string>();
  /** Which texts a read asked for: one that is not there is no text, and does not come by asking again. */
  readonly #asked = new WeakMap<Snapshot, ReadonlySet<string>>();

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

  /**
   * The read as the planner sees it, made once for all resources of the machine.
   * @param paths files that the caller's declaration names; one that the read did not look for makes it read again, on the same connection
   * @param texts short texts of a live machine that it names, as in `ReadRequest.texts`
   */
  async draft(paths: readonly string[] = [], texts: readonly string[] = []): Promise<Draft> {
    const snapshot = await this.#reading(paths, texts);
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
      const request = this.#request();
      const result = await transact(this.target(), request, decide, options);
      this.#asked.set(result.after, new Set(request.texts));
      this.#read = Promise.resolve(result.after);
      if (key) forgetOthers(this, key);
      return result;
    });
  }

  target(): Target {
    const target = this.#target ?? targetOf(this.settings);
    this.#target = target;
    return target;
  }

  async #reading(paths: readonly string[], texts: readonly string[]): Promise<Snapshot> {
    const before = this.read();
    const snapshot = await before;
    // a later transaction asks for each by name: it has to know how to write it
    this.#name(paths, texts);
    if (this.#saw(snapshot, paths, texts)) return snapshot;
    // Several resources find that out at once: the first of them reads for all.
    if (this.#read === before) this.#read = this.#readOnce();
    return this.#reading(paths, texts);
  }

  async #readOnce(): Promise<Snapshot> {
    const request = this.#request();
    const snapshot = await readSnapshot(this.target(), request);
    this.#asked.set(snapshot, new Set(request.texts));
    const { files, texts } = claimedIn(snapshot);
    const unseen = files.filter((path) => !this.#named.has(path));
    this.#name(files, texts);
    if (!this.#saw(snapshot, unseen, texts)) return this.#readOnce();
    return (await meet(this, snapshot)) ? snapshot : this.#readOnce();
  }

  #name(paths: readonly string[], texts: readonly string[]): void {
    for (const path of paths) this.#named.add(path);
    for (const text of texts) this.#texts.add(text);
  }

  /** Did the read look for all of these? */
  #saw(snapshot: Snapshot, paths: readonly string[], texts: readonly string[]): boolean {
    const asked = this.#asked.get(snapshot);
    const globs = this.#globs();
    return paths.every((path) => lookedFor(snapshot, path, globs)) && texts.every((text) => asked?.has(text));
  }

  async boot(): Promise<string | undefined> {
    return (await readSnapshot(this.target(), this.#request())).identity.bootId;
  }

  forget(): void {
    this.#read = undefined;
  }

  /** What is looked for by globs besides what every read looks for. */
  #globs(): readonly string[] {
    const { scripts = [], guest } = this.settings;
    return guest ? [...GUEST_GLOBS, ...scripts] : scripts;
  }

  #request(): ReadRequest {
    const { files = {}, guest } = this.settings;
    return {
      ...(files.board ? { board: files.board } : {}),
      ...(files.record ? { record: files.record } : {}),
      scripts: this.#globs(),
      files: [...(guest ? GUEST_FILES : []), ...this.#named],
      texts: [...(guest ? GUEST_TEXTS : []), ...this.#texts],
      ...(guest ? { guest: true } : {}),
    };
  }
}

/** A ledger that cannot be read is told by whoever plans with it, not by the read. */
function claimedIn(snapshot: Snapshot): Record<"files" | "texts", string[]> {
  try {
    const ledger = parseLedger(exactTextOf(snapshot, LEDGER_PATH));
    return { files: claimedFiles(ledger), texts: claimedTexts(ledger) };
  } catch {
    return { files: [], texts: [] };
  }
}

function targetOf({ connection, guest }: HostSettings): Target {
  if (typeof connection === "object" && "root" in connection) return folderTarget(connection.root);
  const { sudoPassword } = typeof connection === "string" ? {} : (connection as ConnectionSpec);
  const elevation: Elevation = sudoPassword ? { how: "sudo-password", password: sudoPassword } : { how: "auto" };
  const spec = guest?.via === undefined ? specOf(connection) : guestSpec(connection, guest.via);
  return { transport: getTransport(spec), elevation };
}

function specOf(connection: Exclude<Connection, { root: string }>): ConnectionSpec {
  return typeof connection === "string" ? { host: connection } : (connection as ConnectionSpec);
}
