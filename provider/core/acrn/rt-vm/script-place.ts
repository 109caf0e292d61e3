const OURS = "/var/lib/pulumi-acrn/";
const AUTOSTART = "/usr/share/acrn/conf/add/";
const PACKAGED = "/usr/share/acrn/launch-scripts/";

/** What keeps a path from being that of a VM's launch script. */
export interface PlaceTrouble {
  what: string;
  hint: string;
}

/**
 * Places that somebody writes to by themselves: we for other VMs and for images, acrnd and dpkg (reference 1.1, 1.4, 7b).
 * @param launcher our own place for what starts this VM: an owned script may lie there
 */
export function placeTrouble(path: string, owned: boolean, launcher: string): PlaceTrouble | undefined {
  const plain = plainPath(path);
  if (plain.startsWith(OURS) && !(owned && plain === launcher))
    return {
      what: `${path} is in a folder that pulumi-acrn keeps for itself`,
      hint: owned ? `Leave it out: the script is ${launcher} then.` : COPY,
    };
  if (plain.startsWith(AUTOSTART))
    return {
      what: `${path} is acrnd's: whatever lies there is started at every boot, and the resource's own entry would take its place`,
      hint: owned ? "Give another path, and `autostart: true`." : `${COPY} \`autostart: true\` has acrnd start it.`,
    };
  if (plain.startsWith(PACKAGED))
    return {
      what: `${path} is a package's: an upgrade would write it anew`,
      hint: owned ? "Give another path." : COPY,
    };
  if (owned && !plain.endsWith(".sh"))
    return { what: `${path} does not end in .sh, by which launch scripts are told`, hint: `Call it ${path}.sh.` };
  return undefined;
}

const COPY = "Copy it to a folder of your own, /root/acrn-work for example, and name the copy.";

/** `/a//b/./c` -> `/a/b/c`: one file, one text. Paths with `..` are refused before (file-document.ts). */
export function plainPath(path: string): string {
  return path.replace(/\/(?:\.?\/)+/g, "/");
}
