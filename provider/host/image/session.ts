import { gunzipSync } from "node:zlib";
import { IMAGE_FILE_LIMIT, isImageFile, MANIFEST } from "../../core/acrn/image/manifest";
import { checkImageId } from "../../core/acrn/image/paths";
import { badFrame } from "../errors";
import { imageScript } from "../scripts/image";
import { Session, type SessionOptions } from "../session";
import type { Target } from "../types";
import { imageFailed, noOneShot, noRoom } from "./errors";
import { type ImageState, type Kernels, readKernels, readState } from "./state";
import { checkScriptName, packed } from "./wire";

/** What is staged: all files of an image, `image.json` apart, because it comes last. */
export interface StagedImage {
  id: string;
  files: ReadonlyMap<string, Uint8Array>;
  manifest: Uint8Array;
}

/** 4 MiB, as grub-cfg reads it. */
const MENU_LIMIT = 4 * 1024 * 1024;

/** Asks and answers of the image script, one at a time, over one session. */
export class ImageSession {
  private constructor(private readonly session: Session) {}

  static async open(target: Target, options: SessionOptions = {}): Promise<ImageSession> {
    return new ImageSession(await Session.start(target, imageScript(), options));
  }

  get label(): string {
    return this.session.label;
  }

  close(): Promise<void> {
    return this.session.close();
  }

  /** `there`: it was staged before, and nothing was sent. */
  async stage({ id, files, manifest }: StagedImage, progress?: (name: string) => void): Promise<"staged" | "there"> {
    if ((await this.ask(["stage", checkImageId(id)], "staging")) === "there") return "there";
    const all = [...files, [MANIFEST, manifest] as const];
    for (const [name, bytes] of all) {
      progress?.(name);
      await this.send(id, name, bytes);
    }
    return (await this.ask(["finish", id, all.length], "staging")) === "there" ? "there" : "staged";
  }

  /** @throws AcrnError `image.space` before anything is written */
  async install(id: string): Promise<"installed" | "there"> {
    return (await this.ask(["install", checkImageId(id)], "installing")) === "there" ? "there" : "installed";
  }

  /** The kernel that runs, as far as it lies in /boot. */
  async kernels(): Promise<Kernels> {
    return readKernels(await this.lines(["kernels"], "looking for the kernel"));
  }

  /** Keeps the running kernel beside an image, once. */
  async keepKernel(id: string): Promise<void> {
    await this.ask(["keep-kernel", checkImageId(id)], "keeping the kernel");
  }

  /** These launch scripts, and no others, stand beside the image. */
  async putScripts(id: string, scripts: ReadonlyMap<string, string>): Promise<void> {
    const [names, doing] = [[...scripts.keys()].map(checkScriptName), "keeping the launch scripts"];
    await this.ask(["scripts", checkImageId(id), ...names], doing);
    for (const [name, text] of scripts) {
      const { size, sha, wire } = packed(Buffer.from(text, "utf8"));
      await this.ask(["beside", id, name, size, sha, wire.length], doing, undefined, wire);
    }
  }

  /** The image is confirmed: of its own launch scripts only those stay that still wait, and these. */
  async keepScripts(id: string, stay: readonly string[]): Promise<void> {
    const names = stay.map(checkScriptName);
    await this.ask(["settled", checkImageId(id), ...names], "removing launch scripts that wait no longer");
  }

  /** Why GRUB cannot write grubenv here; undefined: it can. */
  async oneShotTrouble(): Promise<string | undefined> {
    const [line = ""] = await this.lines(["grubenv"], "looking at grubenv");
    return line.startsWith("writable ") ? undefined : line.replace(/^refused /, "");
  }

  /**
   * The next boot, and only that, takes this image.
   * @param kept with the kernel that was kept for it
   * @throws AcrnError `image.one-shot`
   */
  async oneShot(id: string, { kept = false } = {}): Promise<void> {
    await this.ask(["one-shot", checkImageId(id), ...(kept ? ["-kept"] : [])], "setting the next boot");
  }

  /** The entry of somebody else that stays set for the next boot; undefined: none is. */
  async clearOneShot(): Promise<string | undefined> {
    const answer = await this.ask(["one-shot-clear"], "clearing the next boot");
    return answer.startsWith("other ") ? answer.slice(6) : undefined;
  }

  /** Counts with the next `updateGrub`. */
  async promote(id: string): Promise<void> {
    await this.ask(["promote", checkImageId(id)], "promoting");
  }

