import * as pulumi from "@pulumi/pulumi";
import { ungrouped } from "../provider/core/plan/pending-groups";
import { version } from "../provider/version";
import { providerText } from "./provider-text";

const MODULE = "acrn";

/** Engine type of a face: `pulumi-nodejs:dynamic/acrn:CorePartition`. */
export function typeOf(kind: string): string {
  return `pulumi-nodejs:dynamic/${MODULE}:${kind}`;
}

/** What every face passes beside its arguments: who it is on the machine's ledger, and which package wrote it. */
export function identity(kind: string, name: string, opts?: pulumi.CustomResourceOptions): pulumi.Inputs {
  return {
    __urn: withoutDependencies(pulumi.createUrn(name, typeOf(kind), opts?.parent)),
    __stack: `${pulumi.getOrganization()}/${pulumi.getProject()}/${pulumi.getStack()}`,
    __package: version,
  };
}

/**
 * The URN comes from the parent's, so its output depends on the parent. A dependency on a component is one on all of its
 * children, this one and those that wait for it among them: an AcrnHost and its CorePartition in one component would wait
 * for each other for ever.
 */
function withoutDependencies(urn: pulumi.Output<string>): Promise<string> {
  return new Promise((known) => void urn.apply(known));
}

/**
 * Turns off the stack traces that the SDK takes of every promise a resource makes, four a property, to tell where a
 * leaked one came from (@pulumi/pulumi, runtime/debuggable.js): under ts-node each frame is looked up in a source map, up
 * to a fifth of the CPU time of a large program. Where the resource stands in the program it finds out with a limit of its own.
 * Returns what brings the traces back.
 */
export function untraced(): () => void {
  const limit = Error.stackTraceLimit;
  if (!process.env.PULUMI_DEBUG_PROMISE_LEAKS) Error.stackTraceLimit = 0;
  return () => {
    Error.stackTraceLimit = limit;
  };
}

/**
 * A dynamic resource without logic of its own: arguments in, names of outputs, and the provider's text. To the engine it
 * is what `pulumi.dynamic.Resource` makes (its type, and `__provider`), less the serialised closures.
 */
export class Face extends pulumi.CustomResource {
  constructor(
    kind: string,
    provider: string,
    name: string,
    args: pulumi.Inputs,
    outputs: readonly string[],
    opts?: pulumi.CustomResourceOptions,
  ) {
    // An output that is not among the properties never becomes one of the object.
    const declared = Object.fromEntries([...outputs, "plan", "machine"].map((output) => [output, undefined]));
    const all = { ...declared, ...args, ...identity(kind, name, opts), __provider: providerText(provider) };
    const traced = untraced();
    try {
      super(typeOf(kind), name, all, opts);
    } finally {
      traced();
    }
    this.#spreadPending();
  }

  /** A state has it in groups; a program gets a row a field. */
  #spreadPending(): void {
    const own = this as { pending?: pulumi.Output<unknown> };
    if (own.pending) own.pending = own.pending.apply(ungrouped);
  }
}
