import { type ChildProcessWithoutNullStreams, spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { constants } from "node:os";
import type { ServerChannel, Session } from "ssh2";
import { copyOutput } from "./output";

/** What a command on a lab host gets. */
export interface SessionContext {
  cwd: string;
  env: NodeJS.ProcessEnv;
  delayMs: number;
  noise: string | undefined;
  /** False once the lab ends: a delayed command must not start after it. */
  mayStart(): boolean;
  started(child: ChildProcessWithoutNullStreams): void;
  /** Calls back when the connection of the client is gone. */
  whenGone(then: () => void): void;
  executed(command: string): void;
}

/** Serves one session channel: one command, run by the real /bin/sh as sshd runs it (`$SHELL -c command`). No terminals. */
export function serve(session: Session, context: SessionContext, closed: () => void): void {
  session.on("pty", (_accept, reject) => reject?.());
  session.on("exec", (accept, _reject, { command }) => {
    context.executed(command);
    run(accept(), ["-c", command], context, session, closed);
  });
  session.on("shell", (accept) => run(accept(), ["-i"], context, session, closed));
  session.on("close", closed);
}

function run(
  channel: ServerChannel,
  args: string[],
  context: SessionContext,
  session: Session,
  closed: () => void,
): void {
  let open = true;
  channel.once("close", () => {
    open = false;
    closed();
  });
  channel.on("error", () => {}); // writes to a client that went away
  const start = () => {
    if (open && context.mayStart()) begin(channel, args, context, session);
  };
  if (context.delayMs > 0) setTimeout(start, context.delayMs);
  else start();
}

function begin(channel: ServerChannel, args: string[], context: SessionContext, session: Session): void {
  if (context.noise) channel.write(context.noise);
  // A session of its own, as sshd's do_exec_no_pty has it: a signal to the lab's terminal does not reach it.
  const cwd = existsSync(context.cwd) ? context.cwd : "/";
  const child = spawn("/bin/sh", args, { cwd, env: context.env, detached: true, stdio: ["pipe", "pipe", "pipe"] });
  context.started(child);
  session.on("signal", (accept, _reject, { name }) => {
    accept?.();
    child.kill(
      name in constants.signals
        ? constants.signals[name as NodeJS.Signals]
        : constants.signals[`SIG${name}` as NodeJS.Signals],
    );
  });
  feed(channel, child);
  // The status goes out when the child ends; the channel closes when its outputs do, so a background process that holds
  // them keeps it open: sshd's session_exit_message and chan_read_failed do the same.
  const ended = new Promise<void>((settle) => {
    child.once("exit", (code, signal) => {
      if (signal) channel.exit(signal.replace(/^SIG/, ""), false, "");
      else channel.exit(code ?? 255);
      settle();
    });
    child.once("error", () => {
      channel.exit(127);
      settle();
    });
  });
  const copied = copyOutput(child, channel).catch(() => {}); // cut short when the client goes away
  Promise.all([ended, copied]).then(() => channel.end());
  // The client is gone: the child sees its pipes closed, and nothing else happens to it. ssh2 tells of a channel's end
  // only when its input has been read, which a child that does not read prevents.
  const letGo = () => {
    for (const pipe of [child.stdin, child.stdout, child.stderr]) pipe.destroy();
  };
  channel.once("close", letGo);
  context.whenGone(letGo);
}

function feed(channel: ServerChannel, child: ChildProcessWithoutNullStreams): void {
  channel.pipe(child.stdin);
  child.stdin.on("error", () => {}); // EPIPE: the command does not read (any more)
  child.stdin.once("close", () => {
    channel.unpipe(child.stdin);
    channel.resume(); // take the rest and drop it, so that the window does not stay shut
  });
}
