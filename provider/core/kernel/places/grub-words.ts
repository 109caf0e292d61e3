/** What a word cannot hold on its way through GRUB's script into the kernel's line; undefined: nothing. */
export function grubTrouble(word: string): string | undefined {
  // GRUB takes quotes off, and whether it puts them back differs by its version [grub-core/lib/cmdline.c]
  if (/[\s"]/.test(word)) return "GRUB does not hand on a blank within a word";
  // [grub-core/script/yylex.l]; patterns become file names where its module regexp is loaded
  const taken = /[$\\';&|<>{}*?[\]]|^#/.exec(word)?.[0];
  return taken === undefined ? undefined : `GRUB takes ${JSON.stringify(taken)} for its own`;
}
