import { connect } from "node:net";

/** How long an agent may take to list its keys, and how much it may say; one that hangs or babbles must not hang the run. */
const LIST_TIMEOUT_MS = 5_000;
const MOST_BYTES = 256 * 1024;
const REQUEST_IDENTITIES = 11;
const IDENTITIES_ANSWER = 12;

/** A key that an agent says it holds. */
export interface ListedKey {
  blob: Buffer;
  comment: string;
}

/**
 * Asks the agent at a socket what it holds (draft-miller-ssh-agent, section 4.4). ssh2 asks too, but leaves out what it cannot use
 * (certificates, FIDO keys), which nobody would then hear of.
 */
export function listKeys(socket: string): Promise<ListedKey[]> {
  return new Promise((settle, reject) => {
    const stream = connect(socket);
    let answer = Buffer.alloc(0);
    const end = (keys: ListedKey[] | undefined): void => {
      clearTimeout(timer);
      stream.destroy();
      if (keys) settle(keys);
      else reject(new Error("no answer"));
    };
    const timer = setTimeout(() => end(undefined), LIST_TIMEOUT_MS);
    stream.on("connect", () => stream.write(Buffer.from([0, 0, 0, 1, REQUEST_IDENTITIES])));
    stream.on("error", () => end(undefined));
    stream.on("close", () => end(undefined));
    stream.on("data", (chunk: Buffer) => {
      answer = Buffer.concat([answer, chunk]);
      if (answer.length >= 4 && answer.readUInt32BE(0) > MOST_BYTES) end(undefined);
      else if (answer.length >= 4 && answer.length >= 4 + answer.readUInt32BE(0)) end(parseAnswer(answer.subarray(4)));
    });
  });
}

/** byte type, uint32 number of keys, then for each: string blob, string comment. */
function parseAnswer(message: Buffer): ListedKey[] | undefined {
  if (message.length < 5 || message[0] !== IDENTITIES_ANSWER) return undefined;
  const keys: ListedKey[] = [];
  let at = 5;
  const string = (): Buffer | undefined => {
    if (at + 4 > message.length) return undefined;
    const from = at + 4;
    at = from + message.readUInt32BE(at);
    return at <= message.length ? message.subarray(from, at) : undefined;
  };
  for (let left = message.readUInt32BE(1); left > 0; left--) {
    const [blob, comment] = [string(), string()];
    if (!blob || !comment) return undefined;
    keys.push({ blob, comment: comment.toString("utf8") });
  }
  return keys;
}
