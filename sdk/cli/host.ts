import { Machine } from "../../provider/converge/machine";
import { AcrnError } from "../../provider/core/errors";
import { type HostSettings, hostSettingsSchema } from "../../provider/resources/host-settings";
import type { Io } from "./io";
import type { Output } from "./output";
import { parseTarget, type TargetName } from "./target";

/** Options of every command that reaches a machine. Secrets come by the name of an environment variable, never as text. */
export interface HostOptions {
  sshConfig?: string;
  identity?: string;
  jump?: string;
  knownHosts?: string;
  hostKey?: string;
  passwordEnv?: string;
  passphraseEnv?: string;
  sudoPasswordEnv?: string;
  import?: string;
  board?: string;
  record?: string;
  scripts?: string[];
}

/** A machine that a command was pointed at. */
export interface Host {
  machine: Machine;
  settings: HostSettings;
  /** For people: `ssh://root@cell-7:22`, `folder ./image`. */
  label: string;
}

/** Nothing is dialled yet, but a connection that cannot be made out is an error already. */
export function openHost(text: string, options: HostOptions, io: Io, output: Output): Host {
  const { target, warning } = parseTarget(text);
  if (warning) output.warn(warning);
  const settings = hostSettings(target, options, io.env);
  const machine = new Machine(settings);
  return { machine, settings, label: machine.target().transport.label };
}

export function hostSettings(target: TargetName, options: HostOptions, env: Io["env"]): HostSettings {
  const { board, record, scripts } = options;
  const files = { ...(board ? { board } : {}), ...(record ? { record } : {}) };
  const settings = {
    connection: "root" in target ? folderConnection(target, options) : sshConnection(target, options, env),
    ...(options.import ? { scenario: { import: options.import } } : {}),
    ...(Object.keys(files).length > 0 ? { files } : {}),
    ...(scripts?.length ? { scripts } : {}),
  };
  const parsed = hostSettingsSchema.safeParse(settings);
  if (parsed.success) return parsed.data;
  throw new AcrnError("options", "the options do not make a connection", { hint: "See pulumi-acrn help." });
}

const SSH_ONLY = {
  sshConfig: "--ssh-config",
  identity: "--identity",
  jump: "--jump",
  knownHosts: "--known-hosts",
  hostKey: "--host-key",
  passwordEnv: "--password-env",
  passphraseEnv: "--passphrase-env",
  sudoPasswordEnv: "--sudo-password-env",
} as const;

/** An option that would do nothing is a misunderstanding, and it is better said. */
function folderConnection(target: { root: string }, options: HostOptions): { root: string } {
  for (const [key, flag] of Object.entries(SSH_ONLY))
    if (options[key as keyof HostOptions] !== undefined)
      throw new AcrnError("options", `${flag} makes no sense for a folder`, {
        hint: `${target.root} is read and written here, without SSH: leave ${flag} out.`,
      });
  return target;
}

function sshConnection(target: Exclude<TargetName, { root: string }>, options: HostOptions, env: Io["env"]) {
  const { sshConfig, identity, jump, knownHosts, hostKey } = options;
  const given = {
    ...target,
    sshConfig,
    privateKeyFile: identity,
    jump,
    knownHosts,
    hostKey,
    password: secret("--password-env", options.passwordEnv, env),
    passphrase: secret("--passphrase-env", options.passphraseEnv, env),
    sudoPassword: secret("--sudo-password-env", options.sudoPasswordEnv, env),
  };
  return Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
}

function secret(flag: string, name: string | undefined, env: Io["env"]): string | undefined {
  if (name === undefined) return undefined;
  if (env[name]) return env[name];
  // What was given may be the password itself, by mistake: it is not repeated.
  throw new AcrnError("options.env", `${flag} names an environment variable that is not set`, {
    hint: `Give the name of a variable, not the password itself: read -rs ACRN_PW; export ACRN_PW; ... ${flag} ACRN_PW`,
  });
}
