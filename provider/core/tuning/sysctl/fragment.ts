import type { Document } from "../../claims/types";
import { sysctlName, sysctlPath } from "./names";
import { sysctlSurface } from "./surface";

/**
 * Ours. Fragments are read in the order of their names, byte by byte and whatever folder they lie in, and the last one wins [sysctl.d(5); procps sysctl(8)]: digits come before
 * letters, so a name that starts with 99 loses to `k8s.conf` and `tuned.conf`. Nothing that distributions ship comes behind `zz-`.
 */
export const SYSCTL_FRAGMENT = "/etc/sysctl.d/zz-pulumi-acrn.conf";

/** First word of its field ids: `sysctl sysctl[kernel.timer_migration]`. */
export const SYSCTL = "sysctl";

/** Field id of one sysctl, the same for both ways to write its name. */
export function sysctlId(name: string): string {
  return `${SYSCTL} sysctl[${sysctlName(sysctlPath(name))}]`;
}

/** @param live its text; undefined when it is not there */
export function sysctlDocument(live: string | undefined): Document {
  return { id: SYSCTL, path: SYSCTL_FRAGMENT, surface: sysctlSurface, live, blank: "", mode: "0644" };
}
