import { AcrnError } from "../../../core/errors";
import type { Algorithms } from "../spec";
import { offered } from "./algorithms";
import type { Settings } from "./settings";

const KEYWORDS: Readonly<Record<keyof Algorithms, string>> = {
  hostKey: "hostkeyalgorithms",
  kex: "kexalgorithms",
  cipher: "ciphers",
  mac: "macs",
  publicKey: "pubkeyacceptedalgorithms",
};

/** The algorithms that ssh_config leaves; refused where it leaves none that can be used. */
export function configuredAlgorithms(settings: Settings): Algorithms {
  const result: Algorithms = {};
  for (const [kind, keyword] of Object.entries(KEYWORDS) as [keyof Algorithms, string][]) {
    const value = settings.value(keyword);
    if (!value) continue;
    const list = offered(kind, value.args[0] as string);
    if (list.length === 0) throw noneLeft(keyword, value);
    result[kind] = list;
  }
  return result;
}

function noneLeft(keyword: string, { place }: NonNullable<ReturnType<Settings["value"]>>): AcrnError {
  return new AcrnError("ssh.config.unsupported", `${keyword} leaves no algorithm that can be used here`, {
    where: place,
    hint: "Add one that is in common use (aes128-gcm@openssh.com, curve25519-sha256, ssh-ed25519); docs/ssh.md says which.",
  });
}
