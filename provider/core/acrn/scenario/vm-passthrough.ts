import type { PciDevice } from "../../hardware/types";
import { child, childrenNamed, trimSpace, type XmlElement } from "../../xml";
import type { PassthroughDevice } from "../launch/types";

/** As the generator looks for it, at the start [3.4-dev launch_cfg_gen.py bdf_regex]. */
const BDF = /^[0-9a-f]{2}:[01][0-9a-f]\.[0-7]/;

/** The devices that are handed to a 3.x VM, with the options that the generator adds by class. */
export function passthroughOf(
  vm: XmlElement,
  windows: boolean,
  pci: readonly PciDevice[],
  problems: string[],
): PassthroughDevice[] {
  const ptm = trimSpace(child(vm, "PTM")?.value ?? "") === "y";
  const list = child(vm, "pci_devs");
  const texts = (list ? childrenNamed(list, "pci_dev") : []).map(({ value }) => trimSpace(value));
  return texts
    .filter((text) => text !== "")
    .flatMap((text) => {
      const bdf = BDF.exec(text)?.[0];
      if (bdf === undefined) {
        problems.push(`<pci_dev> ${JSON.stringify(text)} does not start with a BDF like 02:00.0: ACRN passes it over.`);
        return [];
      }
      const code = pci.find((device) => device.bdf === bdf)?.class ?? classOfWords(text.slice(bdf.length + 1));
      const reset = windows && code.startsWith("0x0c0330");
      return [
        {
          bdf,
          gpu: code === "0x030000",
          ptm: ptm && code.startsWith("0x0200"),
          ...(reset ? { options: "d3hot_reset" } : {}),
        },
      ];
    });
}

/** lspci's words for the classes that matter here, as scenarios repeat them after the BDF [pci.ids, "List of known device classes"]. */
function classOfWords(description: string): string {
  if (description.startsWith("VGA compatible controller")) return "0x030000";
  if (description.startsWith("Ethernet controller")) return "0x020000";
  return /^USB controller: .*xHCI/i.test(description) ? "0x0c0330" : "";
}
