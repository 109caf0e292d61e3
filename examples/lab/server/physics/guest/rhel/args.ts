/**
 * grubby's arithmetic of arguments: those to go are taken off (with `=` the very word, without it the name with any value), those to come take the place of all
 * of their name, at the end; a name ends at the last `=` [grubby-bls: update_args].
 */
export function updateArgs(line: string, remove: readonly string[], add: readonly string[]): string {
  let words = line.split(/\s+/).filter(Boolean);
  for (const gone of remove) words = words.filter((word) => (gone.includes("=") ? word !== gone : !named(word, gone)));
  for (const one of add) words = words.filter((word) => !named(word, one.replace(/=[^=]*$/, "")));
  return [...words, ...add].join(" ");
}

const named = (word: string, name: string): boolean => word === name || word.startsWith(`${name}=`);
