import { type Snapshot, textOf } from "../../snapshot";
import { type Fact, known, unknown } from "../fact";
import type { ProfileFacts } from "../profiles/types";
import { type Init, initBy } from "../services/init";
import type { UnitFile } from "../services/unit-files";
import { sysctlName, sysctlPath } from "../sysctl/names";
import type { Loader, SysctlFile } from "../sysctl/order";
import { SYSCTL_CONF, SYSCTL_FOLDERS } from "../sysctl/order";
import { PACKAGED_UNITS } from "./places";

/** What of a guest decides which entries of a profile apply. @param sysctls names that the declaration asks for */
export function profileFacts(snapshot: Snapshot, sysctls: readonly string[]): ProfileFacts {
  const there = sysctls.filter((name) => snapshot.texts.has(`proc/sys/${sysctlPath(name)}`));
  const runs = snapshot.kind === "live";
  return {
    sysctls: runs
      ? known(new Set(there.map((name) => sysctlName(sysctlPath(name)))))
      : unknown("a folder has no /proc/sys"),
    units: known(new Set(unitFilesOf(snapshot).map(({ path }) => path.slice(path.lastIndexOf("/") + 1)))),
    knobs: unknown("knobs are looked for when they are set"),
  };
}

const UNIT = /\/systemd\/system\/[^/]+\.(?:service|socket|timer|path)$/;

/** The units that were looked at: the administrator's, and of the packages' those that profiles name. */
export function unitFilesOf(snapshot: Snapshot): UnitFile[] {
  return [...snapshot.files.values()]
    .filter(({ path, kind }) => UNIT.test(path) && kind !== "absent")
    .map(({ path, realPath }) => {
      const link = realPath !== undefined && realPath !== path && !samePlace(realPath, path) ? { link: realPath } : {};
      return { path, text: textOf(snapshot, path), ...link };
    });
}

/** `/lib` is a link to `/usr/lib` on merged systems: that makes no unit a link. */
function samePlace(real: string, path: string): boolean {
  return path.startsWith("/lib/") && real === `/usr${path}`;
}

/** Who starts units: of a folder its packages tell. */
export function initOf(snapshot: Snapshot): Fact<Init> {
  if (snapshot.kind === "folder") {
    const units = PACKAGED_UNITS.some(
      (folder) => snapshot.files.get(`${folder}/systemd-journald.service`)?.kind === "file",
    );
    return units ? known("systemd", "the image has systemd's units") : unknown("the image has no units of systemd");
  }
  return initBy({
    comm: snapshot.texts.get("proc/1/comm"),
    initTarget: undefined,
    has: (path) => snapshot.texts.get(path.slice(1))?.trim() === "present",
  });
}

/** Fragments that set sysctls, and who reads them at boot. */
export function sysctlFilesOf(snapshot: Snapshot): SysctlFile[] {
  const folders = SYSCTL_FOLDERS.map((folder) => `${folder}/`);
  return [...snapshot.files.keys()]
    .filter((path) => path === SYSCTL_CONF || folders.some((folder) => path.startsWith(folder)))
    .flatMap((path) => {
      const text = snapshot.files.get(path)?.realPath === "/dev/null" ? "" : textOf(snapshot, path);
      return text === undefined ? [] : [{ path, text }];
    });
}

export function sysctlLoader(init: Fact<Init>): Fact<Loader> {
  if (!init.known) return unknown(init.why);
  return known(init.value === "systemd" ? "systemd-sysctl" : "procps");
}
