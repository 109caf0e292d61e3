import type { DeclaredHere } from "../converge/final";
import { AcrnError } from "../core/errors";
import { type Alone, type Taken, takeAlone } from "../resources/alone";

/** What this process has checked so far. A process serves one deployment, so nothing here is ever old. */
const plans = new Map<string, readonly string[]>();
const declared = new Map<string, string>();
const checked = new Map<string, Map<string, DeclaredHere>>();
const warned = new Map<string, ReadonlySet<string>>();

/** The plan of a check in this process; a plan that comes from the state says nothing about now. */
export function rememberPlan(urn: string, lines: readonly string[]): void {
  plans.set(urn, lines);
}

/** Undefined: no check of this process has planned it. */
export function plannedHere(urn: string): readonly string[] | undefined {
  return plans.get(urn);
}

/** Its create or update says only what is new: the engine shows both under one row. */
export function rememberWarnings(urn: string, warnings: readonly string[]): void {
  warned.set(urn, new Set(warnings));
}

export function warnedHere(urn: string, warning: string): boolean {
  return warned.get(urn)?.has(warning) ?? false;
}

/** What this process has checked for a machine: an Activation, which comes after all, is planned on the machine as they leave it. */
export function rememberDeclared(machine: string, declaration: DeclaredHere): void {
  const here = checked.get(machine) ?? new Map<string, DeclaredHere>();
  checked.set(machine, here.set(declaration.urn, declaration));
}

export function declaredFor(machine: string): DeclaredHere[] {
  return [...(checked.get(machine)?.values() ?? [])];
}

/** Two resources that cut up one machine's cores would each undo the other: both are named, neither is planned. */
export function declareOnce(machine: string, type: string, urn: string): void {
  const key = `${type} ${machine}`;
  const other = declared.get(key);
  if (other !== undefined && other !== urn)
    throw new AcrnError("declared.twice", `two ${type} for one machine: ${nameOf(other)} and ${nameOf(urn)}`, {
      hint: `A machine has one ${type}: put both maps into one of them. (Two addresses can be one machine: ${machine}.)`,
    });
  declared.set(key, urn);
}

const alone = new Map<string, Taken>();

/** @throws AcrnError where another resource of this run has for itself what this one declares */
export function declareAlone(machine: string, urn: string, list: readonly Alone[]): void {
  const taken = alone.get(machine) ?? new Map<string, string>();
  alone.set(machine, taken);
  takeAlone(taken, urn, list, nameOf);
}

export function nameOf(urn: string): string {
  return urn.split("::").at(-1) ?? urn;
}
