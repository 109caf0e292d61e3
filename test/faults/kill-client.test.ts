import assert from "node:assert/strict";
import { existsSync, readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { folderTarget } from "../../provider/host/folder";
import { shells } from "../host/helpers";
import { needs } from "../support/needs";
import { Tally } from "../support/tally";
import { Client, quiet } from "./support/clients";
import { judge, nextContact } from "./support/judge";
import { inLanes, LANES } from "./support/lanes";
import { smallWorld, type World } from "./support/world";

/** Fractions of the time of an undisturbed run, past its end too, at which the client is killed from outside. */
const MOMENTS = [0.1, 0.3, 0.5, 0.7, 0.8, 0.9, 1, 1.1];

/** Nobody is told anything by a dead client: here the tree has to be old or new, and the machine free for the next. */
for (const { name, shell } of shells().filter((row) => row.name !== "bash"))
  describe(`the client is killed under ${name}`, function () {
    this.timeout(600_000);
    before(function () {
      needs(this, shell, `no ${name} on this machine`);
    });

    /** As the world's own plan. */
    const job = (root: string) => ({ root, stack: "s", urn: "urn:cores", id: "id1", vms: { RT: [1] } });

    async function tryOne(world: World, tally: Tally, what: string, die: (client: Client) => Promise<void>) {
      await world.within(async (root) => {
        const client = await Client.start(shell);
        await client.plan(1, job(root));
        await die(client);
        await client.gone;
        await nextContact(folderTarget(root, shell)); // while what the dead one started may still be at work
        await quiet(root);
        await nextContact(folderTarget(root, shell));
        forgetResult(root);
        const { end, why } = judge(root, world);
        tally.add(end, `${what}: ${why}`);
      });
    }

    /** How it ended is kept for the client, should it only have lost its link, until the next one that writes; and nothing else is. */
    function forgetResult(root: string): void {
      const tx = join(root, "var/lib/pulumi-acrn/tx");
      if (existsSync(tx) && readdirSync(tx).every((id) => existsSync(join(tx, id, "result"))))
        rmSync(tx, { recursive: true });
    }

    it("at every word of its progress and at moments all over its run", async () => {
      const world = await smallWorld("first");
      const tally = new Tally(`client killed, ${name}`);
      const whole = await undisturbed(world);
      const words = whole.phases.map((phase, i) => ({
        what: phase,
        die: async (client: Client) => void client.apply(1, i + 1),
      }));
      const moments = MOMENTS.map((moment) => ({
        what: `at ${moment} of the run`,
        die: async (client: Client) => {
          client.apply(1).catch(() => undefined);
          await sleep(moment * whole.milliseconds);
          await client.kill();
        },
      }));
      await inLanes([...words, ...moments], LANES, ({ what, die }) => tryOne(world, tally, what, die));
      tally.check();
    });

    function undisturbed(world: World): Promise<{ phases: string[]; milliseconds: number }> {
      return world.within(async (root) => {
        const client = await Client.start(shell);
        await client.plan(1, job(root));
        const start = performance.now();
        const { code, message } = await client.apply(1);
        const milliseconds = performance.now() - start;
        await client.kill();
        assert.equal(code, "", message);
        assert.equal(judge(root, world).end, "new", judge(root, world).why);
        return { phases: client.phases, milliseconds };
      });
    }
  });
