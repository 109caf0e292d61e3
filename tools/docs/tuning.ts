import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { ROOT } from "../paths";
import { withGenerated } from "./markdown";
import { tuningKeys } from "./tuning-keys";

/** The page of GuestKernelTuning, whose section "Each key" is made of the profiles. */
export const TUNING_PAGE = join(ROOT, "docs", "guest-kernel-tuning.md");

const MARKS = { from: "<!-- each key: generated -->", to: "<!-- end -->" };

/** The page as it has to be. */
export function tuningPage(): string {
  return withGenerated(readFileSync(TUNING_PAGE, "utf8"), MARKS, tuningKeys());
}

if (require.main === module) writeFileSync(TUNING_PAGE, tuningPage());
