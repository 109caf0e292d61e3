import { AcrnError } from "../../provider/core/errors";
import { visible } from "../../provider/core/text/visible";
import type { Io } from "./io";

/** Consent to what was just shown: `--yes`, or a person who types it. Anything else is no, and an error of its own. */
export async function consent(question: string, yes: boolean, { json }: { json: boolean }, io: Io): Promise<void> {
  if (yes) return;
  // With --json the plan is not shown, so nobody could agree to it.
  if (!io.ask || json)
    throw new AcrnError(
      "apply.unattended",
      `there is ${json ? "no plan to look at with --json" : "no terminal to ask on"}, and --yes was not given`,
      {
        hint: "Nothing was changed. Look at `pulumi-acrn plan` first; then run this again with --yes.",
      },
    );
  const answer = (await io.ask(`${visible(question)} [y/N] `)).trim().toLowerCase();
  if (answer === "y" || answer === "yes") return;
  throw new AcrnError("apply.declined", "nothing was changed, as you said");
}
