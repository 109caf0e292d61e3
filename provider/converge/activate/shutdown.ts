import { AcrnError } from "../../core/errors";
import type { DeviceModel, PowerSession } from "../../host/power/session";
import type { Shutdown } from "../../resources/activation";
import type { Connection } from "../../resources/host-settings";
import { guestSpec } from "../guest-spec";
import { powerOffOverSsh } from "./guest-ssh";

export interface Asked {
  /** Did the guest itself say yes? Only then the end of its acrn-dm proves that it is off. */
  acknowledged: boolean;
  said: string;
}

export interface Asking {
  host: Connection;
  /** The host's boot id. */
  boot: string | undefined;
  session: PowerSession;
  /** The acrn-dm that ends when the guest goes, as far as it is known: its guest's yes is noted down before it can go. */
  model?: DeviceModel;
  /** Seconds until a guest must have answered, and until one that agreed must be off. */
  limit: number;
}

export async function askGuest(vm: string, how: Shutdown, asking: Asking): Promise<Asked> {
  if ("ssh" in how) return overSsh(vm, how.ssh, asking);
  const { session, model, limit } = asking;
  if ("lifeMngr" in how) return lifeMngr(vm, session);
  // the shell that runs it hears its word, and notes it down
  const { status, said } = await session.run(how.command, model && { vm, model, seconds: limit });
  if (status === 0) return { acknowledged: true, said };
  throw refused(vm, `the command that shuts it down failed (status ${status}): ${said}`);
}

/** Through the host, unless the program says another way: guests stand behind it. */
async function overSsh(vm: string, spec: Extract<Shutdown, { ssh: unknown }>["ssh"], asking: Asking): Promise<Asked> {
  const { host, boot, session, model, limit } = asking;
  const agreed = async () => model && session.agrees(vm, model, limit);
  let why: string | undefined;
  try {
    why = await powerOffOverSsh(guestSpec(spec, host), { boot, limit, agreed });
  } catch (error) {
    if (error instanceof AcrnError && error.code !== "power.note") throw error.within(`${vm}: its guest`);
    throw error;
  }
  if (why === undefined) return { acknowledged: true, said: "" };
  if (model) await session.denies(vm);
  throw refused(vm, `its guest did not power off (${why})`);
}

/** life_mngr's answer says that it passed the wish on, not that the guest agreed [misc/services/life_mngr/command_handler.c]. */
async function lifeMngr(vm: string, session: PowerSession): Promise<Asked> {
  const said = (await session.ask(["ask", vm])).join(" ").replace(/^said /, "");
  if (said.includes("ack_req_user_vm_shutdown"))
    return { acknowledged: false, said: "life_mngr passed it on, and its guest did not answer" };
  throw refused(vm, `life_mngr did not pass it on: ${said || "no answer"}`);
}

function refused(vm: string, why: string): AcrnError {
  return new AcrnError("power.refused", `${vm} was not powered off: ${why}`, {
    hint: "Nothing else was done: it runs as before. Power it off from inside by hand, or say another way (`guests`).",
  });
}
