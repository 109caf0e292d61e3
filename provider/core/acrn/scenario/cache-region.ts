import { same } from "../../claims/same";
import type { FieldValue, Surface } from "../../claims/types";
import { find, isElement, rawOf, render, type XmlElement } from "../../xml";
import { rewriteRegion } from "./cache-region-rewrite";
import { regionSpec, takesRegion, valueOfRegion } from "./cache-region-value";
import { insertedAt, withoutOurs } from "./hv-place";
import { type OpenScenario, openScenario } from "./open";
import { noPlace, without } from "./vm-place";

/** Field id: one field, because the order of all policies together decides the CLOS ids (reference 3). */
export const CACHE_REGION = "hv/CACHE_REGION";

const PATH = CACHE_REGION.split("/");

/**
 * `hv/CACHE_REGION` as a list of allocations `{ level, id, policies: [{ vm, vcpu, type, mask }] }`, with texts as they stand in the file. An
 * edit touches the masks that differ; policies that stay keep their bytes and their comments.
 */
export const cacheRegionField: Pick<Surface, "read" | "write" | "restore"> & {
  takes(value: FieldValue, raw?: string): boolean;
} = {
  read(text, file) {
    const { doc, dialect, region } = locate(text, file);
    if (dialect === "2.x") return { kind: "no-place", why: IN_RDT };
    if (!region) return { kind: "absent" };
    return { kind: "value", value: valueOfRegion(region), raw: rawOf(doc, region) };
  },

  write(text, file, _key, value) {
    const { doc, dialect, region } = locate(text, file);
    if (dialect === "2.x") throw noPlace(file, CACHE_REGION, IN_RDT);
    if (value === null) return region ? without(doc, region) : text;
    if (!region) return insertedAt(doc, PATH, (style, eol) => [render(regionSpec(value), style, eol)]);
    return same(valueOfRegion(region), value) ? text : rewriteRegion(text, file, value);
  },

  restore(text, file, _key, raw) {
    const { doc, dialect, region } = locate(text, file);
    if (dialect === "2.x") return text;
    if (raw === undefined) return region ? withoutOurs(doc, [region]) : text;
    if (!region) return insertedAt(doc, PATH, () => [raw], true);
    return text.slice(0, region.start) + raw + text.slice(region.end);
  },

  takes: (value, raw) => takesRegion(value) && (raw === undefined || isElement(raw, "CACHE_REGION")),
};

const IN_RDT = "ACRN 2.x has cache masks in hv/FEATURES/RDT/CLOS_MASK";

function locate(text: string, file: string): OpenScenario & { region: XmlElement | undefined } {
  const scenario = openScenario(text, file);
  return { ...scenario, region: find(scenario.doc.root, CACHE_REGION) };
}
