import { copyFileSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { withProgress } from "../../../../tools/progress";
import { makeDisk } from "./disk";
import { ANSWERS, EARLY, FINISH, LATE, PACKAGES, RELEASE, ROOT_UUID } from "./recipe";
import { type Archives, archives } from "./sources";
import { must } from "./tools";

/** What a build leaves. */
export const FILES = { disk: "disk.raw", key: "id_ed25519", hostKey: "host_key.pub" };

/** Makes the image in that folder. The keys are made with it: they open nothing but this guest, on the loopback address. */
export async function build(folder: string): Promise<void> {
  const from = await archives();
  if (typeof from === "string") throw new Error(from);
  const tree = join(folder, "tree");
  const ed25519 = ["-q", "-t", "ed25519", "-N", "", "-C", "pulumi-acrn test"];
  await must("ssh-keygen", [...ed25519, "-f", join(folder, FILES.key)]);
  writeInputs(folder);
  await withProgress("building a Debian guest with a real-time kernel (mmdebstrap)", (note) =>
    bootstrap(folder, tree, from, note),
  );
  await withProgress("making its disk (mke2fs, sfdisk)", () => makeDisk(tree, join(folder, FILES.disk)));
  copyFileSync(join(tree, "etc/ssh/ssh_host_ed25519_key.pub"), join(folder, FILES.hostKey));
  for (const name of ["tree", "early", "late", "finish.sh", "answers", "partitions", "efi"])
    rmSync(join(folder, name), { recursive: true, force: true });
}

/** A failed one leaves nothing mounted: mmdebstrap has a mount namespace of its own (mmdebstrap(1), MODES). */
async function bootstrap(folder: string, tree: string, from: Archives, note: (line: string) => void): Promise<void> {
  const hooks = [
    `--essential-hook=cp -r '${folder}'/early/. "$1" && chroot "$1" debconf-set-selections <'${folder}'/answers`,
    `--customize-hook=cp -r '${folder}'/late/. "$1"`,
    `--customize-hook=sh '${folder}'/finish.sh "$1" ${ROOT_UUID}`,
  ];
  // nobody reads manuals there, and a tree that is lost is built again
  const unpack = ["path-exclude=/usr/share/man/*", "path-exclude=/usr/share/locale/*", "path-exclude=/usr/share/doc/*"];
  const args = [
    ...["--mode=root", "--format=directory", "--variant=minbase", `--include=${PACKAGES.join(",")}`],
    ...from.settings.map((line) => `--aptopt=${line}`),
    ...[...unpack, "force-unsafe-io"].map((line) => `--dpkgopt=${line}`),
    ...[...hooks, RELEASE, tree, ...from.sources],
  ];
  await must("mmdebstrap", args, (line) => line.startsWith("I: running --") || note(line.replace(/^I: /, "")));
}

function writeInputs(folder: string): void {
  const key = readFileSync(join(folder, `${FILES.key}.pub`), "utf8");
  const write = (name: string, text: string, mode = 0o644): void => {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), text, { mode });
  };
  for (const [name, text] of Object.entries(EARLY)) write(`early/${name}`, text, text.startsWith("#!") ? 0o755 : 0o644);
  for (const [name, text] of Object.entries(LATE)) write(`late/${name}`, text);
  write("late/root/.ssh/authorized_keys", key, 0o600);
  write("answers", ANSWERS);
  write("finish.sh", FINISH);
}
