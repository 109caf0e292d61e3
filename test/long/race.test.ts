import { Client } from "../faults/support/clients";
import { race } from "../faults/support/race";
import { shells } from "../host/helpers";
import { needs } from "../support/needs";
import { Tally } from "../support/tally";

const ROUNDS = 10_000;
const MACHINES = 8;
/** A machine's rounds in one go; between two of them the clock is looked at. */
const BATCH = 25;
const MINUTES = 90;

for (const { name, shell } of shells().filter((row) => row.name !== "bash"))
  describe(`two applies at once, ${ROUNDS} rounds, ${name}`, function () {
    this.timeout((MINUTES + 10) * 60_000);
    const clients: Client[] = [];
    before(async function () {
      needs(this, shell, `no ${name} on this machine`);
      clients.push(...(await Promise.all([Client.start(shell), Client.start(shell)])));
    });
    after(() => Promise.all(clients.map((client) => client.kill())));

    it(`as many as fit into ${MINUTES} minutes`, async () => {
      const tally = new Tally(`two applies at once, ${name}`);
      const until = performance.now() + MINUTES * 60_000;
      const [a, b] = clients as [Client, Client];
      let batch = 0;
      const lane = async (): Promise<void> => {
        while (batch * BATCH < ROUNDS && performance.now() < until) await race([a, b], BATCH, batch++, tally);
      };
      await Promise.all(Array.from({ length: MACHINES }, lane));
      tally.check();
    });
  });
