import { AcrnError } from "../../../core/errors";
import type { SshEnvironment } from "../env";
import type { ConnectionSpec, ResolvedConnection } from "../spec";
import { bindAddress } from "./bind";
import type { Settings } from "./settings";
import type { ConfigValue } from "./types";

/** Long enough for a loaded board behind a VPN; ssh itself waits for the kernel (about two minutes). */
const CONNECT_TIMEOUT_SECONDS = 15;

type Link = Pick<ResolvedConnection, "connectTimeout" | "family" | "bindAddress" | "connectionAttempts" | "keepAlive">;

/** From where to connect, how long and how often to try, and how to notice that the machine is gone. */
export function linkSettings(spec: ConnectionSpec, settings: Settings, env: SshEnvironment): Link {
  const from = bindAddress(settings, env);
  const connectionAttempts = settings.number("connectionattempts");
  if (connectionAttempts === 0) throw noAttempts(settings);
  const interval = settings.seconds("serveraliveinterval");
  const count = settings.number("serveralivecountmax");
  return {
    connectTimeout: spec.connectTimeout ?? settings.seconds("connecttimeout") ?? CONNECT_TIMEOUT_SECONDS,
    family: settings.family(),
    ...(from === undefined ? {} : { bindAddress: from }),
    ...(connectionAttempts === undefined ? {} : { connectionAttempts }),
    keepAlive: {
      ...(interval === undefined ? {} : { interval }),
      ...(count === undefined ? {} : { count: Math.max(1, count) }),
    },
  };
}

/** ssh ends with the same word ("Invalid number of ConnectionAttempts"). */
function noAttempts(settings: Settings): AcrnError {
  const { place } = settings.value("connectionattempts") as ConfigValue;
  return new AcrnError("ssh.config.syntax", "ConnectionAttempts has to be at least 1", {
    where: place,
    hint: "Correct or remove it.",
  });
}
