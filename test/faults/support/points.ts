/** Seen from the client: what it sends, and what it is sent. */
export type Direction = "out" | "in";

/** A place in the talk of client and script that is the same from run to run, though pids, times and the length of contents differ. */
export interface Point {
  direction: Direction;
  /** What kind of line (`labelOf`), and the how-manieth of its kind in that direction, from 1. */
  label: string;
  nth: number;
  /** So many bytes of that line pass. */
  byte: number;
}

export const nameOf = ({ direction, label, nth, byte }: Point): string => `${direction} ${label}#${nth}+${byte}`;

/** Lines of one direction with their labels, as they come. */
export class Labels {
  private readonly seen = new Map<string, number>();

  constructor(private readonly direction: Direction) {}

  /** @param line without its line break */
  next(line: string): { direction: Direction; label: string; nth: number } {
    const label = labelOf(this.direction, line);
    const nth = (this.seen.get(label) ?? 0) + 1;
    this.seen.set(label, nth);
    return { direction: this.direction, label, nth };
  }
}

/** The lines of the protocol (scripts/main.ts, collect.ts, lock.ts); everything else is contents. */
const FRAMES: Record<Direction, RegExp> = {
  out: /^(tx|ack|quit|go|again|result|o|k)(?= |$)/,
  in: /^(pulumi-acrn frame|locked|busy|read|body|[.]|end read|outcome|[|]|end 1|error)(?= |$)/,
};

const CONTENT = "content";

function labelOf(direction: Direction, line: string): string {
  if (line === "") return "blank";
  return FRAMES[direction].exec(line)?.[0] ?? CONTENT;
}

/** Every how-manieth byte: of the lines of the protocol, and of the rest (scripts, payload, contents of files). */
export interface Strides {
  frames: number;
  contents: number;
}

/** Where to cut, learned from what one whole run said. Before the first byte of a line is after the line before. */
export function pointsOf(said: Readonly<Record<Direction, string>>, { frames, contents }: Strides): Point[] {
  return (["out", "in"] as const).flatMap((direction) => {
    const labels = new Labels(direction);
    let at = 0;
    return said[direction].split(/(?<=\n)/).flatMap((line) => {
      const place = labels.next(line.replace(/\n$/, ""));
      const start = at;
      at += line.length;
      const stride = place.label === CONTENT ? contents : frames;
      const wanted = (byte: number) => (start + byte) % stride === 0;
      return Array.from(line, (_, byte) => ({ ...place, byte })).filter(({ byte }) => wanted(byte));
    });
  });
}
