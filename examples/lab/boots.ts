import { spawnSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { basename, isAbsolute, join } from "node:path";
import { parseXml, type XmlElement } from "@rgrove/parse-xml";
import { environmentTrouble, menuTrouble, promotedTrouble } from "./boots-grub";

/** One kind of file that a boot or a launch needs, and what may be wrong with one. */
interface Check {
  /** Paths, relative to the tree. */
  path: RegExp;
  /** A sentence that names the trouble, without the path; undefined when there is none. */
  trouble(text: string, path: string, dir: string): string | undefined;
}

/**
 * What keeps a host from booting, a VM from being launched, or us from knowing what is ours there: a line for each thing, of the
 * file tree alone; empty when nothing does. Files that a tree does not have are no trouble: not every host has each. It reads the files
 * by itself, without the product, so that one cannot hide the other's mistake.
 */
export function boots(dir: string): string[] {
  const files = (readdirSync(dir, { recursive: true }) as string[]).sort().filter((path) => isFile(join(dir, path)));
  return files.flatMap((path) =>
    CHECKS.filter((check) => check.path.test(path)).flatMap((check) => {
      const trouble = check.trouble(readFileSync(join(dir, path), "latin1"), path, dir);
      return trouble === undefined ? [] : [`/${path}: ${trouble}`];
    }),
  );
}

/** A link is judged by where it ends, and one that ends nowhere is no file. */
function isFile(path: string): boolean {
  return existsSync(path) && statSync(path).isFile();
}

const CHECKS: readonly Check[] = [
  // the hypervisor that GRUB loads
  { path: /^boot\/acrn[^/]*\.bin$/, trouble: notEmpty },
  // sourced by grub-mkconfig, under `set -e` (grub, util/grub-mkconfig.in)
  {
    path: /^etc\/default\/grub$|^etc\/default\/grub\.d\/[^/.][^/]*\.cfg$/,
    trouble: (text) => shellTrouble("sh", text),
  },
  { path: /^etc\/grub\.d\/\d\d_[^/]+$/, trouble: (text) => notEmpty(text) ?? shellTrouble(shellOf(text), text) },
  { path: /^boot\/(grub|efi\/EFI\/[^/]+)\/grub\.cfg$/, trouble: menuFileTrouble },
  { path: /^boot\/grub\/grubenv$/, trouble: environmentTrouble },
  { path: /^var\/lib\/pulumi-acrn\/images\/promoted$/, trouble: promotedTrouble },
  // what starts a VM, where packages and people keep it (superset.ts), and the copies that are kept for an image
  {
    path: /^usr\/share\/acrn\/launch-scripts\/.*\.sh$|(^|\/)acrn-work\/[^/]+\.sh$|^(root|home\/[^/]+)\/[^/]*launch[^/]*\.sh$/,
    trouble: launchTrouble,
  },
  { path: /^var\/lib\/pulumi-acrn\/(images|launch)\/.*\.sh$/, trouble: ourLaunchTrouble },
  { path: /^usr\/share\/acrn\/conf\/add\/[^/]+\.sh$/, trouble: autostartTrouble },
  { path: /^(etc|usr\/lib)\/systemd\/system\/[^/]+\.service$/, trouble: unitTrouble },
  // what the next hypervisor is built from, what was built, and what is ours in it
  { path: /^usr\/share\/acrn\/board\.xml$/, trouble: (text) => xmlTrouble(text) },
  { path: /^(usr\/share\/acrn|var\/lib\/pulumi-acrn)\/scenario\.xml$/, trouble: scenarioTrouble },
  { path: /^var\/lib\/pulumi-acrn\/ledger\.json$/, trouble: ledgerTrouble },
];

function notEmpty(text: string): string | undefined {
  return text.trim() === "" ? "it is empty" : undefined;
}

function launchTrouble(text: string): string | undefined {
  if (!/\bacrn-dm\b|\bexec\b|^\s*[.]\s/m.test(text)) return "it starts no VM";
  // functions alone: bash can read them, and nothing calls them
  if (/written by pulumi-acrn/.test(text) && !/^(main|exec) .*\n$/m.test(text)) return "it lost its end";
  return shellTrouble(shellOf(text), text);
}

/** One of ours, which may be a wrapper around somebody's script. */
function ourLaunchTrouble(text: string, _path: string, dir: string): string | undefined {
  const wrapped = pathIn(text, "script");
  if (wrapped !== undefined && !isFile(join(dir, wrapped))) return `it runs ${wrapped}, which is not there`;
  return launchTrouble(text);
}

/** acrnd runs it at each start, with the words of the file beside it (reference 1.4). */
function autostartTrouble(text: string, path: string, dir: string): string | undefined {
  const vm = basename(path, ".sh");
  const started = pathIn(text, "launch") ?? /^exec (?:ba)?sh (\/\S+)/m.exec(text)?.[1];
  if (started === undefined) return launchTrouble(text);
  if (!isFile(join(dir, started)))
    // of a VM that no image has yet there is only the script that waits for one
    return isFile(join(dir, `var/lib/pulumi-acrn/images/next/${vm}.sh`))
      ? launchTrouble(text)
      : `it runs ${started}, which is not there`;
  if (!existsSync(join(dir, path.replace(/sh$/, "args")))) return "its words (.args) are not there";
  const script = readFileSync(join(dir, started), "latin1");
  const trouble = ourLaunchTrouble(script, started, dir) ?? notFor(vm, script);
  return trouble === undefined ? launchTrouble(text) : `it runs ${started}: ${trouble}`;
}

/** Every script says somewhere which VM it is for. */
function notFor(vm: string, script: string): string | undefined {
  const named = script.split(/[^\w.-]+/).includes(vm);
  return named ? undefined : `it does not start ${vm}`;
}

/** The absolute path that a variable of our scripts is set to, quoted or not. */
function pathIn(text: string, variable: string): string | undefined {
  return new RegExp(`^${variable}='?(/[^\\s']+)'?$`, "m").exec(text)?.[1];
}

function shellOf(text: string): "bash" | "sh" {
  return /^#!.*\bbash\b/.test(text) ? "bash" : "sh";
}

/** As the shell itself says: read, not run. */
function shellTrouble(shell: "bash" | "sh", text: string): string | undefined {
  const { status, stderr, error } = spawnSync(shell, ["-n"], { input: Buffer.from(text, "latin1"), encoding: "utf8" });
  if (error) throw error;
  return status === 0 ? undefined : `${shell} cannot read it: ${stderr.trim()}`;
}

/** Its braces: a text that was cut lacks some. (grub-script-check knows more, where it is installed.) */
function grubTrouble(text: string): string | undefined {
  const count = (brace: RegExp) => text.match(brace)?.length ?? 0;
  return count(/(^|\s)\{(?=\s|$)/gm) === count(/^\s*\}/gm) ? undefined : "a block is not closed";
}

/** GRUB's own file, and (its EFI stub is no menu) whether its default boots. */
function menuFileTrouble(text: string, path: string, dir: string): string | undefined {
  return notEmpty(text) ?? grubTrouble(text) ?? (/^boot\/grub\//.test(path) ? menuTrouble(dir) : undefined);
}

/** systemd.service(5): without a program that can be executed the unit fails. */
function unitTrouble(text: string, _path: string, dir: string): string | undefined {
  const started = [...text.matchAll(/^ExecStart=[-@:+!|]*(\S+)/gm)].map(([, program = ""]) => program);
  if (started.length === 0) return "it starts nothing";
  const missing = started.find((program) => isAbsolute(program) && !executable(join(dir, program)));
  return missing === undefined ? undefined : `it starts ${missing}, which cannot be executed`;
}

function executable(path: string): boolean {
  return isFile(path) && (statSync(path).mode & 0o111) !== 0 && statSync(path).size > 0;
}

function xmlTrouble(text: string): string | undefined {
  try {
    parseXml(Buffer.from(text, "latin1").toString("utf8"));
    return undefined;
  } catch (error) {
    return `it is no XML: ${(error as Error).message.split("\n")[0]}`;
  }
}

/** What ACRN's configuration tools demand before anything else: one <hv>, VMs, and their names told apart. */
function scenarioTrouble(text: string): string | undefined {
  const broken = xmlTrouble(text);
  if (broken !== undefined) return broken;
  const { root } = parseXml(Buffer.from(text, "latin1").toString("utf8"));
  const children = (name: string) =>
    (root?.children ?? []).filter((node): node is XmlElement => (node as XmlElement).name === name);
  if (root?.name !== "acrn-config") return `its root is <${root?.name}>`;
  if (children("hv").length !== 1) return `it has ${children("hv").length} <hv>`;
  const ids = children("vm").map((vm) => vm.attributes.id);
  if (ids.length === 0) return "it has no VM";
  return new Set(ids).size === ids.length ? undefined : "two VMs have one id";
}

/** Its frame; what a claim says is the product's to know. */
function ledgerTrouble(text: string): string | undefined {
  try {
    const { format, owners, documents, fields } = JSON.parse(text) as Record<string, unknown>;
    const whole = [owners, documents, fields].every((part) => typeof part === "object" && part !== null);
    return format === 1 && whole ? undefined : "it is no ledger";
  } catch (error) {
    return `it is no JSON: ${(error as Error).message}`;
  }
}
