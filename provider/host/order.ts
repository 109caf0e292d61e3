import type { FileChange } from "./types";

const LEDGER = "/var/lib/pulumi-acrn/ledger.json";

/**
 * Which file comes when, so that a machine boots and launches after every prefix of the swaps, without us and without the journal: what is
 * pointed at is there before what points at it. Files that no rule names come first: sources that only tools read, as the scenario. A
 * later kind of file adds a rule here.
 */
const RULES: readonly { rank: number; paths: RegExp; why: string }[] = [
  { rank: 0, paths: /\.edited\.sh$/, why: "the launch script beside it runs it" },
  {
    rank: 3,
    paths: /^\/usr\/share\/acrn\/conf\/add\/[^/]+\.sh$/,
    why: "autostart entries: run at boot, call launch scripts",
  },
  { rank: 1, paths: /^\/var\/lib\/pulumi-acrn\/images\//, why: "launch scripts and boot entries use them" },
  { rank: 2, paths: /\.sh$/, why: "launch scripts" },
  {
    rank: 3,
    paths: /^\/(etc|usr\/lib|lib)\/(systemd|modprobe\.d|sysctl\.d|udev)\//,
    why: "read at boot, and call launch scripts",
  },
  {
    rank: 4,
    paths: /^\/(boot|efi)\/|^\/etc\/(default\/grub|grub\.d|kernel)/,
    why: "decides what boots next: all else is in place by then",
  },
];

const rankOf = (path: string): number => RULES.find(({ paths }) => paths.test(path))?.rank ?? 0;

/**
 * Puts changes in the order of the swaps.
 *
 * 1. The ledger: who owns what, with the bytes from before, is on the disk before the first file of others changes. When it is removed, or
 *    only gives back, it is last: it holds the way back until the last file is back.
 * 2. What is written, by rank; within a rank as given.
 * 3. What is removed, by rank downwards: what points goes before what it points at.
 */
export function swapOrder(changes: readonly FileChange[]): FileChange[] {
  const key = (change: FileChange): number => {
    if (change.path === LEDGER) return change.after === null || change.last ? 100 : -1;
    return change.after === null ? 50 - rankOf(change.path) : rankOf(change.path);
  };
  return [...changes].sort((a, b) => key(a) - key(b));
}
