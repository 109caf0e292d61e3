import { createInterface } from "node:readline/promises";
import type { Readable } from "node:stream";

/** Everything by which a run of the command line touches its surroundings, so that tests can be them. */
export interface Io {
  /** Data: what was asked for, and nothing else. */
  out(bytes: string | Uint8Array): void;
  /** Progress, warnings, questions and errors. */
  err(text: string): void;
  outIsTerminal: boolean;
  errIsTerminal: boolean;
  stdin: Readable;
  env: Readonly<Record<string, string | undefined>>;
  /** Puts a question to a person; undefined where nobody is there to answer. */
  ask: ((question: string) => Promise<string>) | undefined;
  /** Calls back when the user interrupts; the answer stops listening. Until then an interrupt ends the process as usual. */
  onInterrupt(act: () => void): () => void;
  /** Ends the process: only for an interrupt, which cannot return. */
  exit(status: number): never;
}

export function processIo(): Io {
  const { stdin, stdout, stderr, env } = process;
  // `pulumi-acrn plan | head` closes the pipe early. That must not end an apply half way, so it is only ignored.
  for (const stream of [stdout, stderr]) stream.on("error", ignoreClosedPipe);
  return {
    out: (bytes) => void stdout.write(bytes),
    err: (text) => void stderr.write(text),
    outIsTerminal: Boolean(stdout.isTTY),
    errIsTerminal: Boolean(stderr.isTTY),
    stdin,
    env,
    ask: stdin.isTTY && stderr.isTTY ? askOnTerminal : undefined,
    onInterrupt,
    exit: (status) => process.exit(status),
  };
}

function ignoreClosedPipe(error: NodeJS.ErrnoException): void {
  if (error.code !== "EPIPE") throw error;
}

/** On stderr, so that stdout holds data alone. End of input (Ctrl-D) is no answer, and no answer is no. */
async function askOnTerminal(question: string): Promise<string> {
  const lines = createInterface({ input: process.stdin, output: process.stderr });
  try {
    return await new Promise<string>((settle, reject) => {
      lines.once("close", () => settle(""));
      lines.question(question).then(settle, reject);
    });
  } finally {
    lines.close();
  }
}

function onInterrupt(act: () => void): () => void {
  const signals = ["SIGINT", "SIGTERM", "SIGHUP"] as const;
  for (const signal of signals) process.once(signal, act);
  return () => {
    for (const signal of signals) process.off(signal, act);
  };
}
