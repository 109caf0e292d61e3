import { sh } from "./sh";
import { COMMANDS, FACTS, PROBES } from "./superset";

/** What only a live machine answers. Builtins but for one sed, one grep and a cat for each sysctl; acrn-dm's arguments hold NULs and travel as base64. */
export const FACT = sh`
text() {
  res "/$1"
  { [ -f "$R$P" ] && [ -r "$R$P" ]; } || return 0
  case $1 in
    # a shell reads byte by byte, and a number there ends with the first read(2) [Linux kernel/sysctl.c do_proc_dointvec]; to busybox root may read all
    proc/sys/*)
      x=$(cat "$R$P" 2>/dev/null) || return 0
      say "T $1"
      for l in $x; do say "t $1 $l"; done;;
    *)
      say "T $1"
      while IFS= read -r l || [ "$l" ]; do say "t $1 $l"; l=; done 2>/dev/null <"$R$P";;
  esac
}
# when a process started (field 22 of its stat, proc(5)), and what started it
kin() {
  l=
  IFS= read -r l 2>/dev/null <"$1/stat" || return 0
  say "t proc/$1/stat $l"
  l=\${l##*) ? } l=\${l%% *}
  case $l in *[!0-9]*|'') return 0;; esac
  [ -r "$l/cmdline" ] && say "t proc/$1/parent $(tr '\000-\037' ' ' <"$l/cmdline" 2>/dev/null)"
}
# a guest's own: where grubenv lies (GRUB's words), what systemd-boot says of itself, and what the kernel's log keeps of its start
linux() {
  for f in grub grub2; do
    [ -f "$R/boot/$f/grubenv" ] || continue
    for t in fs abstraction; do
      for l in $("$f-probe" --target="$t" "$R/boot/$f/grubenv" 2>/dev/null | tr '\040' '\012'); do say "t grub-probe $t $l"; done
    done
  done
  for f in LoaderInfo LoaderEntrySelected; do
    e=$R/sys/firmware/efi/efivars/$f-4a67b082-0a4c-41cf-b6c7-440b29bb8c4f
    [ -r "$e" ] && say "t efi/$f $(tail -c +5 "$e" 2>/dev/null | tr -cd '[:print:]')"
  done
  # the oldest lines that a log of this boot has, or none: some have lost theirs
  for l in $(dmesg 2>/dev/null | grep -i -e x2apic -e 'apic routing' -e 'hypervisor detected' | head -n 40); do say "t kernel-log $l"; done
}
facts() {
  case $Q$n in *"$n"l"$n"*) linux;; esac
  for f in ${FACTS.join(" ")}; do text "$f"; done
  for f in $Q; do case $f in 't '*) text "\${f#t }";; esac; done
  for f in ${PROBES.join(" ")}; do
    if [ -e "$R/$f" ]; then say "t $f present"; elif [ -d "$R/\${f%%/*}" ]; then say "t $f absent"; fi
  done
  [ -r "$R/proc/cpuinfo" ] && sed -n -e 's,^processor,t proc/cpuinfo &,p' -e 's,^apicid,t proc/cpuinfo &,p' -e 's,^model name,t proc/cpuinfo &,p' -e 's,^btime,t proc/stat &,p' "$R/proc/cpuinfo" "$R/proc/stat" 2>/dev/null
  [ -r "$R/proc/cmdline" ] && cd "$R/proc" && {
    say "t date $(date +%s 2>/dev/null)"
    say 'T acrn-dm'
    set +f
    set -- [0-9]*/cmdline
    set -f
    for f in $(grep -ls acrn-dm "$@" 2>/dev/null); do
      say "p \${f%%/*}"
      base64 <"$f" 2>/dev/null
      say .
      kin "\${f%%/*}"
    done
    cd /
  }
  # limits of the GPUs that i915 drives, a line a file; without cur and act, which are other ones each time
  cd "$R/sys/bus/pci/devices" 2>/dev/null && {
    say 'T gpu'
    set +f
    for f in */drm/card*/gt_[Rbm]*_freq_mhz; do
      l=
      IFS= read -r l 2>/dev/null <"$f" && say "t gpu $f $l"
    done
    set -f
    cd /
  }
  [ -d "$R/run" ] && {
    say 'T run/acrn/mngr'
    set +f
    for f in "$R"/run/acrn/mngr/*; do case $f in *[[:cntrl:]]*) ;; *) [ -e "$f" ] && say "t run/acrn/mngr \${f##*/}";; esac; done
    set -f
  }
  for f in ${COMMANDS.join(" ")}; do
    if [ "$R" ]; then
      for d in /usr/local/sbin /usr/local/bin /usr/sbin /usr/bin /sbin /bin; do
        [ -x "$R$d/$f" ] && { say "c $f"; break; }
      done
    else
      command -v "$f" >/dev/null 2>&1 && say "c $f"
    fi
  done
}
`;
