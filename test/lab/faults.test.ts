import assert from "node:assert/strict";
import { connect } from "node:net";
import { buffer } from "node:stream/consumers";
import { byteCount } from "../../examples/lab/server/faults/gauge";
import { COUNTABLE, PacketCount, packetEnd } from "../../examples/lab/server/faults/packets";
import { Pool } from "../../provider/host/ssh/pool";
import { failure, run, until, useLab } from "../host/ssh/support";

describe("lab faults: a running host", () => {
  const lab = useLab(() => [{ name: "cell", ciphers: [COUNTABLE] }]);
  const host = () => lab().host("cell");
  const on = (command: string, input = "") => run(new Pool().transport(lab().connection("cell")), command, input);
  afterEach(() => host().faults.heal());

  /** What a client gets that says no more than who it is: the identification line, and the server's first packet. */
  const hello = () => {
    const socket = connect({ host: "127.0.0.1", port: host().port });
    socket.write("SSH-2.0-test\r\n");
    return buffer(socket);
  };

  it("cuts what the server sends at a byte, once", async () => {
    host().faults.cut({ direction: "to-client", after: 5 });
    assert.equal((await hello()).toString(), "SSH-2");
    assert.equal(host().faults.cuts, 1);
    assert.equal((await on("echo whole")).out, "whole\n");
  });

  it("cuts as many connections as it was told", async () => {
    host().faults.cut({ direction: "to-client", after: 0, connections: 2 });
    assert.deepEqual([(await hello()).length, (await hello()).length], [0, 0]);
    assert.equal((await on("echo whole")).out, "whole\n");
  });

  it("cuts what the client sends", async () => {
    host().faults.cut({ direction: "to-server", after: 2000 });
    assert.match((await failure(on("cat", "x".repeat(10_000)))).code, /^ssh[.]/);
  });

  it("cuts a connection that is open, counted from now", async () => {
    const process = await new Pool().transport(lab().connection("cell")).exec("echo first; cat; echo never");
    await new Promise((settle) => process.stdout.once("data", settle));
    host().faults.cut({ direction: "to-server", after: 0, from: "now" });
    process.stdin.end("more");
    assert.equal((await failure(process.exit)).code, "ssh.lost");
  });

  it("leaves the server's end of a silent cut waiting until it is released", async () => {
    const process = await new Pool().transport(lab().connection("cell")).exec("echo first; cat");
    await new Promise((settle) => process.stdout.once("data", settle));
    host().faults.cut({ direction: "to-server", after: 0, from: "now", manner: "silent" });
    process.stdin.write("more");
    await failure(process.exit);
    assert.equal(lab().commands(), 1);
    host().faults.release();
    await until(() => lab().commands() === 0, "the command sees the end of its input");
  });

  it("counts packets, and cuts at their ends and beside them", async () => {
    const count = new PacketCount();
    host().faults.cut({ direction: "to-client", after: () => count });
    assert.equal((await on("echo x")).out, "x\n");
    assert.ok(count.count > 8, `${count.count} packets`);
    const whole = await until1(0);
    for (const offset of [-1, 1] as const) assert.equal((await until1(offset)).length, whole.length + offset);
    assert.ok(whole.toString("latin1").endsWith("\r\n"));
  });

  /** Up to the end of the identification line. */
  const until1 = (offset: -1 | 0 | 1) => {
    host().faults.cut({ direction: "to-client", after: () => packetEnd(0, offset) });
    return hello();
  };

  it("delays commands, and the bytes of a connection", async () => {
    host().faults.latencyMs = 20;
    host().faults.delayMs = 20;
    assert.equal((await on("cat", "slow but whole")).out, "slow but whole");
  });

  it("refuses every login while told to", async () => {
    host().faults.refuseLogin = true;
    assert.equal((await failure(on("true"))).code, "ssh.auth");
    host().faults.refuseLogin = false;
    assert.equal((await on("echo in")).out, "in\n");
  });
});

describe("lab faults: gauges", () => {
  it("bytes: the first chunk that goes beyond is cut in it", () => {
    const gauge = byteCount(5);
    assert.deepEqual([gauge.take(Buffer.alloc(4)), gauge.take(Buffer.alloc(4))], [undefined, 1]);
  });

  /** Identification line, a packet of type 20 with 7 bytes after its length, NEWKEYS, and an encrypted one of 3 bytes and its tag. */
  const stream = Buffer.concat([
    Buffer.from("SSH-2.0-x\r\n"),
    packet([4, 20, 0, 0, 0, 0, 0]),
    packet([4, 21, 0, 0, 0, 0]),
    packet([9, 9, 9]),
    Buffer.alloc(16),
    Buffer.alloc(1),
  ]);
  const ends = [11, 22, 32, 55];

  function packet(rest: number[]): Buffer {
    const length = Buffer.alloc(4);
    length.writeUInt32BE(rest.length);
    return Buffer.concat([length, Buffer.from(rest)]);
  }

  for (const size of [1, 2, 3, 7, 100])
    it(`packets: their ends, whatever the chunks (${size} bytes)`, () => {
      for (const [n, end] of ends.entries())
        for (const offset of [-1, 0, 1] as const) assert.equal(passes(n, offset, size), end + offset, `${n} ${offset}`);
    });

  function passes(n: number, offset: -1 | 0 | 1, size: number): number {
    const gauge = packetEnd(n, offset);
    for (let at = 0; at < stream.length; at += size) {
      const limit = gauge.take(stream.subarray(at, at + size));
      if (limit !== undefined) return at + limit;
    }
    throw new Error("never reached");
  }

  it("packets: a cipher whose lengths cannot be read is no silent mistake", () => {
    const gauge = packetEnd(9, 0);
    gauge.take(stream.subarray(0, 32));
    assert.throws(() => gauge.take(Buffer.alloc(16, 0xff)), /another than aes128-gcm/);
  });
});