  /** As it was before the last `promote` or `withdraw`, with the time that it had: what GRUB's menu was made for is told by that. */
  async unpromote(): Promise<void> {
    await this.ask(["unpromote"], "taking back the promotion");
  }

  async updateGrub(beat?: (seconds: number) => void): Promise<void> {
    await this.ask(["update-grub"], "update-grub", beat);
  }

  /** GRUB's menu as it is on the disk, for `readGrubCfg`. */
  async menu(): Promise<{ file: string; text: string }> {
    const [first = "", ...rest] = await this.lines(["menu"], "reading GRUB's menu");
    const packed = Buffer.from(rest.map((line) => line.replace(/^\| /, "")).join(""), "base64");
    try {
      const text = gunzipSync(packed, { maxOutputLength: MENU_LIMIT }).toString("utf8");
      return { file: first.replace(/^menu /, ""), text };
    } catch {
      throw badFrame(this.label, "a menu that cannot be unpacked");
    }
  }

  /** The machine itself keeps back what runs, is promoted, or is tried next. */
  async prune(ids: readonly string[]): Promise<{ pruned: string[]; kept: { id: string; why: string }[] }> {
    const lines = await this.lines(["prune", ...ids.map(checkImageId)], "removing images");
    const kept = lines.flatMap((line) => {
      const [, id, why] = /^kept ([0-9a-f]{16}) (.*)$/.exec(line) ?? [];
      return id === undefined || why === undefined ? [] : [{ id, why }];
    });
    return { pruned: lines.flatMap((line) => /^pruned ([0-9a-f]{16})$/.exec(line)?.[1] ?? []), kept };
  }

  /**
   * The packaged image is the default again, in GRUB's menu too; where that fails, what was promoted still is.
   * @returns GRUB's saved entry, which `readGrubCfg` asks for; undefined: there is no menu that could have one of ours
   */
  async withdraw(beat?: (seconds: number) => void): Promise<string | undefined> {
    const answer = await this.ask(["withdraw"], "going back to the packaged image", beat);
    return /^withdrawn saved ?(.*)$/.exec(answer)?.[1];
  }

  /**
   * Behind `withdraw`: everything of ours goes, but for `wanted`, which a claim gives back.
   * @param runs an image that runs: its launch scripts go to /run
   */
  async retire(runs?: string, beat?: (seconds: number) => void): Promise<void> {
    await this.lines(["retire", ...(runs === undefined ? [] : [checkImageId(runs)])], "removing all images", beat);
  }

  async state(): Promise<ImageState> {
    return readState(await this.lines(["state"], "looking at the images"));
  }

  private async send(id: string, name: string, bytes: Uint8Array): Promise<void> {
    if (name !== MANIFEST && !isImageFile(name)) throw new Error(`${name} is no file of an image`);
    if (bytes.length > IMAGE_FILE_LIMIT)
      throw imageFailed(this.label, "staging", `${name} is larger than ${IMAGE_FILE_LIMIT} bytes`);
    const { size, sha, wire } = packed(bytes);
    await this.ask(["file", id, name, size, sha, wire.length], `staging ${name}`, undefined, wire);
  }

  /** The last line of an answer that has one. */
  private async ask(
    words: readonly (string | number)[],
    doing: string,
    beat?: (seconds: number) => void,
    wire?: string,
  ): Promise<string> {
    const answer = (await this.lines(words, doing, beat, wire)).at(-1);
    if (answer === undefined) throw badFrame(this.label, `nothing to ${words[0]}`);
    return answer;
  }

  private async lines(
    words: readonly (string | number)[],
    doing: string,
    beat?: (seconds: number) => void,
    wire = "",
  ): Promise<string[]> {
    this.session.send(`${words.join(" ")}\n${wire}`);
    const out: string[] = [];
    for (let line = await this.session.line(); line !== `end ${words[0]}`; line = await this.session.line()) {
      if (line.startsWith("beat ")) beat?.(Number(line.slice(5)));
      else out.push(line);
    }
    const bad = out.find((line) => line.startsWith("failed "));
    if (bad !== undefined) throw imageFailed(this.label, doing, bad.slice(7));
    const [, need, free] = /^space (\d{1,15}) (\d{1,15})$/.exec(out.at(-1) ?? "") ?? [];
    if (need !== undefined) throw noRoom(this.label, `${words[1]}`, Number(need), Number(free));
    const refused = words[0] === "one-shot" && out.find((line) => line.startsWith("refused "));
    if (refused) throw noOneShot(this.label, refused.slice(8));
    return out;
  }
}
