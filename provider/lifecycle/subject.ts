import { z } from "zod";
import type { Machine } from "../converge/machine";
import { machineOf } from "../converge/machines";
import type { Claimant } from "../core/claims/owners";
import { AcrnError } from "../core/errors";
import { type HostSettings, hostSettingsSchema, storedSettingsSchema } from "../resources/host-settings";
import type { ResourceKind } from "../resources/kind";
import { argsOf, type Bag, hiddenOf } from "./bag";
import { claimantFrom } from "./claimant";
import { type Failure, issueFailures } from "./failures";

/** One resource of a run, read from the engine's bag. */
export interface Subject<A> {
  kind: ResourceKind<A>;
  who: Claimant;
  urn: string;
  args: A;
  settings: HostSettings;
  machine: Machine;
}

/** `olds` adds the names that the resource had before, when an alias moved it or its stack was renamed. */
export function subjectOf<A>(
  kind: ResourceKind<A>,
  bag: Bag,
  olds: Bag = {},
  schema: z.ZodType<HostSettings> = hostSettingsSchema,
): Subject<A> | { failures: Failure[] } {
  const settings = schema.safeParse(bag.host);
  if (!settings.success) return { failures: issueFailures(settings.error, true) };
  const args = kind.schema.safeParse(argsOf(bag, kind.outputs));
  if (!args.success) return { failures: issueFailures(args.error, false) };
  const who = claimantFrom(kind.type, bag, olds);
  return {
    kind,
    who,
    urn: hiddenOf(bag).urn,
    args: args.data,
    settings: settings.data,
    machine: machineOf(settings.data),
  };
}

/**
 * For calls after a check: what was good then is good now. A state may be of an older version, with outputs that this one
 * no longer has, so unknown names are no mistake here.
 */
export function knownSubject<A>(kind: ResourceKind<A>, bag: Bag, olds: Bag = {}): Subject<A> {
  const schema = kind.schema instanceof z.ZodObject ? (kind.schema.strip() as unknown as z.ZodType<A>) : kind.schema;
  const subject = subjectOf({ ...kind, schema }, bag, olds, storedSettingsSchema);
  if ("failures" in subject) throw strange(subject.failures);
  return subject;
}

/** The machine that a state says; for calls that have nothing but a state. */
export function storedSettings(host: unknown): HostSettings {
  const settings = storedSettingsSchema.safeParse(host);
  if (settings.success) return settings.data;
  throw strange(issueFailures(settings.error, true));
}

/** No check lets such a thing through, so somebody edited the state. */
function strange(failures: readonly Failure[]): AcrnError {
  const said = failures.map(({ property, reason }) => (property ? `${property}: ${reason}` : reason));
  return new AcrnError("state.strange", `the stack's state holds what no check lets through: ${said.join("; ")}`, {
    hint: "Was it edited by hand? Look at it with `pulumi stack export`, mend it, and import it again.",
  });
}
