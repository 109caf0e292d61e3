import { AcrnError } from "../../../errors";

/** How an image comes to be. Paths are those of the machine that builds. */
export type Recipe =
  /** A command of the user's own, in the build's folder: from $BOARD_FILE and $SCENARIO_FILE it makes $OUT/acrn.bin, and what else `collected` names; `inputs`: what else it reads. */
  (
    | { how: "command"; command: string; inputs?: readonly string[] }
    /** `make hypervisor` in a source tree of v2.4 or later. */
    | { how: "make"; source: string; release?: boolean }
    /** `debian/debian_build.sh` in a copy of a source tree of v3.0 or later. */
    | { how: "debian"; source: string; release?: boolean }
    /** An acrn.bin, or a folder with one (`build/hypervisor`). */
    | { how: "prebuilt"; path: string }
  ) & {
    /** It need not say what it was built from. No part of the identity: the bytes are the same. */
    trustUnverified?: boolean;
  };

/**
 * What of a recipe is part of the image's identity: not where the source lies, which its version tells better, nor which prebuilt file, which its hash
 * tells, nor the text of a command and what its inputs are, whose hashes are its source's version: a manifest can be read by everybody, and a command may hold a token.
 */
export function recipeIdentity(recipe: Recipe): string {
  switch (recipe.how) {
    case "command":
      return "command";
    case "prebuilt":
      return "prebuilt";
    default:
      return `${recipe.how}${recipe.release ? " release" : ""}`;
  }
}

/** A program or Python module that a recipe runs, and the Debian package that has it. */
export interface Tool {
  kind: "program" | "python";
  name: string;
  package: string;
}

/** Names that the build gives board and scenario: they show in the hypervisor's own `version`. */
export interface BuildNames {
  board: string;
  scenario: string;
}

/** What the files are called below `$IN`. A scenario called `scenario.xml` would be named after the folder it lies in, which is another one each time. */
export function inputNames({ board, scenario }: BuildNames): { board: string; scenario: string } {
  for (const [what, name] of Object.entries({ board, scenario }))
    if (!/^[A-Za-z0-9_][A-Za-z0-9._-]{0,60}$/.test(name) || name === "scenario")
      throw new AcrnError(
        "image.name",
        `${JSON.stringify(name.slice(0, 80))} cannot be the name of a ${what} in a build`,
        {
          hint: 'Names are of letters, digits and . _ -, and not "scenario".',
        },
      );
  if (board === scenario)
    throw new AcrnError("image.name", `board and scenario are both called ${board}`, {
      hint: "Give one another name.",
    });
  return { board: `${board}.xml`, scenario: `${scenario}.xml` };
}
