import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { type AddressInfo, connect, createServer, isIPv6, type LookupFunction, type Socket } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { systemEnvironment } from "../../../provider/host/ssh/env";
import { connectTcp } from "../../../provider/host/ssh/link/tcp";
import { resolve } from "../../../provider/host/ssh/resolve";
import type { ResolvedConnection } from "../../../provider/host/ssh/spec";

/** A name service that knows one machine, and its addresses in this order. */
const named =
  (...addresses: string[]): LookupFunction =>
  (_name, { family, all }, done) => {
    const each = addresses.map((address) => ({ address, family: isIPv6(address) ? 6 : 4 }));
    const found = each.filter((one) => !family || one.family === family);
    if (all) done(null, found);
    else done(null, found[0]?.address ?? "", found[0]?.family);
  };

/** Listens for one, and takes nobody for a while: who comes when its queue is full is heard after a second, with the next SYN. */
const BUSY = `
  const server = require("node:net").createServer((socket) => socket.on("error", () => {}).end());
  server.listen({ port: 0, host: "127.0.0.1", backlog: 1 }, () => {
    require("node:fs").writeSync(1, String(server.address().port));
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 700);
  });`;

describe("ssh tcp", () => {
  const to = (changes: Partial<ResolvedConnection>): ResolvedConnection => ({
    ...resolve({ host: "cell", user: "root", agent: false, sshConfig: false }, systemEnvironment()),
    ...changes,
  });

  async function listening(work: (port: number) => Promise<void>): Promise<void> {
    const server = createServer((socket) => socket.on("error", () => {}).end());
    await new Promise<void>((settle) => server.listen(0, "127.0.0.1", settle));
    try {
      await work((server.address() as AddressInfo).port);
    } finally {
      server.close();
    }
  }

  const rows: [string, Partial<ResolvedConnection>, string[]][] = [
    ["from an IPv4 address, to a machine that has IPv6 first", { bindAddress: "127.0.0.1" }, ["::1", "127.0.0.1"]],
    ["by AddressFamily inet, to a machine that has IPv6 first", { family: 4 }, ["::1", "127.0.0.1"]],
    ["by the second address where the first one refuses", {}, ["127.0.0.9", "127.0.0.1"]],
  ];
  for (const [name, changes, addresses] of rows)
    it(`connects ${name}`, () =>
      listening(async (port) => {
        const socket = await connectTcp(to({ port, ...changes }), 5_000, named(...addresses));
        assert.equal(socket.remoteAddress, "127.0.0.1");
        socket.destroy();
      }));

  it("gives an address longer than Node's quarter of a second before it tries the next", async () => {
    const child = spawn(process.execPath, ["-e", BUSY], { stdio: ["ignore", "pipe", "inherit"] });
    const sockets: Socket[] = [];
    try {
      const [said] = await once(child.stdout, "data");
      const port = Number(said);
      for (let place = 0; place < 3; place++) sockets.push(connect(port, "127.0.0.1").on("error", () => {}));
      await sleep(50);
      sockets.push(await connectTcp(to({ port }), 30_000, named("127.0.0.1", "127.0.0.9")));
    } finally {
      for (const socket of sockets) socket.destroy();
      child.kill();
    }
  });
});
