import { AcrnError } from "../../../core/errors";
import { shellQuote } from "../../../core/text/shell-quote";

/** `name`: the file, or "the given privateKey". Never a part of the key or of its passphrase. */
export function encrypted(name: string): AcrnError {
  return new AcrnError("ssh.key.encrypted", `the private key ${name} is encrypted, and there is no passphrase`, {
    hint: name.startsWith("the ")
      ? "Give `passphrase` (a secret), or add the key to an ssh-agent."
      : `Run ssh-add ${name} with an ssh-agent, or give \`passphrase\` (a secret).`,
  });
}

export function wrongPassphrase(name: string): AcrnError {
  return new AcrnError("ssh.key.passphrase", `the passphrase does not open the private key ${name}`, {
    hint: `Correct \`passphrase\`, or add the key to an ssh-agent.`,
  });
}

export function unusable(name: string, reason: string): AcrnError {
  return new AcrnError("ssh.key.unusable", `the private key ${name} cannot be used: ${reason}`, {
    hint: "OpenSSH, PEM and PKCS #8 keys of the types ed25519, ECDSA and RSA can; ssh-keygen -p -f FILE rewrites the form. FIDO keys cannot, nor can those of an agent.",
  });
}

export function publicOnly(name: string): AcrnError {
  return new AcrnError("ssh.key.unusable", `${name} holds only a public key`, {
    hint: "Name the private key file, or have the key in an ssh-agent.",
  });
}

export function unreadable(name: string): AcrnError {
  return new AcrnError("ssh.key.unreadable", `cannot read the private key ${name}`, {
    hint: "Correct the path (privateKeyFile, or IdentityFile in ssh_config), or make the file readable for you.",
  });
}

export function exposed(file: string, mode: number): AcrnError {
  const bits = `0${(mode & 0o777).toString(8)}`;
  return new AcrnError(
    "ssh.key.permissions",
    `the private key ${file} may be read by others (mode ${bits}), so it is not used`,
    {
      hint: `Run: chmod 600 ${shellQuote(file)} (and think about whether somebody has copied it).`,
    },
  );
}

export function tooShort(name: string, bits: number, required: number): AcrnError {
  return new AcrnError(
    "ssh.key.unusable",
    `the private key ${name} has ${bits} bits, and RequiredRSASize is ${required}`,
    {
      hint: "Make a longer key (ssh-keygen -t ed25519), or correct RequiredRSASize in ssh_config.",
    },
  );
}
