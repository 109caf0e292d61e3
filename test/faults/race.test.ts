import { shells } from "../host/helpers";
import { needs } from "../support/needs";
import { Tally } from "../support/tally";
import { Client } from "./support/clients";
import { race } from "./support/race";

/** Machines at a time: while the two wait for one machine's lock, they work on the others. */
const MACHINES = 4;
const ROUNDS: Record<string, number> = { dash: 100, busybox: 36 };

for (const { name, shell } of shells().filter((row) => row.name !== "bash"))
  describe(`two applies at once under ${name}`, function () {
    this.timeout(600_000);
    const clients: Client[] = [];
    before(async function () {
      needs(this, shell, `no ${name} on this machine`);
      clients.push(...(await Promise.all([Client.start(shell), Client.start(shell)])));
    });
    after(() => Promise.all(clients.map((client) => client.kill())));

    const rounds = ROUNDS[name] ?? 0;
    it(`${rounds} rounds from two processes`, async () => {
      const tally = new Tally(`two applies at once, ${name}`);
      const [a, b] = clients as [Client, Client];
      const lanes = Array.from({ length: MACHINES }, (_, lane) => race([a, b], rounds / MACHINES, lane, tally));
      await Promise.all(lanes);
      tally.check();
    });
  });
