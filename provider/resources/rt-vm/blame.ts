import { AcrnError, type AcrnErrorOptions } from "../../core/errors";

/** What goes wrong in a launch script is told on the argument that wants it so. */
export function blaming<T>(property: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (!(error instanceof AcrnError) || error.property !== undefined) throw error;
    const { code, summary, where, hint } = error;
    const options: AcrnErrorOptions = { property, cause: error };
    if (where) options.where = where;
    if (hint) options.hint = hint;
    throw new AcrnError(code, summary, options);
  }
}

/** By acrn-dm's own name for it. */
const PROPERTY: Readonly<Record<string, string>> = {
  "-m": "memory",
  "--cpu_affinity": "partition",
  "--virtio_poll": "virtioPoll",
  "--ovmf": "loader",
  "-k": "loader",
  "-B": "loader",
  "-r": "loader",
  "--rtvm": "script.edited",
  "--lapic_pt": "script.edited",
};

export function propertyOfArgument(argument: string): string {
  return Object.hasOwn(PROPERTY, argument) ? (PROPERTY[argument] as string) : "dmArgs";
}
