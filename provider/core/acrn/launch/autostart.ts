import { shellQuote } from "../../text/shell-quote";

export interface Autostart {
  vm: string;
  /** The path that the program declares for the launch script. */
  canonical: string;
  /** SHA-256, in hex, of the packaged scenario that the canonical script was written for; undefined: no script waits for another one. */
  record?: string;
}

/**
 * `conf/add/<vm>.sh`; beside it belongs `<vm>.args`, which may hold one blank line: acrnd runs `bash <vm>.sh $(cat <vm>.args)`
 * [misc/services/acrn_manager]. The image is the only switch (design, "Power"): the script that is kept for the image that was booted;
 * else one that waits, when another scenario than the canonical script's is installed; else the canonical one. `next` is no image.
 */
export function autostartScript({ vm, canonical, record }: Autostart): string {
  const kept = "/var/lib/pulumi-acrn/images";
  return `#!/bin/bash
# Autostart of the ACRN VM ${vm.replace(/[^\w.-]/g, "?")}, written by pulumi-acrn: runs the launch script that fits the image that was booted.
vm=${shellQuote(vm)}
launch=${shellQuote(canonical)}
built_for=${shellQuote(record ?? "")}
image=
read -ra words </proc/cmdline
for word in "\${words[@]}"; do
  case $word in pulumi_acrn_image=*) image=\${word#*=} ;; esac
done
case $image in next | *[!A-Za-z0-9_-]*) image= ;; esac
installed=$(sha256sum 2>/dev/null </usr/share/acrn/scenario.xml)
installed=\${installed%% *}
if [ -n "$image" ] && [ -e "${kept}/$image/$vm.sh" ]; then
  launch=${kept}/$image/$vm.sh
elif [ -e "${kept}/next/$vm.sh" ] && [ -n "$installed" ] && [ -n "$built_for" ] && [ "$installed" != "$built_for" ]; then
  launch=${kept}/next/$vm.sh
fi
exec bash "$launch" "$@"
`;
}
