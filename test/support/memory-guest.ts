import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import {
  cpSync,
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, posix } from "node:path";
import { writeGuestTree } from "../../examples/lab/builder/guest";
import type { GuestOsSpec } from "../../examples/lab/lab";
import { Children } from "../../examples/lab/server/children";
import { changeEnvironment } from "../../examples/lab/server/physics/grub/environment";
import { updateGrub } from "../../examples/lab/server/physics/grub/mkconfig";
import type { Fate } from "../../examples/lab/server/physics/guest/fate";
import { GuestOs } from "../../examples/lab/server/physics/guest/os";
import { type Draft, draftOf } from "../../provider/converge/draft";
import { waitingTrial } from "../../provider/converge/guest-activate/plan";
import { planPromotion } from "../../provider/converge/guest-activate/promote";
import { GUEST_FILES, GUEST_GLOBS, GUEST_TEXTS } from "../../provider/converge/guest-places";
import { lookedFor } from "../../provider/converge/looked-for";
import { type Planned, planResource, planWithdrawal } from "../../provider/converge/plan-resource";
import { LEDGER_PATH, parseLedger, serialiseLedger } from "../../provider/core/claims/ledger";
import { claimedFiles, claimedTexts } from "../../provider/core/documents";
import { trialId } from "../../provider/core/kernel/trial";
import { owedAfter } from "../../provider/core/owed";
import type { FileState, Snapshot } from "../../provider/core/snapshot";
import { COMMANDS, FACTS, PROBES, SUPERSET } from "../../provider/host/scripts/superset";
import { guestKernelTuningKind as kind } from "../../provider/resources/guest-kernel-tuning";
import type { HostSettings } from "../../provider/resources/host-settings";
import { pathsOf } from "../../provider/resources/kind";
import { kindOf } from "../../provider/resources/kinds";

type Args = Record<string, unknown>;

export interface MemoryGuestOptions {
  /** The RtVm that it is the system of. */
  vm?: string;
  /** An image that does not run. */
  folder?: true;
  /** Files that the case has besides, or otherwise; undefined: not there. */
  files?: Readonly<Record<string, string | undefined>>;
  /** Links, by path. */
  links?: Readonly<Record<string, string>>;
  /** What its kernel's log says besides. */
  log?: string;
}

const SBIN = ["/usr/local/sbin", "/usr/local/bin", "/usr/sbin", "/usr/bin", "/sbin", "/bin"];
const ALWAYS = SUPERSET.flatMap((line) => (/^[fh] /.test(line) ? line.slice(2) : []));
const NOTHING = { files: new Map() } as unknown as Snapshot;
const trees = new Map<string, string>();

/**
 * A guest of the lab's builder as snapshots, and plans applied to it as the transaction would, with the lab's own GRUB behind them and its boots: for tables and laws, where
 * a machine that answers by SSH would take hours. The real one is driven in test/converge.
 */
export class MemoryGuest {
  readonly dir: string;
  /** Commands that were owed, in the order in which they were run. */
  readonly ran: string[] = [];
  readonly settings: HostSettings;
  readonly os: GuestOs;
  readonly #links: ReadonlyMap<string, string>;

  constructor(
    readonly spec: GuestOsSpec,
    private readonly options: MemoryGuestOptions = {},
  ) {
    const { vm, folder, files = {}, links = {} } = options;
    const work = mkdtempSync(join(tmpdir(), "acrn-memory-guest-"));
    this.dir = join(work, "tree");
    cpSync(treeOf(spec), this.dir, { recursive: true, verbatimSymlinks: true });
    this.settings = { connection: { root: "memory" }, guest: vm === undefined ? {} : { vm } };
    const place = { folder: work, desk: work, children: new Children("memory") };
    this.os = new GuestOs({ nvram: true, ...spec, name: "m", dir: this.dir }, place);
    for (const [path, text] of Object.entries(files)) this.put(path, text);
    this.#links = new Map(Object.entries(links));
    if (!folder) this.boot();
  }

  remove(): void {
    rmSync(dirname(this.dir), { recursive: true, force: true });
  }

