import { join } from "node:path";
import { AcrnError, type Place } from "../../../core/errors";
import type { SshEnvironment } from "../env";

export interface ConfigFile {
  path: string;
  /** Where `Include` with a relative path looks. */
  includeFolder: string;
  /** The user's own: `~` may stand in Include. */
  own: boolean;
  /** Refused when others may write it. */
  checked: boolean;
  /** A file that the user named has to exist. */
  required: boolean;
}

/** The files that ssh reads: the user's, then the system's; only the named one with `ssh -F`, none with `ssh -F none`. */
export function configFiles(sshConfig: string | false | undefined, home: string): ConfigFile[] {
  if (sshConfig === false || sshConfig === "none") return [];
  const own = { includeFolder: join(home, ".ssh"), own: true };
  // ssh does not look at the owner of a file that was named (ssh.c, process_config_files).
  if (sshConfig !== undefined) return [{ ...own, path: sshConfig, checked: false, required: true }];
  return [
    { ...own, path: join(home, ".ssh", "config"), checked: true, required: false },
    { path: "/etc/ssh/ssh_config", includeFolder: "/etc/ssh", own: false, checked: false, required: false },
  ];
}

/** The text of a file; undefined: there is none, and that is fine. `from`: the Include that names it. */
export function configText(file: ConfigFile, env: SshEnvironment, from?: Place): string | undefined {
  const text = env.readFile(file.path);
  if (text === undefined) {
    if (file.required || (from && env.owner?.(file.path)?.isFile)) throw unreadable(file.path, from);
    return undefined;
  }
  if (file.checked) checkOwner(file.path, env);
  return text;
}

/** As readconf.c does with SSHCONF_CHECKPERM: who can write the file could have us log in with other keys, elsewhere. */
function checkOwner(path: string, env: SshEnvironment): void {
  const owner = env.owner?.(path);
  if (!owner || env.uid === "") return;
  const foreign = owner.uid !== 0 && owner.uid !== Number(env.uid);
  if (!foreign && (owner.mode & 0o022) === 0) return;
  throw new AcrnError("ssh.config.permissions", `bad owner or permissions on ${path}`, {
    where: { file: path, line: 1, column: 1 },
    hint: foreign
      ? `It belongs to uid ${owner.uid}: run chown ${env.uid} ${path}, or name the file (sshConfig).`
      : `Others may write it: run chmod go-w ${path}.`,
  });
}

function unreadable(path: string, where: Place | undefined): AcrnError {
  return new AcrnError("ssh.config.unreadable", `cannot read the ssh_config ${path}`, {
    ...(where ? { where } : {}),
    hint: where ? "Make it readable for you." : "Correct `sshConfig`, or leave it out for the default files.",
  });
}
