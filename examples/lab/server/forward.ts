import { connect } from "node:net";
import type { ServerChannel, TcpipRequestInfo } from "ssh2";

const LOOPBACK = ["127.0.0.1", "::1", "localhost"];

/** The loopback port of what stands behind a host at an address; "none": nothing answers there now. Undefined: not known there. */
export type Route = (address: string, port: number) => number | "none" | undefined;

/** direct-tcpip, so that a lab host can be a jump host: to its guests, else to the loopback address only. */
export function forward(
  accept: () => ServerChannel,
  reject: () => void,
  { destIP, destPort }: TcpipRequestInfo,
  route: Route,
): void {
  const behind = route(destIP, destPort);
  if (behind === "none" || (behind === undefined && !LOOPBACK.includes(destIP))) {
    reject();
    return;
  }
  const socket = connect(behind === undefined ? { host: destIP, port: destPort } : { host: "127.0.0.1", port: behind });
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
