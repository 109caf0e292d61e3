import type { Gauge } from "./gauge";

/** For `LabHostSpec.ciphers`: with this one the ends of packets can be told from outside, see `packetEnd`. */
export const COUNTABLE = "aes128-gcm@openssh.com";

/** SSH_MSG_NEWKEYS, RFC 4253 section 7.3: what follows it is encrypted. */
const NEWKEYS = 21;
const TAG = 16;
/** No packet of ours is longer: 32 KiB of data and what stands around it (RFC 4253 section 6.1). Longer is misread. */
const LONGEST = 40_000;

/**
 * Ends at the end of the n-th SSH packet of a direction, moved by `offset` bytes; n = 0 is the end of the identification line (RFC
 * 4253 section 4.2). Before the keys are exchanged a packet starts with its length in clear (section 6), and has no MAC; with AES-GCM
 * that length stays in clear, being authenticated but not encrypted, and a tag of 16 bytes follows (RFC 5647 sections 5.1 and 7.3). So the
 * ends are exact whatever TCP makes of the writes, and need not be learned from a run whose packets may be others.
 */
export function packetEnd(n: number, offset: -1 | 0 | 1): Gauge {
  const packets = new Packets(n);
  return {
    take(chunk) {
      const from = packets.seen;
      packets.read(chunk);
      const limit = packets.wanted === undefined ? Number.POSITIVE_INFINITY : packets.wanted + offset;
      return limit <= from + chunk.length ? limit - from : undefined;
    },
  };
}

/** How many packets a direction has had, for learning how many there are to cut at. */
export class PacketCount implements Gauge {
  private readonly packets = new Packets(Number.POSITIVE_INFINITY);

  get count(): number {
    return this.packets.ended;
  }

  take(chunk: Buffer): undefined {
    this.packets.read(chunk);
  }
}

class Packets {
  /** Bytes so far; packets that have ended, the identification line not counted. */
  seen = 0;
  ended = -1;
  /** Where packet n ends, as soon as its head tells. */
  wanted: number | undefined;
  private head = Buffer.alloc(0);
  private end: number | undefined;
  private encrypted = false;

  constructor(private readonly n: number) {}

  read(chunk: Buffer): void {
    for (let at = 0; at < chunk.length; ) {
      this.end ??= this.endOf(chunk.subarray(at, at + 1));
      if (this.ended + 1 === this.n) this.wanted ??= this.end;
      const step = this.end === undefined ? 1 : Math.min(this.end - this.seen, chunk.length - at);
      at += step;
      this.seen += step;
      if (this.seen === this.end) this.next();
    }
  }

  private next(): void {
    this.ended++;
    this.end = undefined;
    this.head = Buffer.alloc(0);
  }

  /** With one more byte of what stands first: where the packet ends, or undefined as long as that is not known. */
  private endOf(byte: Buffer): number | undefined {
    this.head = Buffer.concat([this.head, byte]);
    const { head, seen } = this;
    if (this.ended < 0) return byte[0] === 10 ? seen + 1 : undefined;
    // length, padding length, message type
    if (head.length < (this.encrypted ? 4 : 6)) return undefined;
    const length = head.readUInt32BE(0);
    if (length > LONGEST)
      throw new Error(`no packet of SSH has ${length} bytes: is the cipher another than ${COUNTABLE}?`);
    const end = seen + 1 - head.length + 4 + length + (this.encrypted ? TAG : 0);
    if (!this.encrypted && head[5] === NEWKEYS) this.encrypted = true;
    return end;
  }
}
