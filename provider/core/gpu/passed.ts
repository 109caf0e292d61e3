import { launchArguments } from "../acrn/launch-script/arguments";
import { openScenario } from "../acrn/scenario/open";
import { child, childrenNamed, trimSpace } from "../xml";

/** A VM that has the GPU for itself, or is to have it, and who says so. */
export interface Passed {
  vm: string;
  where: string;
}

/** `<pci_devs>` of either dialect: a BDF, then the board's words. Its domain is always 0. */
export function passedByScenario(text: string, file: string, address: string): Passed[] {
  const bdf = address.replace(/^0000:/, "");
  return openScenario(text, file).vms.flatMap(({ view, element }) => {
    const list = child(element, "pci_devs");
    const texts = list ? childrenNamed(list, "pci_dev").map(({ value }) => trimSpace(value)) : [];
    return texts.some((each) => each.startsWith(bdf)) ? [{ vm: view.key, where: `<pci_devs> in ${file}` }] : [];
  });
}

/** GVT-d: `-s 2,passthru,0/2/0` [devicemodel/core/pci_core.c pci_parse_slot; hw/pci/passthrough.c]. GVT-g is none: there the GPU stays i915's. */
export function passedByArguments(values: readonly string[], address: string): boolean {
  const [bus, device, fn] = (/^0000:(..):(..)\.(.)$/.exec(address) ?? [])
    .slice(1)
    .map((part) => Number.parseInt(part, 16));
  return values.some((value) => {
    const found = /(?:^|,)passthru,([0-9a-f]+)[/:]([0-9a-f]+)[/.]([0-7])(?:,|$)/i.exec(value);
    if (!found) return false;
    const [b, d, f] = found.slice(1).map((part) => Number.parseInt(part, 16));
    return b === bus && d === device && f === fn;
  });
}

export function passedByScript(text: string, path: string, address: string): Passed[] {
  const launched = launchArguments(text, path);
  const values = launched.arguments.flatMap(({ name, value }) =>
    /^-[sS]\b/.test(name) && typeof value === "string" ? [value] : [],
  );
  return passedByArguments(values, address) ? [{ vm: launched.vm ?? "a VM", where: path }] : [];
}
