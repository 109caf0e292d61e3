import { createHash } from "node:crypto";
import { posix } from "node:path";
import { type HostFiles, type HostTreeSpec, hostFiles } from "../../examples/lab/builder";
import { type Draft, draftOf } from "../../provider/converge/draft";
import type { Planned } from "../../provider/converge/plan-resource";
import { LEDGER_PATH, serialiseLedger } from "../../provider/core/claims/ledger";
import type { FileState, Snapshot } from "../../provider/core/snapshot";
import type { HostSettings } from "../../provider/resources/host-settings";

/**
 * A host of the builder as snapshots, and plans applied to it as the transaction would: for laws over thousands of
 * hosts, where a real shell for each would take hours. The real one is tested against the same hosts in test/converge.
 */
export class MemoryHost {
  readonly files: Map<string, string>;
  readonly #links: Map<string, string>;

  constructor(
    readonly spec: HostTreeSpec,
    readonly settings: HostSettings = { connection: { root: "memory" } },
  ) {
    const all = hostFiles(spec);
    this.files = new Map([...all].flatMap(([path, e]) => (e.kind === "file" ? [[path, e.content] as const] : [])));
    this.#links = linksOf(all);
  }

  snapshot(): Snapshot {
    const states = [...this.files].map(([path, text]) => this.#state(path, path, text));
    for (const [path, real] of this.#links) states.push(this.#state(path, real, this.files.get(real) ?? ""));
    const texts = new Map([
      ["acrn-dm", ""],
      ["proc/stat", this.files.get("/proc/stat") ?? ""],
      ["date", "1700086400"],
      ["dev/acrn_hsm", "present"],
      ["gpu", gpuText(this.files)],
    ]);
    for (const [path, text] of this.files)
      if (path.startsWith("/proc/sys/")) texts.set(path.slice(1), text.replace(/\n$/, ""));
    for (const s of states)
      texts.set(
        `md5:${s.path}`,
        createHash("md5")
          .update(s.bytes ?? "")
          .digest("hex"),
      );
    const { machineId, productUuid, bootId } = this.spec;
    const files = new Map(states.map((s) => [s.path, s]));
    return {
      identity: { machineId, productUuid, bootId },
      kind: "live",
      files,
      texts,
      commands: new Set(),
      warnings: [],
    };
  }

  draft(): Draft {
    return draftOf(this.snapshot(), this.settings);
  }

  apply({ plan, ledger }: Planned): void {
    for (const { path, after } of plan.files)
      if (path.startsWith("/sys/")) this.#limits(path, after ?? "");
      else this.put(path, after);
    this.put(LEDGER_PATH, serialiseLedger(ledger));
  }

  put(path: string, text: string | undefined): void {
    if (text === undefined) this.files.delete(path);
    else this.files.set(path, text);
  }

  /** Everything that is there, for comparing before and after. */
  image(): string {
    return JSON.stringify([...this.files].sort(([a], [b]) => (a < b ? -1 : 1)));
  }

  /** Paths whose text is another than in an earlier `image()`: an assertion on these says more than one on the whole. */
  changedSince(image: string): string[] {
    const before = new Map(JSON.parse(image) as [string, string][]);
    const all = [...new Set([...before.keys(), ...this.files.keys()])].sort();
    return all.filter((path) => before.get(path) !== this.files.get(path));
  }

  /** Limits of a GPU are set one by one; nothing of them comes or goes. */
  #limits(folder: string, text: string): void {
    for (const path of this.files.keys()) {
      const name = path.startsWith(`${folder}/`) ? /gt_(\w+)_freq_mhz$/.exec(path)?.[1] : undefined;
      const value = new RegExp(`^${name} (\\d+)$`, "m").exec(text)?.[1];
      if (value !== undefined) this.files.set(path, `${value}\n`);
    }
  }

  #state(path: string, realPath: string, text: string): FileState {
    const bytes = Buffer.from(text, "utf8");
    const sha256 = createHash("sha256").update(bytes).digest("hex");
    return { path, kind: "file", bytes, sha256, realPath, mtime: 1_699_900_000, strategy: { how: "rename" } };
  }
}

/** As host/scripts/facts.ts says it. */
function gpuText(files: ReadonlyMap<string, string>): string {
  const lines = [...files].flatMap(([path, text]) => {
    const name = /^\/sys\/bus\/pci\/devices\/(.*\/gt_[Rbm]\w*_freq_mhz)$/.exec(path)?.[1];
    return name === undefined ? [] : [`${name} ${text.trim()}`];
  });
  return lines.join("\n");
}

function linksOf(all: HostFiles): Map<string, string> {
  const links = [...all].flatMap(([path, e]) => (e.kind === "link" ? [[path, e.target] as const] : []));
  return new Map(links.map(([path, target]) => [path, posix.resolve(posix.dirname(path), target)]));
}

/** A machine-id and the rest, the same for the same name. */
export function identity(name: string): Pick<HostTreeSpec, "machineId" | "productUuid" | "bootId"> {
  const hex = createHash("sha256").update(name).digest("hex");
  const uuid = (at: number) => hex.slice(at, at + 32).replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
  return { machineId: hex.slice(0, 32), productUuid: uuid(16), bootId: uuid(32) };
}
