import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { type AddressInfo, connect, createServer, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { buffer } from "node:stream/consumers";
import { inspect } from "node:util";
import { type Lab, type LabHostSpec, startLab } from "../../../examples/lab/lab";
import { AcrnError } from "../../../provider/core/errors";
import type { Transport } from "../../../provider/host/types";

export interface Outcome {
  out: string;
  err: string;
  exit: { code: number | undefined; signal?: string };
}

/** Runs a command to its end. */
export async function run(transport: Transport, command: string, input: string | Buffer = ""): Promise<Outcome> {
  const process = await transport.exec(command);
  process.stdin.end(input);
  const [out, err, exit] = await Promise.all([buffer(process.stdout), buffer(process.stderr), process.exit]);
  return { out: out.toString(), err: err.toString(), exit };
}

/** The AcrnError that something ends with. */
export async function failure(work: Promise<unknown>): Promise<AcrnError> {
  const error = await work.then(
    (value) => assert.fail(`it succeeded: ${inspect(value)}`),
    (reason: unknown) => reason,
  );
  assert.ok(error instanceof AcrnError, inspect(error));
  return error;
}

/** All that could be printed of an error. */
export function everything(error: unknown): string {
  return inspect(error, { depth: 20, showHidden: true });
}

/** A folder that goes away with the suite; a lab in it, if hosts are named. */
export function useFolder(): () => string {
  let folder = "";
  before(() => {
    folder = mkdtempSync(join(tmpdir(), "acrn-ssh-"));
  });
  after(() => rmSync(folder, { recursive: true, force: true }));
  return () => folder;
}

type HostSketch = Omit<LabHostSpec, "dir">;

export function useLab(hosts: (folder: string) => HostSketch[]): () => Lab {
  let lab: Lab;
  const folder = useFolder();
  before(async () => {
    const dir = folder();
    const specs = hosts(dir).map((host) => ({ ...host, dir: join(dir, "trees", host.name) }));
    lab = await startLab({ dir: join(dir, "lab"), hosts: specs });
  });
  after(async () => {
    await lab.close();
    assert.deepEqual(lab.processes(), [], "processes were left behind");
  });
  return () => lab;
}

export async function until(condition: () => boolean, what: string): Promise<void> {
  const end = Date.now() + 10_000;
  while (!condition()) {
    assert.ok(Date.now() < end, `it did not happen: ${what}`);
    await new Promise((settle) => setTimeout(settle, 10));
  }
}

/** A TCP proxy that can fall silent, as a machine without power does. */
export async function silentProxy(port: number): Promise<{ port: number; fallSilent(): void; close(): void }> {
  const sockets: Socket[] = [];
  const server = createServer((client) => {
    const upstream = connect({ host: "127.0.0.1", port });
    for (const socket of [client, upstream]) {
      sockets.push(socket);
      socket.on("error", () => {});
    }
    client.pipe(upstream).pipe(client);
  });
  await new Promise<void>((settle) => server.listen(0, "127.0.0.1", settle));
  return {
    port: (server.address() as AddressInfo).port,
    fallSilent() {
      for (const socket of sockets) socket.unpipe().pause();
    },
    close() {
      for (const socket of sockets) socket.destroy();
      server.close();
    },
  };
}
