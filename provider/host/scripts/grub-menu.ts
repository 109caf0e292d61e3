import { shellQuote } from "../../core/text/shell-quote";
import { sh } from "./sh";

/**
 * C: grub.cfg; T: the program that makes it; the arguments: what a person would type for that. As in host/image/script/grub.ts: grub-mkconfig copies its result over
 * grub.cfg in place, without fsync (grub-mkconfig.in, the end), so that a power cut leaves a menu that ends in the middle. Here it writes beside it, and the whole goes in its
 * place by a rename. What was typed is run where there is no such menu, a link in its place, or no such program; below a prefix (a lab) too, whose program that is.
 */
const MENU = sh`
w=\${C%/*}/.pulumi-acrn.cfg
sy() { sync "$@" 2>/dev/null || sync; }
if [ "\${PULUMI_ACRN_ROOT-}" ] || [ ! -f "$C" ] || [ -h "$C" ] || ! command -v "$T" >/dev/null; then
  "$@"
  q=$?
  [ -n "\${PULUMI_ACRN_ROOT-}" ] || sync
  exit $q
fi
rm -f "$w" "$w.new"
"$T" -o "$w" && [ -s "$w" ] && chmod "$(stat -c %a "$C")" "$w" && sy "$w" && mv -f "$w" "$C" && sy "\${C%/*}"
q=$?
rm -f "$w" "$w.new"
exit $q
`;

/** Shell text that does what `update-grub` or `grub-mkconfig -o FILE` does, and leaves the old menu or the new one whenever the power goes. */
export function grubMenu(command: string): string {
  const words = command.split(" ");
  // Debian's and Ubuntu's update-grub is that one line
  const [tool, cfg] = words.length === 1 ? ["grub-mkconfig", "/boot/grub/grub.cfg"] : [words[0], words.at(-1)];
  return `T=${shellQuote(tool as string)} C=${shellQuote(cfg as string)}\nset -- ${words.map(shellQuote).join(" ")}\n${MENU}`;
}
