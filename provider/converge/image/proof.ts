import { configDifferences, readBuiltConfigs, untold } from "../../core/acrn/image/configs";
import { AcrnError } from "../../core/errors";
import type { Draft } from "../draft";
import { meantBy } from "./meant";
import type { BuiltFrom } from "./source";

/**
 * The door behind a build: which core and which class each vCPU got, as the build itself wrote it down. False: it wrote nothing down, and is to be trusted.
 * @throws AcrnError `image.configs`, `image.unverified`
 */
export function proved(
  files: ReadonlyMap<string, Uint8Array>,
  { scenario }: BuiltFrom,
  draft: Draft,
  { trust }: { trust: boolean },
): boolean {
  const text = (name: string) => {
    const bytes = files.get(`configs/${name}`);
    return bytes && Buffer.from(bytes).toString("utf8");
  };
  const configs = readBuiltConfigs({ allocation: text("allocation.xml"), misc: text("misc_cfg.h") });
  const meant = meantBy(scenario, draft.topology());
  const open = untold(configs, meant);
  if (open.length > 0 && !trust) throw unverified(open);
  const differences = configDifferences(configs, meant);
  // what is not there at all is what the program trusts
  const seen = open.length > 0 ? differences.filter((line) => !line.endsWith("and the build has none")) : differences;
  if (seen.length === 0) return open.length === 0;
  throw new AcrnError("image.configs", `the build made something else than was meant: ${seen.join("; ")}`, {
    hint: "The image was thrown away. Was it built from another scenario, or by a version of ACRN that allocates otherwise?",
  });
}

function unverified(open: readonly string[]): AcrnError {
  return new AcrnError("image.unverified", `the image does not say ${open.join(", nor ")}`, {
    property: "build",
    hint: "It was thrown away: nobody could tell which scenario it was built from. Let the build leave its generated configuration in $OUT/configs (a prebuilt one beside acrn.bin), or say in `build` that it is to be believed: trustUnverified: true.",
  });
}
