import { shellQuote } from "../../text/shell-quote";

export interface Autostart {
  vm: string;
  /** The path that the program declares for the launch script. */
  canonical: string;
  /** The script that the canonical one starts, where that is a wrapper of ours, whose own text says nothing of what it starts. */
  edited?: string;
  /** The record of the installed image that the canonical script was written for; undefined: no script waits for another one. */
  record?: { path: string; sha256: string };
}

/**
 * `conf/add/<vm>.sh`; beside it belongs `<vm>.args`, which may hold one blank line: acrnd runs `bash <vm>.sh $(cat <vm>.args)`
 * [misc/services/acrn_manager]. The image is the only switch (design, "Power"): the script that is kept for the image that was booted;
 * else one that waits, when another scenario than the canonical script's is installed and was booted; else the canonical one. `next` is no image.
 * acrnd starts anew whenever its package is upgraded, so an image that is installed may not run yet: the running one would refuse what waits, or divide
 * by zero where it has RDT and lacks the name (reference 3, 8b). Of that image the ctime tells, which no copy takes along.
 */
export function autostartScript({ record, ...of }: Autostart): string {
  return `${head(of, record?.sha256)}${record ? WAITS(record.path) : KEPT_ALONE}exec bash "$launch" "$@"
`;
}

const IMAGES = "/var/lib/pulumi-acrn/images";

const head = ({ vm, canonical, edited }: Autostart, builtFor: string | undefined): string => `#!/bin/bash
# Autostart of the ACRN VM ${vm.replace(/[^\w.-]/g, "?")}, written by pulumi-acrn: runs the launch script that fits the image that was booted.
vm=${shellQuote(vm)}
launch=${shellQuote(canonical)}
${edited === undefined ? "" : `edited=${shellQuote(edited)}\n`}${builtFor === undefined ? "" : `built_for=${shellQuote(builtFor)}\n`}image=
read -ra words </proc/cmdline
for word in "\${words[@]}"; do
  case $word in pulumi_acrn_image=*) image=\${word#*=} ;; esac
done
case $image in next | *[!A-Za-z0-9_-]*) image= ;; esac
# beside an image stands what starts the VM on it while another one is the default (in /run: until the next boot takes the packages'); the canonical script is
# for the default, and may have changed since
kept=
for folder in /run/pulumi-acrn/images ${IMAGES}; do
  [ -z "$image" ] || [ ! -e "$folder/$image/$vm.sh" ] || kept=$folder/$image/$vm.sh
done
if [ -n "$kept" ]; then
  promoted=
  [ ! -e ${IMAGES}/promoted ] || IFS= read -r promoted <${IMAGES}/promoted
  if [ "$image" = "$promoted" ] && [ "$(sha256sum <"$kept")" != "$(sha256sum 2>/dev/null <"${IMAGES}/next/$vm.sh")" ]; then
    # confirmed: until the canonical script was written anew it is that of the default before; what starts a script that waited has lost it
    case $(<"$kept") in */pulumi-acrn/images/next/*) kept= ;; *) [ "$kept" -nt "$launch" ]${edited === undefined ? "" : ' && [ "$kept" -nt "$edited" ]'} || kept= ;; esac
  fi
fi
`;

const KEPT_ALONE = `[ -z "$kept" ] || launch=$kept
`;

const WAITS = (record: string): string => `installed=$(sha256sum 2>/dev/null <${shellQuote(record)})
installed=\${installed%% *}
# Was what is installed there at this boot? One that came later does not run yet.
booted() {
  local key value boot=0 file
  while read -r key value; do
    [ "$key" != btime ] || boot=$value
  done </proc/stat
  for file in /boot/acrn*.bin; do
    [ ! -e "$file" ] || [ "$(stat -L -c %Z "$file")" -lt "$boot" ] || return 1
  done
}
if [ -n "$kept" ]; then
  launch=$kept
elif [ -e "${IMAGES}/next/$vm.sh" ] && [ -n "$installed" ] && [ "$installed" != "$built_for" ] && booted; then
  launch=${IMAGES}/next/$vm.sh
fi
`;
