import { sh } from "../../scripts/sh";

/**
 * Launch scripts that wait for the next image stand beside it too while it is tried: acrnd starts VMs before anybody has confirmed anything, by the autostart
 * script, which looks there first (core/acrn/launch/autostart.ts). One that waits no longer goes: it would hide the canonical one. Scripts that a
 * wrapper edits stay where they are; the wrapper names them.
 */
export const SCRIPTS = sh`
scripts() {
  w=$I/$1
  [ -d "$w" ] || { failed "image $1 is not staged"; return; }
  for x in $(names "$w"); do
    case $x in *.sh) [ -f "$I/next/$x" ] || { rm -f "$w/$x" && sy "$w"; } || { failed "$x cannot be removed"; return; };; esac
  done
  for x in $(names "$I/next"); do
    case $x in
      .*|*.edited.sh) ;;
      *.sh) alike "$I/next/$x" "$w/$x" || lay "$I/next/$x" "$w/$x" || { failed "$x cannot be written"; return; };;
    esac
  done
  say kept
}
`;
