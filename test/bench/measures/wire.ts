import type { Socket } from "node:net";
import { type Lab, startLab } from "../../../examples/lab/lab";
import { run } from "../../support/run-program";
import type { Measure } from "../bench";
import { type Goal, judged, type Line, type Row } from "../figures";
import { layDownHost } from "../hosts/tree";
import { plainScript, planPartition, readDraft } from "../read-plan";

const GOAL: Goal = { is: "<=", value: 8192, text: "<= 8 KB" };
const HOST = "host-1";

interface Bytes {
  sent: number;
  received: number;
}

/** (d) What a preview with nothing to do sends to a host and gets from it, TCP's payload from first to last byte. */
export const measureWire: Measure = async (bench) => {
  const tree = bench.folder("wire");
  layDownHost(tree, HOST);
  const sockets: Socket[] = [];
  const wire = (socket: Socket): Socket => {
    sockets.push(socket);
    return socket;
  };
  const lab = await startLab({ dir: bench.folder("wire-lab"), hosts: [{ name: HOST, dir: tree, wire }] });
  try {
    const ours = await counted(sockets, () => noOp(lab));
    const client = bench.ssh;
    if (!client) return [{ measure: "d", what: "bytes of a no-op", why: "no ssh client" }];
    const args = ["-F", lab.sshConfig, "-T", HOST, "sh"];
    const theirs = await counted(sockets, () => run(client, args, { input: plainScript() }));
    return lines(ours, theirs);
  } finally {
    await lab.close();
  }
};

function lines(ours: Bytes, theirs: Bytes): Line[] {
  const row = (name: keyof Bytes, goal?: Goal): Row => ({
    measure: "d",
    what: `bytes ${name} for a no-op of one host, login included`,
    figure: `${ours[name]} bytes`,
    baseline: `${theirs[name]} bytes: \`ssh HOST sh < script\``,
    ratio: (ours[name] / theirs[name]).toFixed(2),
    goal: judged(goal, ours[name]),
  });
  return [row("sent", GOAL), row("received")];
}

async function noOp(lab: Lab): Promise<void> {
  planPartition(await readDraft(lab.connection(HOST)), "from");
}

/** From the server's side, when the connection has ended: what it read is what was sent to it. */
async function counted(sockets: Socket[], work: () => Promise<unknown>): Promise<Bytes> {
  sockets.length = 0;
  await work();
  const [socket, ...more] = sockets;
  if (!socket || more.length > 0) throw new Error(`${sockets.length} connections, not one`);
  if (!socket.destroyed) await new Promise((settle) => socket.once("close", settle));
  return { sent: socket.bytesRead, received: socket.bytesWritten };
}
