import { isRecord } from "../../core/claims/same";
import { currentText, type Documents, type FieldValue } from "../../core/claims/types";
import { paramField } from "../../core/kernel/cmdline";
import { pathOfTrial, trialOf } from "../../core/kernel/trial";
import { maskId } from "../../core/tuning/services/surface";
import { sysctlId } from "../../core/tuning/sysctl/fragment";

/** Settings as the guest's files have them; what is tried and not confirmed yet is no drift. */
export function observe(documents: Documents, state: Record<string, unknown>): Record<string, unknown> {
  if (!isRecord(state.settings)) return {};
  const line = [...documents.keys()].find((id) => id.startsWith("line["));
  // by the machine: what an Activation confirmed since, no state of this resource knows
  const tried = waits(documents);
  const settings = Object.entries(state.settings).map(([name, value]) => {
    const [what = "", key = ""] = name.split(" ", 2);
    const field = fieldOf(what, key, line);
    const now = field === undefined || (what === "kernelArg" && tried) ? undefined : readingOf(documents, field);
    return [name, now === undefined || holds(what, now.value, value) ? value : shown(now.value)] as const;
  });
  return { settings: Object.fromEntries(settings), ...(tried ? {} : { trialEntry: undefined }) };
}

/** Is there an entry that waits to be tried? */
function waits(documents: Documents): boolean {
  return [...documents.values()].some(
    (document) => pathOfTrial(document.id) !== undefined && trialOf(currentText(document) ?? "") !== undefined,
  );
}

function fieldOf(what: string, key: string, line: string | undefined): string | undefined {
  if (what === "kernelArg") return line === undefined ? undefined : `${line} ${paramField(key)}`;
  if (what === "sysctl") return sysctlId(key);
  return what === "service" ? maskId(key) : undefined;
}

/** Undefined: there is no such document, so nothing of it is claimed. */
function readingOf(documents: Documents, field: string): { value: FieldValue | undefined } | undefined {
  const blank = field.indexOf(" ");
  const document = documents.get(field.slice(0, blank));
  const text = document && currentText(document);
  if (!document || text === undefined) return undefined;
  const reading = document.surface.read(text, document.path, field.slice(blank + 1));
  return { value: reading.kind === "value" ? reading.value : undefined };
}

function holds(what: string, now: FieldValue | undefined, declared: unknown): boolean {
  if (what === "service") return now === "";
  if (declared === "(taken away)") return now === undefined;
  return JSON.stringify(now) === JSON.stringify(declared);
}

const shown = (now: FieldValue | undefined): string => (now === undefined ? "(not set)" : String(now));
