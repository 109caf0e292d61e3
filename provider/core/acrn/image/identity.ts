import { AcrnError } from "../../errors";

/** All that decides what an image is. Two builds of equal inputs are the same image. */
export interface ImageInputs {
  /** SHA-256, in hex, of the scenario source's bytes. */
  scenario: string;
  /** SHA-256, in hex, of the board file's bytes. */
  board: string;
  /** `recipeIdentity` of recipes/types.ts: how, without where. */
  recipe: string;
  /** Version of the source, or of a prebuilt file its SHA-256: `git v3.3-12-gabc`, `file <sha256>`. */
  source: string;
}

const HASH = /^[0-9a-f]{64}$/;

/** The text whose hash names the image. Each input is one line of its own, quoted, so no two inputs share a text. */
export function identityText({ scenario, board, recipe, source }: ImageInputs): string {
  for (const [name, hash] of Object.entries({ scenario, board }))
    if (!HASH.test(hash)) throw new Error(`${name}: not a SHA-256 in hex`);
  if (source === "")
    throw new AcrnError("image.source", "the version of the source that is to be built is not known", {
      hint: "Without it, an image of another source would count as this one. Build from a git checkout or a release's tree, which has a VERSION file.",
    });
  const lines = Object.entries({ board, recipe, scenario, source }).map(([name, value]) => `${name} ${quoted(value)}`);
  return `pulumi-acrn image 1\n${lines.join("\n")}\n`;
}

/**
 * The image's id: 16 hex digits.
 * @param sha256 of a text's UTF-8 bytes, in hex: the core has no hash of its own
 */
export function imageId(inputs: ImageInputs, sha256: (text: string) => string): string {
  return sha256(identityText(inputs)).slice(0, 16);
}

/** JSON has one spelling of a string, but for lone surrogates, which UTF-8 would make equal: JSON.stringify escapes them. */
const quoted = (value: string): string => JSON.stringify(value);
