import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import type { Call } from "../../desk";
import { mkconfig, updateGrub } from "../../grub/mkconfig";
import { FS_UUID } from "../../grub/spec";
import type { GuestParts } from "../parts";
import { Entries } from "./entries";

/**
 * grub2-mkconfig: the menu has no lines of kernels, so what the settings say of them gets to the entries only where it is asked to: RHEL 8 writes it
 * into `kernelopts`; from 9.3 on existing entries are left alone without --update-bls-cmdline, whatever the settings say [Fedora's 10_linux: update_bls_cmdline].
 */
export function grub2Mkconfig(call: Call, os: GuestParts): void {
  const { spec, grub, carrier } = os;
  const at = call.args.findIndex((word) => /^(-o|--output)$/.test(word));
  const to = at < 0 ? call.args.find((word) => word.startsWith("--output="))?.slice(9) : call.args[at + 1];
  const { dir } = spec;
  const inTree = to?.startsWith(`${dir}/`) ? to.slice(dir.length) : to;
  const made =
    inTree === undefined
      ? mkconfig(dir, grub)
      : updateGrub(dir, grub, inTree === "/etc/grub2.cfg" ? "/boot/grub2/grub.cfg" : inTree);
  for (const line of made.said) call.err(line);
  if (inTree === undefined) call.out(made.text.replace(/\n$/, ""));
  carrier.log(`${spec.name} ${made.status === 0 ? "grub2-mkconfig" : "grub2-mkconfig failed"}`);
  if (made.settings?.GRUB_ENABLE_BLSCFG === "true") lines(os, made.settings, call.args);
  call.exit(made.status);
}

function lines(os: GuestParts, settings: Readonly<Record<string, string>>, args: readonly string[]): void {
  const { GRUB_CMDLINE_LINUX: always = "", GRUB_CMDLINE_LINUX_DEFAULT: normal = "" } = settings;
  const line = [`root=UUID=${FS_UUID} ro`, always, normal].filter(Boolean).join(" ");
  const entries = new Entries(os);
  if (os.spec.kernelopts) {
    if (!args.includes("--no-grubenv-update")) entries.setVariable("kernelopts", line);
    return;
  }
  const forNew = join(os.spec.dir, "etc/kernel/cmdline");
  const asked = args.includes("--update-bls-cmdline");
  if (asked || !existsSync(forNew)) {
    mkdirSync(dirname(forNew), { recursive: true });
    writeFileSync(forNew, `${line}\n`);
  }
  if (asked) for (const entry of entries.all()) entries.set(entry, "options", line);
}
