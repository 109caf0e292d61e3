import { createHash } from "node:crypto";
import { BOARD_PATH } from "../../core/acrn/evidence";
import { imageId } from "../../core/acrn/image/identity";
import { type Recipe, recipeIdentity } from "../../core/acrn/image/recipes/types";
import { AcrnError } from "../../core/errors";
import { exactTextOf } from "../../core/snapshot";
import { scenarioSource } from "../../resources/scenario-source";
import type { Draft } from "../draft";

/** What an image is built from: the scenario source as a plan leaves it, and the board. */
export interface BuiltFrom {
  scenario: { text: string; file: string };
  board: { text: string; file: string };
}

export function builtFrom(draft: Draft): BuiltFrom {
  const file = draft.settings.files?.board ?? BOARD_PATH;
  const board = exactTextOf(draft.snapshot, file);
  if (board === undefined)
    throw new AcrnError("board.missing", "there is no board file to build an image for", {
      where: { file },
      hint: 'Install ACRN\'s Debian packages, or say where the file lies on the host: `files: { board: "<path>" }`.',
    });
  return { scenario: scenarioSource(draft.documents), board: { text: board, file } };
}

/** @param source its version, as the look at the machine that builds told it */
export function idOf({ scenario, board }: BuiltFrom, recipe: Recipe, source: string): string {
  const inputs = { scenario: sha256(scenario.text), board: sha256(board.text), recipe: recipeIdentity(recipe), source };
  return imageId(inputs, sha256);
}

export const sha256 = (text: string | Uint8Array): string => createHash("sha256").update(text).digest("hex");
