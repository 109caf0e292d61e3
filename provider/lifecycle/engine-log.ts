import { createRequire } from "node:module";
import type { Say } from "../converge/around";
import { visibleLines } from "../core/text/visible";

type Severity = "debug" | "info" | "warning" | "error";

type Log = (severity: Severity, urn: string, message: string, ephemeral?: boolean) => Promise<void>;

/**
 * Messages with the resource's URN, so that a diff stands above its resource and progress on its row. The engine's
 * address is the last argument of the dynamic provider's command line: undocumented, so stdout is the way out
 * (its lines appear on the stack's row).
 */
export const logFor: Log = (severity, urn, message, ephemeral = false) => {
  engine ??= connect(process.argv.at(-1) ?? "");
  // The engine and the terminal behind it print what they get, and some of it is text of a host.
  return engine(severity, urn, visibleLines(message), ephemeral);
};

/** On the row of one resource, for work that goes on beside plans and files. */
export function sayTo(urn: string): Say {
  return (text, how = "info") => void logFor(how === "progress" ? "info" : how, urn, text, how === "progress");
}

/** Connected at the first message: a process that says nothing needs no client. */
let engine: Log | undefined;

function connect(address: string): Log {
  if (!/^(127\.0\.0\.1|localhost|\[::1\]):\d+$/.test(address)) return toStdout;
  try {
    return overGrpc(address);
  } catch {
    return toStdout;
  }
}

const toStdout: Log = async (_severity, _urn, message, ephemeral) => {
  if (!ephemeral) process.stdout.write(`${message}\n`);
};

/** The SDK's own generated client with the SDK's own grpc: a second copy of grpc would not accept its credentials. */
function overGrpc(address: string): Log {
  const pulumi = createRequire(require.resolve("@pulumi/pulumi/package.json"));
  const grpc = pulumi("@grpc/grpc-js");
  const { EngineClient } = pulumi("./proto/engine_grpc_pb");
  const { LogRequest, LogSeverity } = pulumi("./proto/engine_pb");
  const client = new EngineClient(address, grpc.credentials.createInsecure());
  const send: Log = (severity, urn, message, ephemeral) =>
    new Promise((done) => {
      const request = new LogRequest();
      request.setSeverity(LogSeverity[severity.toUpperCase()]);
      request.setUrn(urn);
      request.setMessage(message);
      request.setEphemeral(ephemeral ?? false);
      // What the engine does not take (another address than we think) is not lost.
      client.log(request, (error: unknown) =>
        error ? toStdout(severity, urn, message, ephemeral).then(done) : done(),
      );
    });
  // One after the other: calls of their own overtake each other, and the row would end with "reading".
  let turn: Promise<void> = Promise.resolve();
  return (...said) => {
    turn = turn.then(() => send(...said));
    return turn;
  };
}
