import type { ResolvedConnection } from "../spec";
import type { KeyFiles } from "./keys";

/**
 * User certificates that ssh would present (CertificateFile, and `KEY-cert.pub` beside each key) and ssh2 cannot: it writes one name both as
 * the algorithm of the key and of its signature, and with a certificate they differ (PROTOCOL.certkeys of OpenSSH).
 */
export function certificateNotes(to: ResolvedConnection, files: KeyFiles): string[] {
  const beside = to.identities.flatMap(({ file }) => (file === undefined ? [] : [`${file}-cert.pub`]));
  const present = [...new Set([...to.certificateFiles, ...beside])].filter(
    (file) => files.readFile(file) !== undefined,
  );
  return present.map((file) => `the user certificate ${file} is not supported, only plain keys are`);
}
