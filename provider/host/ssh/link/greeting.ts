import type { Client } from "ssh2";
import { printable } from "../errors";

/** ssh takes 1024 lines of 8 KiB; nobody sends more than a few. */
const MOST_BYTES = 64 * 1024;
const IDENTIFICATION = /^SSH-[^\n]*\n/m;

interface Protocol {
  parse(chunk: Buffer, from: number, to: number): void;
}

/**
 * The first words of a server, up to its identification (RFC 4253, section 4.2). sshd tells there why it hangs up ("Exceeded MaxStartups"),
 * and a server of another kind shows what it is. ssh2 1.17 keeps them only once the identification has come, and loses what comes in a third
 * piece (parseHeader in its Protocol.js), so they are held back here until they are whole.
 */
export class Greeting {
  private held = Buffer.alloc(0);

  /** After `client.connect`, which makes the protocol; there is no public way in between. */
  listen(client: Client): void {
    const protocol = (client as unknown as { _protocol: Protocol })._protocol;
    protocol.parse = (chunk, from, to) => {
      this.held = Buffer.concat([this.held, chunk.subarray(from, to)]);
      const whole = this.identified;
      if (!whole && this.held.length > MOST_BYTES) throw new Error(`no identification in ${MOST_BYTES / 1024} KiB`);
      if (!whole) return;
      Reflect.deleteProperty(protocol, "parse"); // the class's own from here on
      protocol.parse(this.held, 0, this.held.length);
    };
  }

  /** Whether an SSH server spoke. */
  get identified(): boolean {
    return IDENTIFICATION.test(this.held.toString("latin1"));
  }

  /** What was said before the identification, safe to print. */
  get words(): string {
    return printable(this.held.toString("utf8").split(/^SSH-/m)[0] as string);
  }
}
