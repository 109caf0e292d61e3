/** Every release whose sources were read; `3.4` is the development head after v3.3. */
export const VERSIONS = [
  ...["2.0", "2.1", "2.2", "2.3", "2.4", "2.5", "2.6", "2.7"],
  ...["3.0", "3.1", "3.2", "3.3", "3.4"],
] as const;

export type Version = (typeof VERSIONS)[number] | (string & {});

/** A release that is newer than all that were read is taken for the newest: options came and went by release, and none is known to go. */
export function known(version: string): Version | undefined {
  const [major, minor] = version.split(".").map(Number) as [number, number];
  const own = VERSIONS.find((each) => each === `${major}.${minor}`);
  return own ?? (major > 3 || (major === 3 && minor > 4) ? "3.4" : undefined);
}

/** The releases from one on, up to and with another. */
export function between(since: Version, until: Version = "3.4"): Version[] {
  return VERSIONS.slice(VERSIONS.indexOf(since as never), VERSIONS.indexOf(until as never) + 1);
}

/** `3.0`; `3.1 to 3.3`; `3.1 and later`. */
export function showVersions(versions: readonly Version[]): string {
  const [first, last] = [versions[0], versions.at(-1)];
  if (first === undefined) return "(none)";
  if (last === VERSIONS.at(-1)) return first === VERSIONS[0] ? "every version" : `${first} and later`;
  return first === last ? first : `${first} to ${last}`;
}
