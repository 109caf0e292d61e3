import { createHash } from "node:crypto";
import { gunzipSync, gzipSync } from "node:zlib";
import { IMAGE_FILE_LIMIT } from "../../core/acrn/image/manifest";
import { isResult } from "../../core/acrn/image/recipes/collect";
import { badFrame } from "../errors";
import { Session } from "../session";
import type { Target } from "../types";
import { buildFailed, noFolder, noResult } from "./build/errors";
import { BuildLog } from "./build/log";
import { buildShell } from "./build/shell";
import { imageFailed } from "./errors";

export interface BuildOrder {
  /** `buildScript` of core/acrn/image/recipes. */
  script: string;
  /** Files below `$IN`, by name. */
  inputs: ReadonlyMap<string, Uint8Array>;
}

export interface BuildOptions {
  /** Each line that the build says, harmless and cut. */
  line?: (text: string) => void;
  /** Milliseconds for all of it. @default 7200000 */
  limit?: number;
  /** Breaks the build off; what it made goes. */
  signal?: AbortSignal;
}

/** Hypervisor images have a handful; no build is to fill our memory. */
const MOST_RESULTS = 64;
const TWO_HOURS = 7_200_000;

/**
 * Builds in a folder of its own on any target, and fetches what it made: by name, as beside a staged image. Whatever happens (a failure, a cut link, a kill
 * of either side) the folder goes, and what runs in it ends.
 * @throws AcrnError `build.failed` with the end of the log, `build.result`
 */
export async function build(
  target: Target,
  order: BuildOrder,
  options: BuildOptions = {},
): Promise<Map<string, Uint8Array>> {
  const session = await Session.start(target, buildShell(), { answer: options.limit ?? TWO_HOURS });
  const work = new BuildSession(session, new BuildLog(options.line ?? (() => undefined)));
  const abort = () => void session.close();
  options.signal?.addEventListener("abort", abort, { once: true });
  try {
    options.signal?.throwIfAborted();
    return await work.all(order);
  } catch (error) {
    options.signal?.throwIfAborted();
    throw error;
  } finally {
    options.signal?.removeEventListener("abort", abort);
    await session.close();
  }
}

class BuildSession {
  constructor(
    private readonly session: Session,
    private readonly log: BuildLog,
  ) {}

  async all({ script, inputs }: BuildOrder): Promise<Map<string, Uint8Array>> {
    const first = await this.session.line();
    if (!first.startsWith("folder ")) throw noFolder(this.session.label, first.replace(/^nofolder /, ""));
    await this.put("recipe", Buffer.from(script, "utf8"));
    for (const [name, bytes] of inputs) await this.put(`in/${name}`, bytes);
    const status = await this.run();
    if (status !== 0) throw buildFailed(this.session.label, status, this.log.tail);
    const results = await this.fetch();
    this.session.send("quit\n");
    // the folder is gone before we say that it was built
    await this.session.line();
    return results;
  }

  private async put(name: string, bytes: Uint8Array): Promise<void> {
    if (!/^(in\/)?[A-Za-z0-9_][A-Za-z0-9._-]*$/.test(name)) throw new Error(`${name} cannot be put into a build`);
    const wire = gzipSync(bytes)
      .toString("base64")
      .replace(/.{1,76}/g, "$&\n");
    this.session.send(`put ${name} ${bytes.length} ${sha256(bytes)} ${wire.length}\n${wire}`);
    const [answer = ""] = await this.answer("put");
    if (answer !== "taken")
      throw imageFailed(this.session.label, `sending ${name} to the build`, answer.replace(/^failed /, ""));
  }

  private async run(): Promise<number> {
    this.session.send("run\n");
    let status = Number.NaN;
    for (let line = await this.session.line(); line !== "end run"; line = await this.session.line()) {
      if (line === "log") this.log.add(await this.piece());
      else if (line.startsWith("status ")) status = Number(line.slice(7));
      else if (line.startsWith("skipped ")) this.log.say(`... ${line.slice(8)} bytes of the log are left out here ...`);
    }
    this.log.end();
    if (Number.isNaN(status)) throw badFrame(this.session.label, "a build without a status");
    return status;
  }

  /** Base64 lines up to a dot. */
  private async piece(): Promise<Buffer> {
    const parts: string[] = [];
    for (let line = await this.session.line(); line !== "."; line = await this.session.line()) parts.push(line);
    return Buffer.from(parts.join(""), "base64");
  }

  private async fetch(): Promise<Map<string, Uint8Array>> {
    const { label } = this.session;
    this.session.send("results\n");
    const rows = (await this.answer("results")).flatMap((line) => {
      const [, size, sha, name = ""] = /^result (\d{1,12}) ([0-9a-f]{64}) (.+)$/.exec(line) ?? [];
      return sha !== undefined && isResult(name) ? [{ name, sha, size: Number(size) }] : [];
    });
    if (!rows.some(({ name, size }) => name === "acrn.bin" && size > 0)) throw noResult(label, "there is no acrn.bin");
    if (rows.length > MOST_RESULTS) throw noResult(label, `it left ${rows.length} files`);
    const large = rows.find(({ size }) => size > IMAGE_FILE_LIMIT);
    if (large) throw noResult(label, `${large.name} is larger than ${IMAGE_FILE_LIMIT} bytes`);
    const files = new Map<string, Uint8Array>();
    for (const row of rows) files.set(row.name, await this.get(row));
    return files;
  }

  private async get({ name, sha, size }: { name: string; sha: string; size: number }): Promise<Uint8Array> {
    this.session.send(`get ${name}\n`);
    const packed = (await this.answer("get")).map((line) => line.replace(/^\| /, "")).join("");
    let bytes: Buffer | undefined;
    try {
      bytes = gunzipSync(Buffer.from(packed, "base64"), { maxOutputLength: size + 1 });
    } catch {
      // said below
    }
    if (bytes?.length === size && sha256(bytes) === sha) return bytes;
    throw badFrame(this.session.label, `${name} with another SHA-256 than it said`);
  }

  private async answer(word: string): Promise<string[]> {
    const lines: string[] = [];
    for (let line = await this.session.line(); line !== `end ${word}`; line = await this.session.line())
      lines.push(line);
    return lines;
  }
}

const sha256 = (bytes: Uint8Array): string => createHash("sha256").update(bytes).digest("hex");
