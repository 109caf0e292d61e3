import { connect, isIP, type LookupFunction, type Socket, type TcpNetConnectOpts } from "node:net";
import { AcrnError } from "../../../core/errors";
import { label, type ResolvedConnection } from "../spec";
import { passing } from "./retry";

/** A TCP connection, or an error that names what went wrong and what mends it. `lookup`: another name service than this computer's. */
export function connectTcp(to: ResolvedConnection, timeoutMs: number, lookup?: LookupFunction): Promise<Socket> {
  return new Promise((settle, reject) => {
    const names = lookup === undefined ? {} : { lookup };
    const socket = connect({ host: to.host, port: to.port, ...names, ...addresses(to, timeoutMs) });
    const timer = setTimeout(() => fail(timedOut(to)), timeoutMs);
    const fail = (error: AcrnError): void => {
      clearTimeout(timer);
      socket.removeAllListeners("connect");
      socket.destroy();
      reject(error);
    };
    socket.on("error", (error: NodeJS.ErrnoException) => fail(connectError(to, error)));
    socket.once("connect", () => {
      clearTimeout(timer);
      socket.removeAllListeners("error");
      socket.setNoDelay(true); // as ssh does: commands are short
      settle(socket);
    });
  });
}

/** Which of the machine's addresses are tried, and from where. */
function addresses({ family, bindAddress }: ResolvedConnection, timeoutMs: number): Partial<TcpNetConnectOpts> {
  // from an address of one family no address of the other can be reached: ssh leaves those out (sshconnect.c, ssh_create_socket)
  if (bindAddress !== undefined) return { localAddress: bindAddress, family: family || isIP(bindAddress) };
  if (family !== 0) return { family };
  // Node gives up an address after 250 ms to try the next one: less than a slow link or one lost packet takes
  return { autoSelectFamily: true, autoSelectFamilyAttemptTimeout: Math.ceil(timeoutMs / 3) };
}

function connectError(to: ResolvedConnection, error: NodeJS.ErrnoException): AcrnError {
  const code = error.code ?? "";
  if (["ENOTFOUND", "EAI_NODATA", "EAI_NONAME"].includes(code)) return unknownName(to, error);
  if (code === "EAI_AGAIN") return passing(unknownName(to, error));
  if (code === "ECONNREFUSED") return refused(to, error);
  if (code === "ETIMEDOUT") return timedOut(to, error);
  const unreachable = new AcrnError(
    "ssh.connect.unreachable",
    `${label(to)}: no way to ${to.host} (${code || "no network"})`,
    {
      hint: "Check the address, the network of this computer and that of the machine; behind a bastion give `jump`.",
      cause: error,
    },
  );
  return code === "ECONNRESET" ? passing(unreachable) : unreachable;
}

function unknownName(to: ResolvedConnection, cause: unknown): AcrnError {
  const alias = to.configured
    ? `Correct HostName of ${to.name} in ssh_config`
    : `Give an address, or a Host section in ssh_config`;
  return new AcrnError("ssh.dns", `${label(to)}: the name ${to.host} is not known`, {
    hint: `${alias}; check the name service (getent hosts ${to.host}).`,
    cause,
  });
}

export function refused(to: ResolvedConnection, cause: unknown): AcrnError {
  return new AcrnError("ssh.connect.refused", `${label(to)}: connection refused`, {
    hint: `Nothing listens on port ${to.port}: start sshd on the machine, or correct host and port.`,
    cause,
  });
}

export function timedOut(to: ResolvedConnection, cause?: unknown, phase = "connect"): AcrnError {
  return new AcrnError("ssh.connect.timeout", `${label(to)}: no answer within ${to.connectTimeout} s (${phase})`, {
    hint: "The machine is off or busy, or a firewall drops the packets; raise connectTimeout if it is slow.",
    ...(cause === undefined ? {} : { cause }),
  });
}
