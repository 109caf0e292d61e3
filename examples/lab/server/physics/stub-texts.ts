import { resolve } from "node:path";

/** Bodies of the stub commands, POSIX sh: thin, what they ask for is decided in the lab (desk.ts). */

/** `call` asks, `hear` does what is answered until the stub is to go on. */
const talk = (desk: string): string => `
listen() { c='${desk}'/$$; rm -f "$c.answer"; mkfifo "$c.answer" || exit 70; exec 8<>"$c.answer"; }
ring() { printf '%s\\0' "$@" >"$c.call"; echo $$ >'${desk}/bell'; }
hear() {
  while IFS= read -r l <&8; do
    case $l in
      'out '*) printf '%s\\n' "\${l#out }" ;;
      'err '*) printf '%s\\n' "\${l#err }" >&2 ;;
      'go '*) go=\${l#go }; return 0 ;;
      'exit '*) rm -f "$c.answer"; exit "\${l#exit }" ;;
    esac
  done
}
call() { k=$1; shift; listen; ring "$k" "$PULUMI_ACRN_LAB_UID" "$PWD" "$@"; }
`;

/** @param before words before those of the caller */
export const askAs = (desk: string, name: string, before = ""): string => `${talk(desk)}
call ${name} ${before} "$@"
hear
rm -f "$c.answer"
`;

const ask = askAs;

/**
 * Signals as main.c has them: SIGTERM is ignored once the guest has enabled ACPI (pm.c; mevent.c knows no signals), SIGHUP and SIGINT end the
 * loop as a power-off would.
 */
const acrnDm = (desk: string): string => `${talk(desk)}
trap '' TERM
trap 'heard=1' HUP INT
call acrn-dm "$@"
while :; do
  hear
  if [ "$heard" ]; then heard=; ring acrn-dm-signal "$PULUMI_ACRN_LAB_UID" /; fi
done
`;

/**
 * A script of the tree runs as a translated copy; everything else is the real shell's, also the product's own transaction, which knows that it
 * works on a tree.
 */
export const shellAs = (desk: string, name: "sh" | "bash", tree: string, asks = "translate"): string => `
real=$(PATH=\${PATH#*:}; command -v ${name}) || { echo "${name}: not found" >&2; exit 127; }
case $1 in ''|-*[cs]*|-) exec "$real" "$@" ;; esac
o=
while :; do
  case $1 in
    -o) o="$o -o $2"; shift 2 || exit 2 ;;
    -[a-zA-Z]*) o="$o $1"; shift ;;
    *) break ;;
  esac
done
f=$1
case $f in
  ''|-*|*/var/lib/pulumi-acrn/tx/*) exec "$real" $o "$@" ;;
  '${tree}'/*) ;;
  /*) [ ! -f '${tree}'"$f" ] || f='${tree}'$f ;;
  *) f=$PWD/$f ;;
esac
case $f in '${tree}'/var/lib/pulumi-acrn/tx/*) exec "$real" $o "$@" ;; esac # knows where its root is
case $f in '${tree}'/*) [ -f "$f" ] || exec "$real" $o "$@" ;; *) exec "$real" $o "$@" ;; esac
shift
${talk(desk)}
call ${asks} "$f"
hear
rm -f "$c.answer"
exec 8>&-
exec "$real" $o "$go" "$@"
`;

/** With --pipe and --pty the unit's process has the caller's files, so the stub starts it. */
const systemdRun = (desk: string): string => systemdRunAs(desk, "systemd-run", "");

/** @param as what is called, `guest` with the name of one before the words */
export const systemdRunAs = (
  desk: string,
  as: string,
  name: string,
): string => `${ask(desk, as, name && `${name} systemd-run`)}
exec 8>&-
/bin/sh "$go"
s=$?
listen
ring ${name ? as : "unit-ended"} "$PULUMI_ACRN_LAB_UID" / ${name && `${name} unit-ended`} "$go" "$s"
hear
`;

const GRUB = "update-grub grub-mkconfig grub-reboot grub-set-default grub-editenv grub-probe grub-mkrelpath".split(" ");

const ASKING = [..."acrnctl systemctl sysctl reboot poweroff halt shutdown".split(" "), ...GRUB];

/** What launch scripts call that would act on the machine that the lab runs on. */
const HARMLESS = "modprobe ip brctl ifconfig tunctl mount umount iasl".split(" ");

/** The kernel that was booted, where the tree says so; the rest is the real one's. */
export const unameOf = (tree: string): string => `
PATH=\${PATH#*:}
said=$(uname "$@") || exit
for part in osrelease:-r version:-v; do
  f='${tree}/proc/sys/kernel/'\${part%:*}
  [ -f "$f" ] || continue
  real=$(uname "\${part#*:}") own=$(cat "$f")
  case $said in *"$real"*) said=\${said%%"$real"*}$own\${said#*"$real"} ;; esac
done
printf '%s\\n' "$said"
`;

/** The lab's build of an image, which is a program of its own. */
export const LAB_BUILD = resolve(__dirname, "../../stub-build/lab-build.js");

/** The stubs of a host. */
export function hostStubs(desk: string, tree: string): Record<string, string> {
  return {
    ...Object.fromEntries(HARMLESS.map((name) => [name, "exit 0\n"])),
    ...Object.fromEntries(ASKING.map((name) => [name, ask(desk, name)])),
    uname: unameOf(tree),
    "lab-build": `exec '${process.execPath}' '${LAB_BUILD}' "$@"\n`,
    "acrn-dm": acrnDm(desk),
    "systemd-run": systemdRun(desk),
    sh: shellAs(desk, "sh", tree),
    bash: shellAs(desk, "bash", tree),
  };
}

/** bash(1), BASH_ENV: a bash script of the tree that is started by its own name goes the same way as `bash SCRIPT`. */
export const bashEnv = (bin: string, tree: string): string => `case $0 in
  '${tree}'/*) exec '${bin}/bash' "$0" "$@" ;;
  ./*|../*) case $PWD in '${tree}'|'${tree}'/*) exec '${bin}/bash' "$0" "$@" ;; esac ;;
esac
`;

/** The stubs of a guest: how it goes down is told to its machine. */
export function guestStubs(desk: string, vm: string): Record<string, string> {
  return Object.fromEntries(
    ["reboot", "poweroff", "halt", "shutdown", "systemctl", "sysctl"].map((name) => [
      name,
      ask(desk, "guest", `'${vm}' ${name}`),
    ]),
  );
}

/** Where there are no physics, a command must not reach the machine that the lab runs on. */
export const NO_PHYSICS: Readonly<Record<string, string>> = Object.fromEntries(
  ["reboot", "poweroff", "halt", "shutdown", "systemctl", "systemd-run", "sysctl", ...GRUB].map((name) => [
    name,
    `echo "${name}: this lab host has no physics" >&2\nexit 1\n`,
  ]),
);
