import { isIP, isIPv6 } from "node:net";
import { AcrnError } from "../../../core/errors";
import type { SshEnvironment } from "../env";
import type { Settings } from "./settings";
import type { ConfigValue } from "./types";

/** The address to connect from: BindAddress, else one of BindInterface (sshconnect.c, ssh_create_socket). */
export function bindAddress(settings: Settings, env: SshEnvironment): string | undefined {
  const given = settings.value("bindaddress");
  if (given) return checked(given);
  const value = settings.value("bindinterface");
  if (!value) return undefined;
  const family = isIPv6(settings.host) ? 6 : settings.family();
  const all = env.addresses?.().get(value.args[0] as string) ?? [];
  const fitting = all.filter((address) => family === 0 || isIPv6(address) === (family === 6));
  const address = fitting.find((each) => !isIPv6(each)) ?? fitting.find((each) => !/^fe80:/i.test(each));
  if (address !== undefined) return address;
  throw new AcrnError("ssh.config.unsupported", `the interface ${value.args[0]} has no address to connect from`, {
    where: value.place,
    hint: "Correct BindInterface (ip -br address lists them), or write BindAddress.",
  });
}

/** ssh looks a name up; Node's sockets take an address only. */
function checked({ args, place }: ConfigValue): string {
  const [address = ""] = args;
  if (isIP(address) !== 0) return address;
  throw new AcrnError("ssh.config.unsupported", `BindAddress ${address} is a name`, {
    where: place,
    hint: "Write the address (ip -br address lists those of this computer), or BindInterface.",
  });
}
