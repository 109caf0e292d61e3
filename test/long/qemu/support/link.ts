import { once } from "node:events";
import { type AddressInfo, connect, createServer, type Socket } from "node:net";

/**
 * A wire in front of a port of the loopback address: its own port stays while what is behind it comes and goes, and it can be cut after any
 * byte.
 */
export class Link {
  /** Where it leads; undefined: nobody is there, and who comes is refused. */
  to: number | undefined;
  /** Bytes that went either way. */
  passed = 0;
  private left = Number.POSITIVE_INFINITY;
  private whole = true;
  private readonly ends = new Set<Socket>();
  private readonly server = createServer({ allowHalfOpen: true }, (client) => this.join(client));

  /** The port to go to, which is free and stays. */
  async open(): Promise<number> {
    this.server.listen(0, "127.0.0.1");
    await once(this.server, "listening");
    return (this.server.address() as AddressInfo).port;
  }

  /** Ends every connection after so many more bytes, the last of them being delivered; then new ones are let through. */
  cutAfter(bytes: number): void {
    this.left = Math.max(1, bytes);
  }

  /** Ends every connection now, and refuses new ones until `mend`. */
  cut(): void {
    this.whole = false;
    this.drop();
  }

  mend(): void {
    this.whole = true;
  }

  async close(): Promise<void> {
    const closed = new Promise((settle) => this.server.close(settle));
    this.drop();
    await closed;
  }

  private join(client: Socket): void {
    if (!this.whole || this.to === undefined) return void client.destroy();
    const there = connect({ port: this.to, host: "127.0.0.1", allowHalfOpen: true });
    this.carry(client, there);
    this.carry(there, client);
  }

  private carry(from: Socket, into: Socket): void {
    this.ends.add(from);
    from.on("error", () => undefined); // its close tells
    from.on("end", () => into.end()); // after what it still has to send
    from.on("close", (failed) => {
      this.ends.delete(from);
      if (failed) into.destroy();
      else into.destroySoon();
    });
    from.on("drain", () => into.resume());
    from.on("data", (chunk: Buffer) => {
      const part = chunk.subarray(0, this.left);
      this.passed += part.length;
      this.left -= part.length;
      if (this.left > 0) {
        if (!into.write(part)) from.pause();
      } else if (part.length > 0) into.write(part, () => this.drop());
    });
  }

  private drop(): void {
    this.left = Number.POSITIVE_INFINITY;
    for (const socket of this.ends) socket.destroy();
    this.ends.clear();
  }
}
