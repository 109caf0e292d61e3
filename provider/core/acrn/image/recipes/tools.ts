import type { Recipe, Tool } from "./types";

const program = (name: string, deb = name): Tool => ({ kind: "program", name, package: deb });
const python = (name: string): Tool => ({ kind: "python", name, package: `python3-${name}` });

/** Of `make hypervisor`: the Makefiles, xforms and config tools [hypervisor/Makefile; misc/config_tools; debian/control]. */
const MAKE: readonly Tool[] = [
  program("make"),
  program("gcc"),
  program("objcopy", "binutils"),
  program("python3"),
  program("xsltproc"),
  program("xmllint", "libxml2-utils"),
  program("iasl", "acpica-tools"),
  ...["lxml", "defusedxml", "xmlschema", "elementpath", "tqdm"].map(python),
];

/** Of debian_build.sh itself [debian/debian_build.sh]; what the package's build needs is dpkg-checkbuilddeps's to tell. */
const DEBIAN: readonly Tool[] = [
  program("bash"),
  program("git"),
  program("make"),
  program("xmllint", "libxml2-utils"),
  program("debuild", "devscripts"),
  program("gbp", "git-buildpackage"),
  program("dh", "debhelper"),
  program("dpkg-checkbuilddeps", "dpkg-dev"),
  program("dpkg-deb", "dpkg"),
];

export function toolsOf({ how }: Recipe): readonly Tool[] {
  return how === "make" ? MAKE : how === "debian" ? DEBIAN : [];
}
