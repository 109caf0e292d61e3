import { text as drain } from "node:stream/consumers";
import { AcrnError } from "../../core/errors";
import type { PowerSession } from "../../host/power/session";
import { type ConnectionSpec, getTransport } from "../../host/ssh";
import type { Shutdown } from "../../resources/activation";
import type { Connection } from "../../resources/host-settings";

/** Powers off and never reboots: a reset inside an RTVM resets the whole machine (reference 7b). */
const POWER_OFF =
  'if [ "$(id -u)" = 0 ]; then s=; else s="sudo -n"; fi; { $s systemctl poweroff || $s poweroff || $s busybox poweroff; } && echo acknowledged';

/** An address that leads to the host itself would power off the Service VM under a live RTVM, and take the machine off the net. */
const powerOffUnless = (hostBoot: string | undefined): string => {
  const own = '"$(cat "$PULUMI_ACRN_ROOT/proc/sys/kernel/random/boot_id" 2>/dev/null)"';
  const guard =
    hostBoot && /^[0-9a-f-]{36}$/.test(hostBoot)
      ? `if [ ${own} = ${hostBoot} ]; then echo "that address is the host itself" >&2; exit 1; fi; `
      : "";
  return `${guard}${POWER_OFF}`;
};

export interface Asked {
  /** Did the guest itself say yes? Only then the end of its acrn-dm proves that it is off. */
  acknowledged: boolean;
  said: string;
}

/** @param boot the host's boot id */
export async function askGuest(
  vm: string,
  how: Shutdown,
  { host, boot, session }: { host: Connection; boot: string | undefined; session: PowerSession },
): Promise<Asked> {
  if ("ssh" in how) return overSsh(vm, how.ssh, host, boot);
  if ("lifeMngr" in how) return lifeMngr(vm, session);
  const { status, said } = await session.run(how.command);
  if (status === 0) return { acknowledged: true, said };
  throw refused(vm, `the command that shuts it down failed (status ${status}): ${said}`);
}

/** Through the host, unless the program says another way: guests stand behind it. */
async function overSsh(
  vm: string,
  spec: Exclude<Connection, { root: string }>,
  host: Connection,
  boot: string | undefined,
): Promise<Asked> {
  const to = guestSpec(spec, host);
  try {
    const process = await getTransport(to).exec(`sh -c '${powerOffUnless(boot)}'`);
    process.stdin.end();
    const [said, words] = await Promise.all([
      drain(process.stdout).catch(() => ""),
      drain(process.stderr).catch(() => ""),
    ]);
    const { code } = await process.exit.catch(() => ({ code: undefined }));
    if (said.includes("acknowledged")) return { acknowledged: true, said: said.trim() };
    // a guest that goes down fast takes its last word with it
    if (code === undefined) return { acknowledged: false, said: "the link to the guest broke before it answered" };
    throw refused(vm, `its guest did not power off (exit status ${code}): ${words.trim().slice(-300)}`);
  } catch (error) {
    if (error instanceof AcrnError && error.code !== "power.refused") throw error.within(`${vm}: its guest`);
    throw error;
  }
}

/** `[user@]host[:port]`, as ssh(1) takes a destination; an alias of ssh_config is one without user and port. */
const DESTINATION = /^(?:([^@]+)@)?(\[[^\]]+\]|[^:@]+)(?::(\d{1,5}))?$/;

/** What the host's connection says of this computer (its ssh_config, known_hosts, agent) holds for the guest too; keys and passwords do not. */
export function guestSpec(spec: Exclude<Connection, { root: string }>, host: Connection): ConnectionSpec {
  const own = (typeof spec === "string" ? destination(spec) : spec) as ConnectionSpec;
  if (typeof host === "string") return own.jump === undefined ? { ...own, jump: host } : own;
  if ("root" in host) return own;
  const { agent, knownHosts, sshConfig, connectTimeout } = host;
  const here = Object.entries({ agent, knownHosts, sshConfig, connectTimeout }).filter(
    ([, value]) => value !== undefined,
  );
  return { ...Object.fromEntries(here), jump: host as ConnectionSpec, ...own };
}

function destination(text: string): ConnectionSpec {
  const [, user, host, port] = DESTINATION.exec(text) ?? [];
  if (host === undefined) return { host: text };
  return {
    host: host.replace(/^\[|\]$/g, ""),
    ...(user === undefined ? {} : { user }),
    ...(port === undefined ? {} : { port: Number(port) }),
  };
}

/** life_mngr's answer says that it passed the wish on, not that the guest agreed [misc/services/life_mngr/command_handler.c]. */
async function lifeMngr(vm: string, session: PowerSession): Promise<Asked> {
  const said = (await session.ask(["ask", vm])).join(" ").replace(/^said /, "");
  if (said.includes("ack_req_user_vm_shutdown")) return { acknowledged: false, said };
  throw refused(vm, `life_mngr did not pass it on: ${said || "no answer"}`);
}

function refused(vm: string, why: string): AcrnError {
  return new AcrnError("power.refused", `${vm} was not powered off: ${why}`, {
    hint: "Nothing else was done: it runs as before. Power it off from inside by hand, or say another way (`guests`).",
  });
}