  /** Its boot loader's choice, and the line of the kernel that runs then. */
  boot(): Fate {
    const fate = this.os.load(this.spec.cmdline);
    assert.equal(fate.kind, "up", JSON.stringify(fate));
    this.os.boot();
    return fate;
  }

  get line(): string {
    return this.read("/proc/cmdline").trim();
  }

  read(path: string): string {
    return readFileSync(join(this.dir, path), "utf8");
  }

  has(path: string): boolean {
    return existsSync(join(this.dir, path));
  }

  put(path: string, text: string | undefined): void {
    const file = join(this.dir, path);
    if (text === undefined) {
      rmSync(file, { force: true });
      return;
    }
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
  }

  change(path: string, change: (text: string) => string): void {
    this.put(path, change(this.read(path)));
  }

  regenerate(): void {
    const made = updateGrub(this.dir, this.os.grub);
    assert.equal(made.status, 0, made.said.join("; "));
  }

  snapshot(args?: Args): Snapshot {
    const parsed = args === undefined ? undefined : kind.schema.parse(args);
    const ledger = parseLedger(this.has(LEDGER_PATH) ? this.read(LEDGER_PATH) : undefined);
    const named = [...(parsed ? pathsOf(kind, parsed) : []), ...claimedFiles(ledger)];
    const texts = [...(parsed ? (kind.texts?.(parsed) ?? []) : []), ...claimedTexts(ledger)];
    const live = this.options.folder === undefined;
    return {
      identity: { machineId: this.read("/etc/machine-id").trim() },
      kind: live ? "live" : "folder",
      files: this.#files(named),
      texts: live ? this.#texts(texts) : new Map(),
      commands: new Set(COMMANDS.filter((name) => SBIN.some((folder) => this.has(`${folder}/${name}`)))),
      warnings: [],
    };
  }

  draft(args?: Args): Draft {
    return draftOf(this.snapshot(args), this.settings);
  }

  plan(args: Args, urn = "urn:tuning"): Planned {
    const who = { stack: urn, kind: kind.type, urns: [urn] };
    return planResource(this.draft(args), kind, who, kind.schema.parse(args), `id of ${urn}`);
  }

  /** What an up does. */
  up(args: Args, urn?: string): Planned {
    const planned = this.plan(args, urn);
    assert.deepEqual(planned.refusals, []);
    this.apply(planned);
    return planned;
  }

  /** A destroy, or one stack's. */
  withdraw(urn?: string): Planned {
    const draft = this.draft();
    const owners = Object.values(draft.ledger.owners).filter((owner) => urn === undefined || owner.urn === urn);
    const planned = planWithdrawal(draft, owners, kindOf);
    assert.deepEqual(planned.refusals, []);
    this.apply(planned);
    return planned;
  }

  /** The entry that waits is booted once. @returns whether it came up */
  try(): string {
    const waiting = waitingTrial(this.draft());
    assert.ok(waiting, "no trial waits");
    const grubenv = join(this.dir, `${dirname(waiting.customCfg)}/grubenv`);
    changeEnvironment(grubenv, (all) => all.set("next_entry", trialId(waiting.note.id)));
    this.boot();
    return this.line;
  }

  /** It is booted once, and made the default, as an Activation does. */
  activate(): void {
    this.try();
    const draft = this.draft();
    const waiting = waitingTrial(draft);
    assert.ok(waiting);
    this.apply(planPromotion(draft, waiting));
  }

  apply({ plan, ledger }: Planned): void {
    const owed = owedAfter(this.snapshot(), plan.edits);
    for (const { path, after } of plan.files) this.put(path, after);
    this.put(LEDGER_PATH, serialiseLedger(ledger));
    for (const command of owed) {
      this.ran.push(command);
      if (/^update-grub|^grub2?-mkconfig/.test(command)) this.regenerate();
    }
  }

