import type { Machine } from "./machine";

/** Neither root nor of any group. */
export const USER = "operator-7";

/** What the product's own error text says to write (provider/host/sudo-errors.ts), and nothing else. */
const SUDOERS = `${USER} ALL=(root) NOPASSWD: /bin/sh`;

/**
 * An account that becomes root by sudo alone, on a machine that ends whatever a session leaves behind (logind.conf(5),
 * KillUserProcesses=). Root's key opens it too.
 */
export async function withAccount(machine: Machine): Promise<Machine["connection"]> {
  await machine.shell.run(`set -e
    useradd --create-home --shell /bin/sh ${USER}
    install -d -m 700 -o ${USER} -g ${USER} /home/${USER}/.ssh
    install -m 600 -o ${USER} -g ${USER} /root/.ssh/authorized_keys /home/${USER}/.ssh/authorized_keys
    (umask 227; echo '${SUDOERS}' >/etc/sudoers.d/pulumi-acrn)
    mkdir -p /etc/systemd/logind.conf.d
    printf '[Login]\\nKillUserProcesses=yes\\n' >/etc/systemd/logind.conf.d/kill.conf
    systemctl restart systemd-logind`);
  return { ...machine.connection, user: USER };
}

/** What becomes of a program that a session of that account leaves behind in it. */
export async function afterSession(machine: Machine): Promise<string> {
  const as = machine.shellOf(USER);
  await as.run("setsid sleep 4711 </dev/null >/dev/null 2>&1 &");
  const asked = "pgrep --full '^sleep 4711' >/dev/null || { echo nothing is left; exit; }; sleep 1";
  return (await machine.shell.run(`for x in $(seq 60); do ${asked}; done; echo it runs on`)).trim();
}
