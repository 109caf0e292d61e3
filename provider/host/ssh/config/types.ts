import type { Place } from "../../../core/errors";

/** A value of ssh_config and where it stands. */
export interface ConfigValue {
  args: readonly string[];
  place: Place;
}

/** What ssh_config says about one machine: per keyword (lower case) the first value, all of them for IdentityFile. */
export interface HostConfig {
  values: ReadonlyMap<string, readonly ConfigValue[]>;
  /** The address or name to dial. */
  host: string;
  /** A section other than `Host *` spoke about the name. */
  configured: boolean;
}
