import type * as pulumi from "@pulumi/pulumi";
import type { HostFacts } from "../provider/core/acrn/facts";
import { unpack } from "../provider/core/text/packed";
import type { Connection } from "./connection";
import { hideCredentials } from "./credentials";
import { Face } from "./face";
import { MachineFace } from "./machine-face";

/** Arguments of {@link AcrnHost}. */
export interface AcrnHostArgs {
  /**
   * How to reach the Service VM: an alias of `~/.ssh/config`, a {@link Connection}, or `{ root: "<folder>" }` for a
   * folder that holds a machine's file tree.
   * @example connection: "cell-7"
   * @example connection: { host: "10.0.0.7", user: "root", privateKeyFile: "~/.ssh/cell" }
   */
  connection: pulumi.Input<Connection>;
  /**
   * What the scenario source is made from at the first claim, instead of the record of the installed image
   * (`/usr/share/acrn/scenario.xml`). The path is taken from the program's folder. Later changes of that file are
   * followed field by field.
   * @default the record on the host
   */
  scenario?: pulumi.Input<{ import: pulumi.Input<string> }>;
  /**
   * Where board and record lie on the host when ACRN was not installed from its Debian packages.
   * @default { board: "/usr/share/acrn/board.xml", record: "/usr/share/acrn/scenario.xml" }
   */
  files?: pulumi.Input<{ board?: pulumi.Input<string>; record?: pulumi.Input<string> }>;
  /**
   * Launch scripts in places of your own, as paths or globs on the host. The packaged ones, those in
   * `/usr/share/acrn/conf/add` and in `~/acrn-work` are found without.
   * @example scripts: ["/opt/cell/launch-*.sh"]
   */
  scripts?: pulumi.Input<pulumi.Input<string>[]>;
  /**
   * `fail`: create and update of this host's resources fail while it cannot be reached; other hosts converge with
   * `--continue-on-error`. `defer`: they succeed, write nothing, say so, and the next `up` writes.
   * @default "fail"
   */
  onUnreachable?: pulumi.Input<"fail" | "defer">;
}

/**
 * A machine that runs ACRN, reached in its Service VM. It writes nothing but its claim in the machine's ledger; every
 * other resource takes it as `host`.
 *
 * @example
 * const host = new AcrnHost("cell-7", { connection: "cell-7" });
 * export const pcpus = host.facts.apply((f) => f.pcpus);
 */
export class AcrnHost extends MachineFace {
  #facts: pulumi.Output<HostFacts> | undefined;

  constructor(name: string, args: AcrnHostArgs, opts?: pulumi.CustomResourceOptions) {
    const { scenario, files, scripts, onUnreachable } = args;
    const connection = hideCredentials(args.connection);
    super("AcrnHost", "acrnHost", name, defined({ connection, scenario, files, scripts, onUnreachable }), opts);
  }

  /**
   * What the host is: ACRN version, dialect, board, pCPUs, caches, VMs, what is built and what runs; each known, or
   * unknown with the reason. Read once, at the first use of this property; known in the first preview. What runs (`built`, `runningVms`) is
   * as the last change or refresh saw it: by itself it is none, for an Activation changes it behind the facts.
   */
  get facts(): pulumi.Output<HostFacts> {
    this.#facts ??= new Facts(`${this.ownName}-facts`, this).__facts.apply((packed) => unpack(packed) as HostFacts);
    return this.#facts;
  }
}

/** `facts` is for the display; the engine shows nothing whose name starts with two underscores. `__facts` is packed. */
class Facts extends Face {
  declare readonly __facts: pulumi.Output<unknown>;
  declare readonly facts: pulumi.Output<string[]>;
  constructor(name: string, host: AcrnHost) {
    super("HostFacts", "hostFacts", name, { host: host.settings }, ["facts", "__facts"], { parent: host });
  }
}

/** A property that is passed as undefined is an output that a preview does not know; one that is not passed is none. */
function defined(args: Record<string, unknown>): pulumi.Inputs {
  return Object.fromEntries(Object.entries(args).filter(([, value]) => value !== undefined));
}
