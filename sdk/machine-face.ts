import * as pulumi from "@pulumi/pulumi";
import { Face } from "./face";

/** A face of a machine: what is declared on it, in which order, and the settings that each of these passes on. */
export class MachineFace extends Face {
  /** The machine's identity: machine-id and product_uuid. Known after the first `up`. */
  declare readonly machine: pulumi.Output<string>;
  /** The arguments as the engine checked them: what a resource on this machine passes on. @internal */
  readonly settings: pulumi.Output<Record<string, unknown>>;
  /** @internal */
  protected readonly ownName: string;

  readonly #made: pulumi.Resource[] = [];
  #closed: string | undefined;
  #imaged: string | undefined;

  constructor(kind: string, provider: string, name: string, given: pulumi.Inputs, opts?: pulumi.CustomResourceOptions) {
    super(kind, provider, name, given, [], opts);
    this.ownName = name;
    // Through the resource's own outputs, so that everything on the machine depends on it.
    const own = this as unknown as Record<string, pulumi.Output<unknown>>;
    const checked = Object.fromEntries(Object.keys(given).map((key) => [key, own[key]]));
    this.settings = pulumi.output(checked) as unknown as pulumi.Output<Record<string, unknown>>;
  }

  /**
   * Before a resource on this machine is made.
   * @param scenario it writes what a HypervisorImage is built from
   * @throws RunError after its Activation, or after the image that would lack it: the engine shows it without a stack @internal
   */
  admit(name: string, { scenario = true } = {}): void {
    if (this.#closed !== undefined)
      throw new pulumi.RunError(
        `${name} comes after ${this.#closed}, the Activation of ${this.ownName}, which would not see it: make the Activation last`,
      );
    if (scenario && this.#imaged !== undefined)
      throw new pulumi.RunError(
        `${name} comes after ${this.#imaged}, the HypervisorImage of ${this.ownName}, which would be built without it: make the HypervisorImage after it`,
      );
  }

  /** A resource on this machine has been made. @internal */
  has(resource: pulumi.Resource): void {
    this.#made.push(resource);
  }

  /** Every resource on this machine so far. @internal */
  made(): pulumi.Resource[] {
    return [this, ...this.#made];
  }

  /** What writes the scenario source comes before it. @internal */
  images(image: string): void {
    this.#imaged = image;
  }

  /** @internal */
  closes(activation: string): void {
    this.#closed = activation;
  }
}
