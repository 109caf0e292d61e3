import { connect } from "node:net";
import type { ServerChannel, TcpipRequestInfo } from "ssh2";

const LOOPBACK = ["127.0.0.1", "::1", "localhost"];

/** direct-tcpip, so that a lab host can be a jump host; to the loopback address only. */
export function forward(accept: () => ServerChannel, reject: () => void, { destIP, destPort }: TcpipRequestInfo): void {
  if (!LOOPBACK.includes(destIP)) {
    reject();
    return;
  }
  const socket = connect({ host: destIP, port: destPort });
  socket.once("error", reject);
  socket.once("connect", () => {
    socket.off("error", reject);
    const channel = accept();
    socket.on("error", () => channel.end());
    channel.on("error", () => {});
    socket.on("close", () => channel.end());
    channel.on("close", () => socket.destroy());
    channel.pipe(socket).pipe(channel);
  });
}
