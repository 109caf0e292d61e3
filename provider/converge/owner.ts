import { hostname } from "node:os";
import { systemEnvironment } from "../host/ssh";

/** Who holds a lock of the machine, for whoever meets it. */
export function ownerLabel(): string {
  return `pulumi-acrn ${systemEnvironment().user}@${hostname()} pid ${process.pid}`;
}
