import type { Duplex } from "node:stream";
import { type GetStreamCallback, OpenSSHAgent } from "ssh2";

/** An agent whose connections end with the login: ssh2 keeps one until the agent has answered, and with it the process. */
export class LoginAgent extends OpenSSHAgent {
  private readonly streams = new Set<Duplex>();
  private over = false;

  override getStream(done: GetStreamCallback): void {
    super.getStream((error, stream) => {
      if (stream) this.streams.add(stream);
      done(error, stream);
      if (this.over) this.hangUp();
    });
  }

  hangUp(): void {
    this.over = true;
    for (const stream of this.streams) stream.destroy();
  }
}
