import { edited, OK, type Row, said } from "./rt-vm.rules-rows";

/** Where a launch script may not lie: refused, and its neighbour that is accepted. */
export const PLACES: Row[] = [
  [
    "owned: the place of another VM's launcher",
    said({ script: { owned: "/var/lib/pulumi-acrn/launch/STD.sh" } }),
    said({ script: { owned: "/var/lib/pulumi-acrn/launch/RT.sh" } }),
    "rtvm.script-place",
    "script.owned",
    /Leave it out: the script is .*RT\.sh/,
  ],
  [
    "owned: a folder of ours",
    said({ script: { owned: "/var/lib//pulumi-acrn/./ledger.sh" } }),
    said({ script: { owned: "/var/lib/acrn/rt.sh" } }),
    "rtvm.script-place",
    "script.owned",
    /Leave it out/,
  ],
  [
    "owned: acrnd's folder",
    said({ script: { owned: "/usr/share/acrn/conf/add/RT.sh" } }),
    said({ script: { owned: "/usr/share/acrn/RT.sh" } }),
    "rtvm.script-place",
    "script.owned",
    /`autostart: true`/,
  ],
  [
    "owned: a package's folder",
    said({ script: { owned: "/usr/share/acrn/launch-scripts/b/s/launch_user_vm_id1.sh" } }),
    said({ script: { owned: "/usr/local/launch_user_vm_id1.sh" } }),
    "rtvm.script-place",
    "script.owned",
    /another path/,
  ],
  [
    "owned: a name that no launch script has",
    said({ script: { owned: "/root/rt" } }),
    said({ script: { owned: "/root/rt.sh" } }),
    "rtvm.script-place",
    "script.owned",
    /rt\.sh/,
  ],
  [
    "edited: what we write around it",
    said({ script: { edited: "/var/lib/pulumi-acrn/launch/RT.sh" } }),
    edited(OK),
    "rtvm.script-place",
    "script.edited",
    /Copy it/,
  ],
  [
    "edited: acrnd's entry",
    said({ script: { edited: "/usr/share/acrn/conf/add/RT.sh" } }),
    edited(OK),
    "rtvm.script-place",
    "script.edited",
    /Copy it .* `autostart: true`/,
  ],
  [
    "edited: a package's script",
    said({ script: { edited: "/usr/share/acrn/launch-scripts/b/s/launch_user_vm_id1.sh" } }),
    edited(OK),
    "rtvm.script-place",
    "script.edited",
    /Copy it/,
  ],
];
