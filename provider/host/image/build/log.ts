import { StringDecoder } from "node:string_decoder";
import { visible } from "../../../core/text/visible";

/** No line of a compiler is longer; what is, is cut. */
const LINE = 4000;
/** How many of the last lines an error quotes. */
const TAIL = 30;

/** Bytes of a log in, lines out, in bounded memory. Foreign text is made harmless to a terminal. */
export class BuildLog {
  private readonly decoder = new StringDecoder("utf8");
  private pending = "";
  readonly tail: string[] = [];

  constructor(private readonly line: (text: string) => void) {}

  add(bytes: Buffer): void {
    const lines = (this.pending + this.decoder.write(bytes)).split("\n");
    // the rest of a line that is too long already is nobody's reading
    this.pending = (lines.pop() ?? "").slice(0, LINE + 1);
    for (const line of lines) this.say(line);
  }

  end(): void {
    const rest = this.pending + this.decoder.end();
    this.pending = "";
    if (rest !== "") this.say(rest);
  }

  say(line: string): void {
    const text = visible(line.replace(/\r+$/, "").slice(0, LINE));
    this.tail.push(text);
    if (this.tail.length > TAIL) this.tail.shift();
    this.line(text);
  }
}
