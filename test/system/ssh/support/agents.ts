import { type Agent, startAgent } from "./agent";
import type { World } from "./world";

/** What each agent of the rows holds. */
const HELD: Readonly<Record<string, readonly string[][]>> = {
  empty: [],
  right: [["ed25519"]],
  stranger: [["stranger"]],
  full: [...[1, 2, 3, 4, 5, 6, 7].map((n) => [`stranger${n}`]), ["ed25519"]],
  fullStrangers: [1, 2, 3, 4, 5, 6, 7].map((n) => [`stranger${n}`]),
  refusing: [["-c", "confirm"]],
  refusingThenRight: [["-c", "confirm"], ["ed25519"]],
  opened: [["opened"]],
  locked: [["ed25519"]],
  certified: [["certified"]],
  two: [["ed25519"], ["rsa"]],
};

export interface Agents {
  socket(name: string): string;
  stop(): Promise<void>;
}

export async function startAgents(world: World): Promise<Agents> {
  const agents = new Map<string, Agent>();
  world.open("encrypted", "opened");
  for (const [name, keys] of Object.entries(HELD)) {
    const agent = await startAgent(world, name);
    agents.set(name, agent);
    for (const args of keys) agent.add(...args.map((arg) => (arg.startsWith("-") ? arg : world.file(arg))));
  }
  agents.get("locked")?.lock();
  return {
    socket: (name) => (name === "dead" ? world.file("nobody.sock") : (agents.get(name) as Agent).socket),
    async stop() {
      await Promise.all([...agents.values()].map((agent) => agent.stop()));
    },
  };
}
