import type * as pulumi from "@pulumi/pulumi";
import type { AcrnHost } from "./acrn-host";
import type { Connection } from "./connection";
import { hideCredentials } from "./credentials";
import { MachineFace } from "./machine-face";
import type { RtVm } from "./rt-vm";

/** Arguments of {@link Guest}. */
export interface GuestArgs {
  /**
   * How to reach the operating system: an address, an alias of `~/.ssh/config`, a {@link Connection}, or `{ root: "<folder>" }` for an image
   * that is being made. With `via`, keys and passwords are the guest's own; ssh_config, known_hosts and agent are those of the host's connection.
   * @example connection: "root@192.168.1.10"
   */
  connection: pulumi.Input<Connection>;
  /** The host through which it is reached (as with `ssh -J`). Left out: it is reached directly. */
  via?: AcrnHost;
  /** The real-time VM whose operating system it is. A reset inside one resets the whole machine, so nothing of ours ever resets it. */
  vm?: RtVm;
  /**
   * `fail`: create and update of what is declared for it fail while it cannot be reached. `defer`: they succeed, write nothing, say so, and the next `up` writes.
   * @default "defer" with `vm`, which may not run yet; else "fail"
   */
  onUnreachable?: pulumi.Input<"fail" | "defer">;
}

/**
 * A Linux that is tuned: the operating system inside a real-time VM, of a standard VM, the Service VM itself, a machine without ACRN, or the
 * folder of an image. It writes nothing but its claim in the machine's ledger.
 *
 * @example
 * const guest = new Guest("rt-os", { via: host, vm: rt, connection: { host: "192.168.1.10", user: "root" } });
 */
export class Guest extends MachineFace {
  /** Name of the VM that it is the system of. @internal */
  readonly vm: pulumi.Output<string> | undefined;

  constructor(name: string, args: GuestArgs, opts?: pulumi.CustomResourceOptions) {
    const { via, vm } = args;
    const connection = hideCredentials(args.connection);
    const onUnreachable = args.onUnreachable ?? (vm ? "defer" : "fail");
    const guest = { ...(via && { via: via.settings.apply(({ connection: way }) => way) }), ...(vm && { vm: vm.name }) };
    via?.admit(name, { scenario: false });
    super("Guest", "guest", name, { connection, onUnreachable, guest }, opts);
    this.vm = vm?.name;
    via?.has(this);
  }
}
