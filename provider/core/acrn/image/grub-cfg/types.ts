/** One menu entry, or a submenu. */
export interface MenuEntry {
  /** Absent: it has none, or one that only GRUB knows (a variable). */
  id?: string;
  title: string;
  submenu: boolean;
  /** Indices from the top menu down, as `GRUB_DEFAULT` counts them. */
  path: number[];
  /** Where its braces stand in the text. */
  body: { start: number; end: number };
}

export interface GrubMenu {
  entries: MenuEntry[];
  /** Whether `next_entry` of grubenv is taken once, and forgotten before the boot. */
  nextEntry: boolean;
  default: DefaultEntry;
}

/** What boots when nobody touches the keyboard and no one-shot is set. */
export type DefaultEntry =
  | { known: true; entry: MenuEntry }
  /** `wanted`: what is asked for, where no entry is called so. */
  | { known: false; why: string; wanted?: string };

/** A command outside of all menu entries and functions. */
export type Command = string[];
