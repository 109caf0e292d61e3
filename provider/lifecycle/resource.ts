import { machineOf } from "../converge/machines";
import type { KindOf } from "../converge/plan-resource";
import type { ResourceKind } from "../resources/kind";
import type { Bag } from "./bag";
import { check } from "./check";
import { ownersById, remove } from "./delete";
import { diff } from "./diff";
import { read } from "./read";
import { storedSettings } from "./subject";
import { create, update } from "./write";

/** The engine's six calls for one kind of resource: written once, for all of them. */
export function resource<A>(kind: ResourceKind<A>, kinds: KindOf) {
  return {
    check: (olds: Bag, news: Bag) => check(kind, olds, news),
    diff: async (_id: string, olds: Bag, news: Bag) => diff(olds, news),
    create: (inputs: Bag) => create(kind, inputs),
    update: (id: string, olds: Bag, news: Bag) => update(kind, id, olds, news),
    read: (id: string, props: Bag) => read(kind, id, props),
    delete: (id: string, props: Bag) =>
      remove({
        id,
        props,
        kinds,
        type: kind.type,
        machine: () => machineOf(storedSettings(props.host)),
        owners: (draft) => ownersById(draft, id),
      }),
  };
}
