import { AcrnError } from "../../../provider/core/errors";
import { explainProfile } from "../../../provider/core/tuning/explain";
import { explained } from "../../../provider/core/tuning/explained";
import { DEFAULT_PROFILE, PROFILES } from "../../../provider/core/tuning/profiles/catalog";
import type { Entry } from "../../../provider/core/tuning/profiles/types";
import type { Context } from "../context";
import { EXIT, type Status } from "../exit";

/** What says nothing of a machine, and so goes with `--profile`. */
const FITTING = ["json", "verbose"];

/** `--profile [name]`: what a profile sets on any guest. No machine is asked. @param others what else was given, by name */
export function inspectProfile({ output }: Context, name: string | true, others: object): Status {
  refuseOthers(others);
  const profile = name === true ? DEFAULT_PROFILE : known(name);
  for (const line of explainProfile(profile)) output.say(line);
  output.document(profileData(profile));
  return EXIT.done;
}

/** What would do nothing is a misunderstanding, and it is better said. */
function refuseOthers(others: object): void {
  const given = Object.entries(others).find(([key, value]) => value !== undefined && !FITTING.includes(key));
  if (!given) return;
  const [key, value] = given;
  const what =
    key === "target" ? `TARGET (${value})` : `--${key.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
  throw new AcrnError("options", `${what} makes no sense with --profile`, {
    hint: "A profile is the same for every machine, and none is asked: leave one of the two out.",
  });
}

function known(name: string): string {
  const names = PROFILES.map((profile) => profile.name);
  if (names.includes(name)) return name;
  throw new AcrnError("options", `--profile: there is no profile ${JSON.stringify(name)}`, {
    hint: `Choose one of ${names.join(", ")}. Without a name it is ${DEFAULT_PROFILE}.`,
  });
}

/** Every key is always there; what does not hold for an entry is null. */
function profileData(name: string) {
  const { name: profile, summary, base, differences, entries, costs, placeholders, offered } = explained(name);
  return {
    profile,
    summary,
    base: base ?? null,
    differences,
    entries: entries.map((entry) => ({ ...entryData(entry), from: entry.from, ifThere: entry.ifThere ?? null })),
    costs,
    placeholders,
    offered: offered.map((offer) => ({ ...entryData(offer), standing: offer.standing })),
  };
}

function entryData({ what, key, value, reason, source, tip }: Entry) {
  return { what, key, value, reason, source, tip: tip ?? null };
}
