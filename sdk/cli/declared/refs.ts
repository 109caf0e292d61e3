import { isRecord } from "../../../provider/core/claims/same";
import { type Fault, faults } from "./faults";
import type { Path } from "./source";
import type { Declared, DeclaredResource } from "./types";

/** `{"ref":"cores"}` and nothing else beside it: the resource of that name. */
function refOf(value: unknown): string | undefined {
  if (!isRecord(value) || Object.keys(value).length !== 1) return undefined;
  return typeof value.ref === "string" ? value.ref : undefined;
}

interface Found {
  name: string;
  path: Path;
}

function refsIn(value: unknown, path: Path = []): Found[] {
  const name = refOf(value);
  if (name !== undefined) return [{ name, path }];
  if (Array.isArray(value)) return value.flatMap((item, at) => refsIn(item, [...path, at]));
  if (!isRecord(value)) return [];
  return Object.entries(value).flatMap(([key, item]) => refsIn(item, [...path, key]));
}

export function holdsRef(args: unknown): boolean {
  return refsIn(args).length > 0;
}

/** Names that the arguments of a resource refer to. */
export function referredTo({ args }: DeclaredResource): string[] {
  return refsIn(args).map(({ name }) => name);
}

/** References replaced by what those resources hand over: their arguments and outputs, as a face in a program has them. */
export function substitute(value: unknown, handedOver: ReadonlyMap<string, unknown>): unknown {
  const name = refOf(value);
  if (name !== undefined) return handedOver.get(name);
  if (Array.isArray(value)) return value.map((item) => substitute(item, handedOver));
  if (!isRecord(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, substitute(item, handedOver)]));
}

/** Each resource after those that it refers to, else as in the file. A name that is not there, or a circle, is an error. */
export function inOrder({ resources, source }: Pick<Declared, "resources" | "source">): DeclaredResource[] {
  const unknown = resources.flatMap((resource) => unknownRefs(resource, resources));
  if (unknown.length > 0) throw faults(source, unknown);
  const out: DeclaredResource[] = [];
  const visit = (resource: DeclaredResource, above: readonly DeclaredResource[]): void => {
    if (out.includes(resource)) return;
    if (above.includes(resource)) throw faults(source, [circle(resource, above)]);
    for (const name of referredTo(resource)) visit(named(resources, name) as DeclaredResource, [...above, resource]);
    out.push(resource);
  };
  for (const resource of resources) visit(resource, []);
  return out;
}

function unknownRefs({ args, index }: DeclaredResource, all: readonly DeclaredResource[]): Fault[] {
  return refsIn(args)
    .filter(({ name }) => !named(all, name))
    .map(({ name, path }) => ({
      path: ["resources", index, "args", ...path],
      what: `refers to ${JSON.stringify(name)}, which is no resource of this file (it has ${all.map((r) => r.name).join(", ")})`,
    }));
}

function circle(resource: DeclaredResource, above: readonly DeclaredResource[]): Fault {
  const names = [...above.slice(above.indexOf(resource)), resource].map((r) => r.name);
  return { path: ["resources", resource.index, "args"], what: `refers to itself: ${names.join(" -> ")}` };
}

function named(resources: readonly DeclaredResource[], name: string): DeclaredResource | undefined {
  return resources.find((resource) => resource.name === name);
}
