import { shells } from "../host/helpers";
import { needs } from "../support/needs";
import { Tally } from "../support/tally";
import { type Command, killAtCommands, killAtSteps, type Victim } from "./support/kill";
import { stubbed } from "./support/stubs";
import { smallWorld } from "./support/world";

/** All under dash, the runner under busybox too; the whole product of these columns is test/long/kill.test.ts. */
const ROWS: [kind: "first" | "again", victim: Victim, command: Command][] = [
  ["first", "runner", "dies"],
  ["again", "both", "goes on"],
  ["first", "holder", "goes on"],
  ["again", "holder", "dies"],
];

for (const { name, shell } of shells().filter((row) => row.name !== "bash"))
  describe(`killed under ${name}`, function () {
    this.timeout(600_000);
    before(function () {
      needs(this, shell, `no ${name} on this machine`);
    });

    for (const [kind, victim, command] of ROWS.filter(([, victim]) => name === "dash" || victim === "runner"))
      it(`${victim}, at every command of ${kind}; the command ${command}`, async () => {
        const tally = new Tally(`kill, ${name}, ${kind}, ${victim}, command ${command}`);
        const sweep = { world: await smallWorld(kind), shell: stubbed(shell ?? {}), victim, command };
        await killAtCommands(sweep, tally);
        if (victim !== "holder") await killAtSteps(sweep, tally);
        tally.check();
      });
  });
