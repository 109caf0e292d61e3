import { localTarget } from "../../host/image/local";
import { type ConnectionSpec, getTransport } from "../../host/ssh";
import type { Target } from "../../host/types";
import { addressOf } from "../../resources/host-settings";
import type { HypervisorImageArgs } from "../../resources/hypervisor-image/schema";
import type { Machine } from "../machine";

/** The machine that builds. On a build machine nobody becomes root: its user's tools and source are what the build needs. */
export function buildTarget(machine: Machine, { build }: Pick<HypervisorImageArgs, "build">): Target {
  const { on } = build;
  if (on === "host") return machine.target();
  if (on === "local") return localTarget();
  const spec = typeof on.ssh === "string" ? { host: on.ssh } : (on.ssh as ConnectionSpec);
  return { transport: getTransport(spec), elevation: { how: "none" } };
}

export function whereOf(machine: Machine, { build }: Pick<HypervisorImageArgs, "build">): string {
  if (build.on === "host") return machine.address;
  return build.on === "local" ? "this machine" : addressOf(build.on.ssh);
}
