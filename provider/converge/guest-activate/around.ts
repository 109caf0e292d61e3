import { AcrnError } from "../../core/errors";
import { PowerSession } from "../../host/power/session";
import type { ActivationArgs } from "../../resources/activation";
import type { Connection, HostSettings } from "../../resources/host-settings";
import { alone } from "../activate/alone";
import { asNow, launch } from "../activate/launch";
import { cycle } from "../activate/perform";
import type { Performance } from "../activate/performance";
import { powerVm } from "../activate/plan";
import { machineOf } from "../machines";
import { ownerLabel } from "../owner";

/** The host of a guest, for as long as it is power-cycled: nobody else interrupts anything there meanwhile. */
export interface GuestHost {
  /** Off from inside, with proof, and launched again. */
  cycle(): Promise<string>;
  /** Its acrn-dm is gone, and was not killed: then it is launched again. Where it runs, nothing is done. */
  again(): Promise<boolean>;
  close(): Promise<void>;
}

type SshWay = Exclude<Connection, { root: string }>;

/** @param guest settings of the guest: `via` is its host, and its own connection the way to ask it to power off */
export async function hostOf(
  vm: string,
  guest: HostSettings,
  args: ActivationArgs,
  progress: (what: string) => void,
): Promise<GuestHost> {
  const via = guest.guest?.via as Connection;
  const host = machineOf({ connection: via });
  host.forget();
  const draft = await host.draft();
  const guests = { [vm]: { ssh: guest.connection as SshWay }, ...args.guests };
  const session = await PowerSession.open(host.target());
  const who = { owner: ownerLabel(), progress };
  const work: Performance = { ...who, target: host.target(), connection: via, guests, limits: args.limits };
  await alone(session, { ...who, stands: "Nothing was interrupted." }).catch(async (error: unknown) => {
    await session.close();
    throw error;
  });
  const planned = powerVm(draft, { ...args, guests }, vm);
  return {
    cycle: async () => {
      if (planned.launcher === undefined) throw unknownLauncher(vm);
      await session.doing(`power-cycles ${vm} for a trial of its kernel line`);
      return cycle(planned, session, work);
    },
    again: async () => {
      if (await session.deviceModel(vm)) return false;
      // without a record the launch decides: ACRN refuses a second instance of a VM that still lives; one whose acrn-dm was killed may
      const clean = await session.endedClean(vm, await session.bootId());
      if (!clean && (await session.leftSocket(vm))) return false;
      await launch(session, asNow(planned), work);
      return true;
    },
    close: async () => {
      await session.close();
      host.forget();
    },
  };
}

function unknownLauncher(vm: string): AcrnError {
  return new AcrnError(
    "power.no-script",
    `no launch script of ${vm} is known on its host, so nobody could start it again`,
    {
      hint: "Declare an RtVm for it, and run that first. Nothing was interrupted.",
    },
  );
}
