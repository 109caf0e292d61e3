/** The words of a line of GRUB's shell: quotes taken off, variables put in, `#` ends it [GRUB manual, "Quoting"]. */
export function grubWords(line: string, variables: Readonly<Record<string, string>> = {}): string[] {
  const words: string[] = [];
  let word: string | undefined;
  const add = (text: string): void => {
    word = (word ?? "") + text;
  };
  const token = /\s+|'([^']*)'|"((?:[^"\\]|\\.)*)"|\\(.)|(\$\{?\w+\}?)|([^\s'"\\$]+|.)/gy;
  for (const [whole, single, double, escaped, variable, plain] of line.matchAll(token)) {
    if (single !== undefined) add(single);
    else if (double !== undefined) add(expand(double, variables).replace(/\\(["\\$])/g, "$1"));
    else if (escaped !== undefined) add(escaped);
    else if (variable !== undefined) {
      const value = expand(variable, variables);
      if (value !== "") add(value); // an unset variable is no word
    } else if (plain?.startsWith("#") && word === undefined) break;
    else if (plain !== undefined) add(plain);
    else if (/^\s/.test(whole) && word !== undefined) {
      words.push(word);
      word = undefined;
    }
  }
  return word === undefined ? words : [...words, word];
}

export const expand = (text: string, variables: Readonly<Record<string, string>>): string =>
  text.replace(/(?<!\\)\$\{?(\w+)\}?/g, (_, name: string) => variables[name] ?? "");
