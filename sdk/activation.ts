import type * as pulumi from "@pulumi/pulumi";
import type { AcrnHost } from "./acrn-host";
import type { SshConnection } from "./connection";
import { hideCredentials } from "./credentials";
import { Face } from "./face";
import type { Guest } from "./guest";

/** Arguments of {@link Activation}. */
export interface ActivationArgs {
  /**
   * The machine. A {@link Guest}: its new kernel line is tried, confirmed over a new connection, and then the default (`rtvm-power-cycle` for the guest of a real-time VM,
   * `guest-reboot` for any other).
   */
  host: AcrnHost | Guest;
  /**
   * What may be interrupted, by name. Better given per run (`pulumi config set acrn:allow`) than left in the program. Without it nothing is
   * interrupted, and every preview and up says what is written and not running.
   * `hypervisor-install` needs `host-reboot`, too: what a {@link HypervisorImage} has built is installed beside what runs, booted once, confirmed, and then the default.
   * @default []
   * @example allow: ["rtvm-power-cycle"]
   */
  allow?: pulumi.Input<
    pulumi.Input<"rtvm-power-cycle" | "host-reboot" | "update-grub" | "hypervisor-install" | "guest-reboot">[]
  >;
  /**
   * By VM name, how its guest is shut down. `ssh`: the guest's address, reached through the host unless it has a jump of its own.
   * Its password, passphrase and private key are secrets, however they are given. `lifeMngr`: ACRN's life_mngr passes the wish on. `command`: a command on the host, whose status 0 says that the guest agreed.
   * @example guests: { POST_RT_VM1: { ssh: "root@192.168.1.10" } }
   */
  guests?: pulumi.Input<Record<string, pulumi.Input<Shutdown>>>;
  /** Seconds. @default { powerOff: 120, launch: 60, reboot: 600 } */
  limits?: pulumi.Input<{
    powerOff?: pulumi.Input<number>;
    launch?: pulumi.Input<number>;
    reboot?: pulumi.Input<number>;
  }>;
  /** Resources that it comes after. @default every resource made before it for this host */
  after?: pulumi.Resource[];
}

export type Shutdown =
  | { ssh: pulumi.Input<string | SshConnection> }
  | { lifeMngr: true }
  | { command: pulumi.Input<string> };

/**
 * Makes what is written run: a new image, power cycles of RTVMs and a reboot of the host, each once, in the order that ACRN's physics demand, each proved before
 * the next, and only those that `allow` names. It claims nothing. One per host, and last: a resource for the host that is made after it throws.
 *
 * @example
 * new Activation("activate", {
 *   host,
 *   allow: config.getObject("allow") ?? [],
 *   guests: { POST_RT_VM1: { ssh: "root@192.168.1.10" } },
 * });
 */
export class Activation extends Face {
  constructor(name: string, args: ActivationArgs, opts: pulumi.CustomResourceOptions = {}) {
    const { host, after, ...plain } = args;
    const rest = hideCredentials(plain);
    const dependsOn = [...(after ?? host.made()), ...[opts.dependsOn ?? []].flat()] as pulumi.Resource[];
    host.admit(name, { scenario: false });
    super("Activation", "activation", name, { host: host.settings, ...rest }, [], { ...opts, dependsOn });
    host.closes(name);
  }
}
