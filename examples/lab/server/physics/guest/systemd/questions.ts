import { show } from "./show";
import { everyUnit, findUnit } from "./unit-file";
import { fileState, ON } from "./unit-state";
import { each, type Verb } from "./verb";

/** The verbs of systemctl that change nothing. */
export const QUESTIONS: Readonly<Record<string, Verb>> = {
  "is-active": (call, names, { manager }) => {
    for (const name of names) call.out(manager.state(name));
    return names.some((name) => manager.state(name) === "active") ? 0 : 3;
  },
  "is-failed": (call, names, { manager }) => {
    for (const name of names) call.out(manager.state(name));
    return names.some((name) => manager.state(name) === "failed") ? 0 : 1;
  },
  "is-enabled": (call, names, { dir, recent }) => {
    const found = names.map((name) => fileState(dir, name));
    const missing = recent ? -1 : found.indexOf(undefined);
    if (missing >= 0) {
      for (const state of found.slice(0, missing)) call.out(state ?? "");
      call.err(`Failed to get unit file state for ${names[missing]}: No such file or directory`);
      return 1;
    }
    for (const state of found) call.out(state ?? "not-found");
    if (found.some((state) => state !== undefined && ON.includes(state))) return 0;
    return found.every((state) => state === undefined) ? 4 : 1;
  },
  "is-system-running": (call, _, { dir, manager }) => {
    const failed = everyUnit(dir).some((name) => manager.state(name) === "failed");
    call.out(failed ? "degraded" : "running");
    return failed ? 1 : 0;
  },
  status: each((call, name, { manager }) => {
    const unit = manager.find(name);
    if (!unit) call.err(`Unit ${name} could not be found.`);
    else
      call.out(
        `${unit.id}\n     Loaded: ${unit.masked ? "masked" : `loaded (${unit.path})`}\n     Active: ${manager.state(name)}`,
      );
    return unit ? (manager.state(name) === "active" ? 0 : 3) : 4;
  }),
  cat: each((call, name, { dir }) => {
    const unit = findUnit(dir, name);
    if (!unit) call.err(`No files found for ${name}.`);
    else call.out(`# ${unit.path}\n${unit.text}`);
    return unit ? 0 : 1;
  }),
  show,
  "list-unit-files": (call, names, { dir }) => {
    for (const name of everyUnit(dir))
      if (names.length === 0 || names.includes(name)) call.out(`${name} ${fileState(dir, name)}`);
    return 0;
  },
  "list-units": (call, _, { dir, manager }) => {
    for (const name of everyUnit(dir))
      if (manager.state(name) !== "inactive") call.out(`${name} loaded ${manager.state(name)}`);
    return 0;
  },
  "get-default": (call, _, { manager }) => {
    call.out(manager.id("default.target"));
    return 0;
  },
};
