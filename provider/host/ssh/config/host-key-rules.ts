import { AcrnError, type Place } from "../../../core/errors";
import type { ConnectionSpec, ResolvedConnection } from "../spec";
import type { Settings } from "./settings";

type HostKeyRules = Pick<ResolvedConnection, "strict" | "revokedHostKeys" | "checkHostIp" | "pinnedHostKey">;

/** What is asked of a host key beside known_hosts. */
export function hostKeyRules(spec: ConnectionSpec, settings: Settings): HostKeyRules {
  const command = settings.value("knownhostscommand");
  const none = command === undefined || /^none$/i.test(command.args.join(" "));
  if (!none && spec.hostKey === undefined) throw noCommand(settings.name, command.place);
  return {
    ...(spec.hostKey === undefined ? {} : { pinnedHostKey: spec.hostKey }),
    strict: STRICT[settings.text("stricthostkeychecking")?.toLowerCase() ?? "ask"] ?? "ask",
    revokedHostKeys: settings.paths("revokedhostkeys") ?? [],
    checkHostIp: settings.flag("checkhostip") ?? false,
  };
}

const STRICT: Readonly<Record<string, ResolvedConnection["strict"]>> = {
  yes: "yes",
  true: "yes",
  ask: "ask",
  "accept-new": "accept-new",
  no: "no",
  false: "no",
  off: "no",
};

function noCommand(name: string, where: Place): AcrnError {
  return new AcrnError("ssh.config.unsupported", `KnownHostsCommand for ${name} cannot be used`, {
    where,
    hint: "Commands of ssh_config are never run: give `hostKey` (the key to accept), or write KnownHostsCommand none for it.",
  });
}
