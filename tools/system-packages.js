"use strict";
const fs = require("node:fs");
const path = require("node:path");
const { which } = require("./paths");
const { run } = require("./process");
const { withProgress, say } = require("./progress");

/** @typedef {{ program: string, package: string }} Row `program`: on PATH, or the absolute path of a file */

/** Programs that tests start and that a slim image lacks, with the Debian package of each. */
const PROGRAMS = [
  { program: "ssh", package: "openssh-client" },
  { program: "ssh-keygen", package: "openssh-client" },
  { program: "busybox", package: "busybox" },
  { program: "dash", package: "dash" },
  { program: "sshd", package: "openssh-server" },
  { program: "sudo", package: "sudo" },
  { program: "setfacl", package: "acl" },
  { program: "setfattr", package: "attr" },
  { program: "shellcheck", package: "shellcheck" },
  // GRUB's own tools, which make menus in folders of the tests; these packages install no boot loader
  { program: "grub-mkconfig", package: "grub-common" },
  { program: "grub-reboot", package: "grub2-common" },
  // reads rules, and needs no daemon for that
  { program: "udevadm", package: "udev" },
];

/** What some tests are better with, and do without where the distribution has no such package: FAT on a kernel without vfat. */
const OPTIONAL = [
  { program: "fusefat", package: "fusefat" },
  { program: "mkfs.vfat", package: "dosfstools" },
  { program: "mount.exfat-fuse", package: "exfat-fuse" },
  { program: "mkfs.exfat", package: "exfatprogs" },
];

/**
 * What builds and runs the virtual machines of test/long/qemu: only installed for tests of that folder, because it is much.
 * @type {Row[]}
 */
const MACHINE = [
  { program: "qemu-system-x86_64", package: "qemu-system-x86" },
  { program: "qemu-img", package: "qemu-utils" },
  { program: "mmdebstrap", package: "mmdebstrap" },
  { program: "mke2fs", package: "e2fsprogs" },
  { program: "sfdisk", package: "fdisk" },
  { program: "mkfs.vfat", package: "dosfstools" },
  { program: "mcopy", package: "mtools" },
  { program: "flock", package: "util-linux" },
  // a firmware, and no program
  { program: "/usr/share/OVMF/OVMF_CODE_4M.fd", package: "ovmf" },
];

/** Where daemons and root's tools stand; PATH of an ordinary user lacks it. */
const SBIN = ["/usr/local/sbin", "/usr/sbin", "/sbin"];

/** invoke-rc.d asks it whether a package may start its daemon (policy-rc.d(8)); 101 means no. */
const POLICY = "/usr/sbin/policy-rc.d";

const APT_MS = 3 * 60 * 1000;

/**
 * @param {NodeJS.ProcessEnv} [env]
 * @param {Row[]} [programs]
 * @returns {string[]} Debian packages whose programs are not on PATH
 */
function missingSystemPackages(env = process.env, programs = PROGRAMS) {
  const PATH = [env.PATH, ...SBIN].filter(Boolean).join(path.delimiter);
  const missing = programs.filter(({ program }) => !isThere(program, { ...env, PATH }));
  return [...new Set(missing.map((row) => row.package))];
}

/**
 * @param {string} program
 * @param {NodeJS.ProcessEnv} env
 */
function isThere(program, env) {
  return path.isAbsolute(program) ? fs.existsSync(program) : which(program, env) !== undefined;
}

/**
 * Installs what the tests start, where that is possible without asking; else names it. Never fails: the tests tell.
 * @param {string[]} [files] the tests, relative to the root
 */
async function ensureSystemPackages(files = []) {
  const machine = files.some((file) => file.startsWith(path.join("test", "long", "qemu")));
  const missing = missingSystemPackages(process.env, machine ? [...PROGRAMS, ...MACHINE] : PROGRAMS);
  if (missing.length === 0) return ensureOptional();
  const refusal = cannotInstall() ?? (await install(missing));
  if (refusal === undefined) return ensureOptional();
  say(`Not installed: ${missing.join(", ")} (${refusal}). Tests that need them are skipped, or fail when CI is set.`);
}

/** One by one, and without a word where it fails: the tests give the reason. */
async function ensureOptional() {
  if (cannotInstall() !== undefined) return;
  for (const name of missingSystemPackages(process.env, OPTIONAL)) await install([name]);
}

/** @returns {string | undefined} */
function cannotInstall() {
  if (process.getuid?.() !== 0) return "not root, so install them yourself";
  if (!fs.existsSync("/etc/debian_version") || which("apt-get") === undefined) return "no Debian with apt-get here";
  return undefined;
}

/**
 * @param {string[]} packages
 * @returns {Promise<string | undefined>} why it failed
 */
async function install(packages) {
  const options = { env: { ...process.env, DEBIAN_FRONTEND: "noninteractive" }, timeoutMs: APT_MS };
  const steps = [
    ["update", "-q"],
    ["install", "-q", "-y", "--no-install-recommends", ...packages],
  ];
  return withProgress(`installing ${packages.join(", ")} with apt-get`, () =>
    withoutDaemons(async () => {
      for (const args of steps) {
        const result = await run("apt-get", args, options);
        if (result.code !== 0) return `apt-get ${args[0]} failed: ${result.output.trim().split("\n").at(-1)}`;
      }
      return undefined;
    }),
  );
}

/**
 * The tests start an sshd of their own on the loopback address; the package's own daemon, on every address, is nobody's wish.
 * @template T
 * @param {() => Promise<T>} action
 * @returns {Promise<T>}
 */
async function withoutDaemons(action) {
  if (fs.existsSync(POLICY)) return action();
  fs.writeFileSync(POLICY, "#!/bin/sh\nexit 101\n", { mode: 0o755 });
  try {
    return await action();
  } finally {
    fs.rmSync(POLICY, { force: true });
  }
}

module.exports = { PROGRAMS, MACHINE, ensureSystemPackages, missingSystemPackages };
