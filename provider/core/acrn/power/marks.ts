import type { Snapshot } from "../../snapshot";

/** Where an Activation notes down which VMs it powers off, until they run again; on the disk, so that a power cut does not forget it. */
const MARKS = "/var/lib/pulumi-acrn/cycling";

/** Was this VM powered off by a run that did not come to start it again (a killed client, a cut link, a power cut)? */
export function comesBack(vm: string, snapshot: Snapshot): boolean {
  return snapshot.files.get(`${MARKS}/${vm}`)?.kind === "file";
}
