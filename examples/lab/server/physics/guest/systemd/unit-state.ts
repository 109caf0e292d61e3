import { join } from "node:path";
import { linkAt } from "../links";
import { enablingLinks, FOLDERS, findUnit, namesOf, valuesOf } from "./unit-file";

/** What `systemctl is-enabled` says; undefined: there is no such unit. From the files as they are now [src/shared/install.c: unit_file_lookup_state]. */
export function fileState(dir: string, name: string): string | undefined {
  const unit = findUnit(dir, name);
  if (!unit) return undefined;
  const folder = FOLDERS.find((one) => unit.path.startsWith(`${one}/`));
  const runtime = folder === "/run/systemd/system";
  if (unit.masked) return runtime ? "masked-runtime" : "masked";
  if (unit.id !== name && linkAt(join(dir, unit.path)) !== undefined) return "alias";
  const links = enablingLinks(dir, unit.id);
  if (links.some((link) => link.startsWith("/etc/"))) return "enabled";
  if (links.length > 0) return "enabled-runtime";
  const alias = valuesOf(unit, "Install", "Alias").flatMap((value) => value.split(/\s+/));
  if (alias.some((one) => findUnit(dir, one)?.id === unit.id)) return "enabled";
  const wanted = namesOf(unit, "Install", "WantedBy", "RequiredBy");
  if (wanted.length > 0 || alias.length > 0) return "disabled";
  return namesOf(unit, "Install", "Also").length > 0 ? "indirect" : "static";
}

/** Those with which is-enabled ends well [src/systemctl/systemctl-is-enabled.c]. */
export const ON = ["enabled", "enabled-runtime", "static", "alias", "indirect", "generated"];
