import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { type Ended, run } from "../../../support/run-program";
import type { Image } from "./image";

/** Commands for the guest through ssh(1), each over a connection of its own. */
export class Shell {
  private readonly args: readonly string[];

  constructor(dir: string, port: number, image: Image, user = "root") {
    const known = join(dir, "known_hosts");
    writeFileSync(known, `[127.0.0.1]:${port} ${image.hostKey}\n`);
    const options = {
      UserKnownHostsFile: known,
      StrictHostKeyChecking: "yes",
      IdentitiesOnly: "yes",
      BatchMode: "yes",
      // emulated: a key exchange takes seconds when both cores are busy
      ConnectTimeout: "60",
      LogLevel: "ERROR",
    };
    const given = Object.entries(options).flatMap(([name, value]) => ["-o", `${name}=${value}`]);
    this.args = ["-F", "none", ...given, "-i", image.key, "-p", String(port), `${user}@127.0.0.1`];
  }

  /** What it wrote on stdout; another status than 0 is an error. */
  async run(command: string, input = ""): Promise<string> {
    return (await this.ended(command, input)).stdout;
  }

  /** A command that takes the machine along: how it ends says nothing. */
  async last(command: string): Promise<void> {
    await this.ended(command, "").catch(() => undefined);
  }

  private ended(command: string, input: string): Promise<Ended> {
    return run("ssh", [...this.args, command], { input });
  }
}
