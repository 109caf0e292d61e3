/** One argument of acrn-dm with what belongs to it: `-s` with its device, `--rtvm` alone, the VM's name. */
export interface DmArgument {
  /** `-m`, `--cpu_affinity`; undefined for the VM's name and for words that are given as they are. */
  option?: string;
  /** The word after the option, or the word alone. */
  value?: DmValue;
}

/** Text, or text that only the machine can finish at the launch. */
export type DmValue = string | SeededValue | InputValue;

/** The first MAC address of the Service VM stands in the middle: the guest's MAC addresses are made from it. */
export interface SeededValue {
  before: string;
  after: string;
}

/** An input device by what it says of itself; where no such device is plugged in, the whole argument is left out. */
export interface InputValue {
  before: string;
  after: string;
  input: { name: string; phys: string };
}

/** The argument as words; where the machine has to finish one, `...` stands in it. For messages and comparisons. */
export function wordsOf({ option, value }: DmArgument): string[] {
  const words = option === undefined ? [] : [option];
  if (value === undefined) return words;
  return [...words, typeof value === "string" ? value : `${value.before}...${value.after}`];
}
