import { randomUUID } from "node:crypto";
import { factsFrom } from "../converge/facts";
import { machineOf } from "../converge/machines";
import { factsSummary } from "../core/acrn/facts-summary";
import { pack, unpack } from "../core/text/packed";
import { isUnreachable } from "../host/ssh";
import { type HostSettings, hostSettingsSchema } from "../resources/host-settings";
import { type Bag, hasUnknown, hiddenOf, plain, UNKNOWN } from "./bag";
import type { Checked } from "./check";
import { diff } from "./diff";
import { logFor } from "./engine-log";
import { failureOf, forEngine, issueFailures, versionFailure } from "./failures";
import { storedSettings } from "./subject";

/**
 * `host.facts`: a child that awaits the read which its AcrnHost started. It claims nothing and writes nothing. The facts
 * themselves are `__facts`, which the engine does not display, packed, because a state keeps them twice; `facts` is what
 * people see of them.
 */
export const factsResource = {
  check,
  diff: async (_id: string, olds: Bag, news: Bag) => diff(comparable(olds), comparable(news)),
  create: async (inputs: Bag) => ({ id: randomUUID(), outs: await current(inputs) }),
  update: async (_id: string, _olds: Bag, news: Bag) => ({ outs: await current(news) }),
  read: async (id: string, props: Bag) => {
    try {
      const live = await current(props);
      // what a diff does not count is no drift either: a refresh that is to find none would show it
      return diff(comparable(props), comparable(live)).changes ? { id, props: live, inputs: live } : { id, props };
    } catch (error) {
      await logFor("warning", hiddenOf(props).urn, `the facts are kept as they were: ${(error as Error).message}`);
      return { id, props };
    }
  },
  delete: async () => {},
};

async function check(olds: Bag, news: Bag): Promise<Checked> {
  const skew = versionFailure(hiddenOf(news).version);
  if (skew) return { inputs: news, failures: [skew] };
  if (hasUnknown(news)) return { inputs: { ...news, facts: UNKNOWN, __facts: UNKNOWN } };
  const settings = hostSettingsSchema.safeParse(news.host);
  if (!settings.success) return { inputs: news, failures: issueFailures(settings.error, true) };
  try {
    return { inputs: plain({ ...news, ...(await factsAt(settings.data)) }) };
  } catch (error) {
    if (!isUnreachable(error)) return { inputs: news, failures: [failureOf(error)] };
    await logFor("warning", hiddenOf(news).urn, `no facts: ${(error as Error).message}`);
    return { inputs: plain({ ...news, facts: olds.facts, __facts: olds.__facts }) };
  }
}

async function current(bag: Bag): Promise<Bag> {
  try {
    return plain({ ...bag, ...(await factsAt(storedSettings(bag.host))) });
  } catch (error) {
    throw forEngine(error);
  }
}

async function factsAt(settings: HostSettings): Promise<Bag> {
  const facts = factsFrom(await machineOf(settings).draft());
  return { facts: factsSummary(facts), __facts: pack(plain(facts)) };
}

/** What only tells how the machine is right now: an Activation of the same run changes it behind the facts, and the next preview would show that. */
const NOT_COMPARED = new Set(["built", "runningVms"]);

/** Without the lines for people, which are made of them. An older version's state has them unpacked: the same facts are no change. */
function comparable({ facts: _shown, ...bag }: Bag): Bag {
  const facts = unpack(bag.__facts);
  if (typeof facts !== "object" || facts === null || Array.isArray(facts)) return { ...bag, __facts: facts };
  return { ...bag, __facts: Object.fromEntries(Object.entries(facts).filter(([name]) => !NOT_COMPARED.has(name))) };
}
