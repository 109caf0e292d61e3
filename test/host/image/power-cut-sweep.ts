import assert from "node:assert/strict";
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { dirname, join } from "node:path";
import { readGrubCfg } from "../../../provider/core/acrn/image/grub-cfg";
import { type FolderShell, folderTarget } from "../../../provider/host/folder";
import { ImageSession } from "../../../provider/host/image/session";
import { needs } from "../../support/needs";
import { Tally } from "../../support/tally";
import { shells, temporary } from "../helpers";
import { ACTS, type Act } from "./power-cut-acts";
import { copyOf, has, image, machine, RELEASE, read, withGrub } from "./world";

/** What the scripts call, GRUB's tools included; sleep runs beside the others and would take their numbers at random. */
const COMMANDS = (
  "base64 cat chmod cp df grep grub-editenv grub-probe grub-reboot gzip head ls mkdir mv rm rmdir " +
  "sed sha256sum sort stat sync tail tr update-grub"
).split(" ");

/** Every command of a session is counted; at one of them all of the session dies at once, as when the power goes. */
const command = (real: string): string => `at=$PULUMI_ACRN_ROOT.cut
n=1
if [ -d "$at" ]; then
  until (set -C; echo "\${0##*/} $*" >"$at/$n") 2>/dev/null; do [ -d "$at" ] || break; n=$((n+1)); done
  [ ! -e "$at/kill.$n" ] || kill -9 "-$CUT_SESSION"
fi
exec '${real}' "$@"
`;

function counted(plain: FolderShell): Required<FolderShell> {
  const { shell, path } = withGrub(plain);
  const bin = temporary();
  const executable = (file: string, text: string) => {
    writeFileSync(file, text);
    chmodSync(file, 0o755);
  };
  for (const name of COMMANDS) {
    const real = path.split(":").find((folder) => existsSync(join(folder, name)));
    assert.ok(real, `${name} is nowhere`);
    executable(join(bin, name), `#!${shell}\n${command(join(real, name))}`);
  }
  // the session is a process group of its own, so that one signal reaches all of it
  const own = join(temporary(), "shell");
  executable(own, `#!/bin/sh\nexport CUT_SESSION=$$\nexec setsid '${shell}' "$@"\n`);
  return { shell: own, path: `${bin}:${path}` };
}

/** The bytes that each file of an entry must have, by its name. */
const WHOLE: Record<string, string> = {
  "acrn-3.3.bin": "packaged",
  [`vmlinuz-${RELEASE}`]: "the kernel",
  [`initrd.img-${RELEASE}`]: "the initrd",
  vmlinuz: "the kernel",
  initrd: "the initrd",
};

/** The id of what boots by default, and why it or the one-shot would not boot. */
function judge(root: string): { boots: string; trouble: string[] } {
  const cfg = read(root, "boot/grub/grub.cfg");
  const menu = readGrubCfg(cfg);
  assert.ok(menu.default.known, JSON.stringify(menu.default));
  const boots = menu.default.entry.id ?? "";
  const env = has(root, "boot/grub/grubenv") ? read(root, "boot/grub/grubenv") : "";
  const next = /^next_entry=(.+)$/m.exec(env)?.[1];
  return { boots, trouble: [boots, ...(next ? [next] : [])].flatMap((id) => unbootable(root, cfg, id)) };
}

function unbootable(root: string, cfg: string, id: string): string[] {
  const at = cfg.search(new RegExp(`menuentry [^\n]*["']${id}["'] \\{`));
  if (at === -1) return [`no entry ${id}`];
  const body = cfg.slice(at, cfg.indexOf("\n}", at));
  return [...body.matchAll(/(?:multiboot2|module2)(?: --nounzip)?\s+(\/\S+)/g)].flatMap(([, path = ""]) => {
    if (!existsSync(join(root, path))) return [`${id}: ${path} is missing`];
    const name = path.split("/").at(-1) ?? "";
    const expected =
      name === "acrn.bin" ? image(path.split("/").at(-2) ?? "").files.get("acrn.bin") : Buffer.from(WHOLE[name] ?? "");
    return readFileSync(join(root, path)).equals(expected ?? Buffer.alloc(0)) ? [] : [`${id}: ${path} is torn`];
  });
}

/**
 * What boots after a power cut at the commands of each act.
 * @param strides by shell: 1 is every command; a shell that is left out is not tried
 */
export function powerCutSweep(strides: Readonly<Record<string, number>>): void {
  for (const { name, shell } of shells().filter((each) => Object.hasOwn(strides, each.name)))
    describe(`the power goes at any command of the image script, under ${name}`, function () {
      this.timeout(1_200_000);
      let own: Required<FolderShell>;
      before(function () {
        needs(this, shell, `no ${name} on this machine`);
        own = counted(shell);
      });

      async function within<T>(root: string, work: (session: ImageSession) => Promise<T>): Promise<T> {
        const session = await ImageSession.open(folderTarget(root, own));
        try {
          return await work(session);
        } finally {
          await session.close();
        }
      }

      /** How many commands it takes; with `cut`, it is cut at that one. */
      async function perform(root: string, act: Act, cut?: number): Promise<{ calls: string[]; whole: boolean }> {
        const at = `${root}.cut`;
        mkdirSync(at);
        if (cut !== undefined) writeFileSync(join(at, `kill.${cut}`), "");
        const whole = await within(root, act.perform).then(
          () => true,
          () => false,
        );
        renameSync(at, `${at}.off`);
        const count = readdirSync(`${at}.off`).filter((file) => /^\d+$/.test(file)).length;
        const calls = Array.from({ length: count }, (_, n) =>
          readFileSync(join(`${at}.off`, `${n + 1}`), "utf8").trim(),
        );
        rmSync(`${at}.off`, { recursive: true });
        return { calls, whole };
      }

      for (const act of ACTS)
        it(`${act.title}: what booted before or what shall boot is whole`, async () => {
          const template = machine();
          await within(template, async (session) => {
            await session.updateGrub();
            await act.prepare(session, template);
          });
          assert.deepEqual(judge(template), { boots: act.from, trouble: [] });
          const tally = new Tally(`power cut, ${act.title}, ${name}`);
          const plain = copyOf(template);
          const { calls } = await perform(plain, act);
          rmSync(dirname(plain), { recursive: true });
          // from the end on, where the acts take effect
          for (let cut = calls.length; cut > 0; cut -= strides[name] as number) {
            const root = copyOf(template);
            const where = `${cut}: ${calls[cut - 1]?.slice(0, 80)}`;
            await perform(root, act, cut);
            const { boots, trouble } = judge(root);
            if (trouble.length > 0 || ![act.from, act.to].includes(boots))
              tally.add("torn", `${where}: ${boots}, ${trouble}`);
            else {
              const again = await perform(root, act);
              const after = judge(root);
              const good =
                again.whole && after.boots === act.to && after.trouble.length === 0 && strays(root).length === 0;
              const end = boots === act.to && act.to !== act.from ? "new" : "old";
              tally.add(
                good ? end : "lost",
                `${where}: ${again.whole} ${after.boots} ${after.trouble} ${strays(root)}`,
              );
            }
            rmSync(dirname(root), { recursive: true });
          }
          tally.check({ both: act.from !== act.to });
        });
    });
}

/** Half folders that the next run should have taken away. */
function strays(root: string): string[] {
  return ["boot/pulumi-acrn", "var/lib/pulumi-acrn/images"]
    .filter((path) => has(root, path))
    .flatMap((path) => readdirSync(join(root, path)).filter((file) => /^\..*\.(gone|old|new)$/.test(file)));
}
