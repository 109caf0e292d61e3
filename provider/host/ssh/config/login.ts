import { AcrnError } from "../../../core/errors";
import type { LoginMethod } from "../spec";
import type { Settings } from "./settings";

/** The order of ssh (readconf.c; sshconnect2.c, authmethods), without what ssh2 cannot do. */
const METHODS: readonly LoginMethod[] = ["publickey", "keyboard-interactive", "password"];

/** What forbids a way to log in. BatchMode does not: it forbids to ask the user, which we never do. */
const SWITCHES: Readonly<Record<LoginMethod, string>> = {
  publickey: "pubkeyauthentication",
  "keyboard-interactive": "kbdinteractiveauthentication",
  password: "passwordauthentication",
};

/** The ways to log in that ssh_config leaves, preferred ones first. */
export function loginMethods(settings: Settings): LoginMethod[] {
  const preferred = settings.text("preferredauthentications")?.split(",");
  const known = preferred?.flatMap((name) => METHODS.find((method) => method === name) ?? []) ?? METHODS;
  const allowed = known.filter((method) => {
    if (settings.flag(SWITCHES[method]) === false) return false;
    return method === "publickey" || settings.number("numberofpasswordprompts") !== 0;
  });
  if (allowed.length === 0) throw noneLeft(settings);
  return [...new Set(allowed)];
}

function noneLeft(settings: Settings): AcrnError {
  const keywords = ["preferredauthentications", ...Object.values(SWITCHES), "numberofpasswordprompts"];
  const where = keywords.map((keyword) => settings.value(keyword)?.place).find((place) => place !== undefined);
  return new AcrnError("ssh.config.unsupported", `no way to log in to ${settings.name} is left`, {
    ...(where ? { where } : {}),
    hint: `Allow one of ${METHODS.join(", ")} for it; GSSAPI and hostbased logins cannot be done here.`,
  });
}
