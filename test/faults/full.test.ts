import { shells, temporary } from "../host/helpers";
import { needs, optional } from "../support/needs";
import { Tally } from "../support/tally";
import { bootWorld } from "./support/boot-world";
import { fullAtCommands } from "./support/full";
import { mayMount, NO_MOUNT } from "./support/mounts";
import { stubbed } from "./support/stubs";
import { smallWorld, type World } from "./support/world";

/** Strides over the commands, many of which write nothing, under dash and busybox. The whole, without stride: test/long/kill.test.ts. */
const ROWS: [title: string, where: string, strides: Record<string, number>, make: () => Promise<World>][] = [
  ["ours", "var/lib", { dash: 2, busybox: 5 }, () => smallWorld("first")],
  ["the target's", "etc/default", { dash: 5, busybox: 9 }, bootWorld],
];

for (const { name, shell } of shells().filter((row) => row.name !== "bash"))
  describe(`a disk that is full from a command on, ${name}`, function () {
    this.timeout(600_000);
    before(function () {
      needs(this, shell, `no ${name} on this machine`);
      optional(this, mayMount(temporary()), NO_MOUNT);
    });

    for (const [title, where, strides, make] of ROWS)
      it(`${title}: old or new, said, and with room the next run succeeds`, async () => {
        const tally = new Tally(`full disk, ${name}, ${where}`);
        await fullAtCommands(
          { world: await make(), shell: stubbed(shell ?? {}), where, stride: strides[name] ?? 1 },
          tally,
        );
        tally.check();
      });
  });
