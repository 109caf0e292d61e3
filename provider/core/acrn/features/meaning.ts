import { FEATURES, type FeatureName, type FeatureValue, type Meaning } from "./table";
import type { Told } from "./told-version";
import { between, showVersions, type Version } from "./versions";

/** Why an option cannot be in a scenario. */
export interface Lacking {
  lacks: string;
  hint: string;
}

/** The element and value that mean it in every release that the scenario can be for. */
export function meantBy(name: FeatureName, value: FeatureValue, told: Told): { meaning: Meaning } | Lacking {
  const rows = FEATURES[name].filter(({ values }) => Object.hasOwn(values, String(value)));
  const option = typeof value === "boolean" ? name : `${name}: "${value}"`;
  const having = rows.flatMap((row) => releases(row));
  if (told.versions.length === 0)
    return {
      lacks: `which version of ACRN the scenario is for cannot be told: ${told.evidence.join("; ")}`,
      hint: 'Mend the scenario, or say the version that the next image is built from: `acrnVersion: "3.3"`.',
    };
  if (!told.versions.some((each) => having.includes(each)))
    return {
      lacks: `ACRN ${showVersions(told.versions)} has no ${option}: ${showVersions(having)} has it (${told.evidence.join("; ")})`,
      hint: `Leave it out, or build from ACRN ${showVersions(having)}.`,
    };
  const [first, ...others] = [
    ...new Set(told.versions.map((each) => rows.find((row) => releases(row).includes(each)))),
  ];
  if (first && others.every((row) => row && sameMeaning(row, first, value))) return { meaning: first };
  return {
    lacks: `whether ${option} is there depends on the version, which can be ${told.versions.join(", ")}: ${showVersions(having)} has it (${told.evidence.join("; ")})`,
    hint: 'Say the version that the next image is built from: `acrnVersion: "3.3"`.',
  };
}

/** Our value for what an element says; undefined: a text that is none of ours. */
export function valueFrom(name: FeatureName, path: string, said: unknown): FeatureValue | undefined {
  const row = FEATURES[name].findLast((each) => each.path === path);
  const found = Object.entries(row?.values ?? {}).find(([, each]) => each === said)?.[0];
  return found === "true" ? true : found === "false" ? false : found;
}

function releases({ since, until }: Meaning): Version[] {
  return between(since, until);
}

function sameMeaning(a: Meaning, b: Meaning, value: FeatureValue): boolean {
  return a.path === b.path && a.values[String(value)] === b.values[String(value)];
}
