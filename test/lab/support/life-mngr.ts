import { mkdirSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { dirname } from "node:path";
import type { Cell } from "./cell";

/**
 * ACRN's life_mngr on a cell: answers on its socket, and passes the wish on where the VM's own life_mngr is connected
 * [misc/services/life_mngr: command_handler.c req_user_vm_shutdown_reboot, command.h].
 */
export async function withLifeMngr(cell: Cell, connected: readonly string[], work: () => Promise<void>): Promise<void> {
  const path = cell.path("var/lib/life_mngr/monitor.sock");
  mkdirSync(dirname(path), { recursive: true });
  const passed: Promise<unknown>[] = [];
  const server = createServer((socket) => {
    socket.on("error", () => {});
    socket.once("data", (data) => {
      const vm = /^user_vm_shutdown:(.+)$/.exec(data.toString())?.[1] ?? "";
      const known = connected.includes(vm);
      socket.end(known ? "ack_req_user_vm_shutdown" : "user_vm_disconnect");
      if (known) passed.push(cell.in(vm, "poweroff").catch(() => undefined));
    });
  });
  await new Promise<void>((settle) => server.listen(path, settle));
  try {
    await work();
    await Promise.all(passed);
  } finally {
    await new Promise((settle) => server.close(settle));
    rmSync(path, { force: true });
  }
}