  /** Everything that is there and that a boot leaves alone, by path. */
  image(): Map<string, string> {
    const files = walk(this.dir, "").filter((path) => !/^\/(?:proc|sys|run|dev|tmp)\//.test(path));
    return new Map(files.map((path) => [path, this.#raw(path)]));
  }

  /** Paths whose text is another than in an earlier `image()`. GRUB itself writes `next_entry=` to its block. */
  changedSince(before: ReadonlyMap<string, string>): string[] {
    const now = this.image();
    const all = [...new Set([...before.keys(), ...now.keys()])].sort();
    return all.filter((path) => !path.endsWith("/grubenv") && before.get(path) !== now.get(path));
  }

  #raw(path: string): string {
    const file = join(this.dir, path);
    return lstatSync(file).isSymbolicLink() ? `-> ${readlinkSync(file)}` : readFileSync(file, "latin1");
  }

  #files(named: readonly string[]): Map<string, FileState> {
    const asked = new Set([...ALWAYS, ...GUEST_FILES, ...named]);
    const there = [...walk(this.dir, ""), ...this.#links.keys()];
    const wanted = there.filter((path) => asked.has(path) || lookedFor(NOTHING, path, GUEST_GLOBS));
    return new Map([...asked, ...wanted].map((path) => [path, this.#state(path)]));
  }

  #state(path: string): FileState {
    const realPath = this.#links.get(path) ?? this.#real(path);
    const file = join(this.dir, realPath);
    if (realPath === "/dev/null") return { path, kind: "other", realPath };
    if (!existsSync(file) || !statSync(file).isFile()) return { path, kind: "absent", realPath };
    const bytes = readFileSync(file);
    const sha256 = createHash("sha256").update(bytes).digest("hex");
    const mtime = Math.floor(statSync(file).mtimeMs / 1000);
    return { path, kind: "file", bytes, sha256, realPath, mtime, strategy: { how: "rename" } };
  }

  #real(path: string): string {
    const file = join(this.dir, path);
    if (!lstatSync(file, { throwIfNoEntry: false })?.isSymbolicLink()) return path;
    return this.#real(posix.resolve(dirname(path), readlinkSync(file)));
  }

  #texts(named: readonly string[]): Map<string, string> {
    const out = new Map<string, string>();
    for (const name of [...FACTS, ...GUEST_TEXTS, ...named, "proc/stat"])
      if (this.has(`/${name}`)) out.set(name, this.read(`/${name}`).replace(/\n$/, ""));
    for (const name of PROBES) out.set(name, this.has(`/${name}`) ? "present" : "absent");
    const { folder = "/boot/grub", fs = "ext2", abstraction = [] } = this.os.grub;
    if (this.has(`${folder}/grubenv`))
      out.set("grub-probe", [`fs ${fs}`, ...abstraction.map((each) => `abstraction ${each}`)].join("\n"));
    const kept = /x2apic|apic routing|hypervisor detected/i;
    const log = this.read("/dev/kmsg").split("\n");
    const words = log.map((line) => line.slice(line.indexOf(";") + 1)).filter((line) => kept.test(line));
    return out.set("kernel-log", [...words, ...(this.options.log ? [this.options.log] : [])].join("\n"));
  }
}

/** A guest for one test. */
export const withGuest =
  (spec: GuestOsSpec, work: (guest: MemoryGuest) => void, options: MemoryGuestOptions = {}) =>
  (): void => {
    const guest = new MemoryGuest(spec, options);
    try {
      work(guest);
    } finally {
      guest.remove();
    }
  };

/** The files of such a guest, written once in this process. */
function treeOf(spec: GuestOsSpec): string {
  const key = JSON.stringify(spec);
  const found = trees.get(key);
  if (found !== undefined) return found;
  const dir = join(mkdtempSync(join(tmpdir(), "acrn-memory-tree-")), "tree");
  writeGuestTree(dir, "m", spec);
  if (trees.size === 0) process.once("exit", removeTrees);
  trees.set(key, dir);
  return dir;
}

function removeTrees(): void {
  for (const dir of trees.values()) rmSync(dirname(dir), { recursive: true, force: true });
}

function walk(root: string, folder: string): string[] {
  return readdirSync(join(root, folder), { withFileTypes: true }).flatMap((entry) => {
    const path = `${folder}/${entry.name}`;
    return entry.isDirectory() ? walk(root, path) : path;
  });
}
