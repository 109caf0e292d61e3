import type { Call } from "./desk";
import { withSuffix } from "./systemd-run-args";
import type { Unit, Units } from "./units";

/** What systemctl asks its machine for. */
export interface Manager {
  units: Units;
  /** acrnd.service, the one unit that is installed. */
  acrnd: { enabled: boolean; active(): boolean; start(): void; stop(): Promise<void> };
  reboot(): void;
  powerOff(): void;
}

/** systemctl(1), as far as somebody who works with VMs needs it. */
export async function systemctl(call: Call, manager: Manager): Promise<void> {
  const words = call.args.filter(
    (word, at) => !word.startsWith("-") && !/^(-p|--property)$/.test(call.args[at - 1] ?? ""),
  );
  const [verb = "", ...names] = words;
  if (verb === "reboot" || verb === "poweroff") {
    manager[verb === "reboot" ? "reboot" : "powerOff"]();
    return call.exit(0);
  }
  let status = 0;
  for (const name of names.map(withSuffix)) status = (await one(verb, name, call, manager)) || status;
  call.exit(status);
}

async function one(verb: string, name: string, call: Call, { units, acrnd }: Manager): Promise<number> {
  const installed = name === "acrnd.service";
  const unit = units.all.get(name);
  const state = installed ? (acrnd.active() ? "active" : "inactive") : (unit?.state ?? "inactive");
  const known = installed || unit !== undefined;
  switch (verb) {
    case "is-active":
    case "is-failed":
      call.out(state);
      return state === (verb === "is-active" ? "active" : "failed") ? 0 : 3;
    case "is-enabled":
      call.out(installed ? (acrnd.enabled ? "enabled" : "disabled") : "transient");
      return installed && !acrnd.enabled ? 1 : 0;
    case "status":
      call.out(`${name}\n     Active: ${state}`);
      return known ? (state === "active" ? 0 : 3) : 4;
    case "show":
      show(name, unit, state, known, call);
      return 0;
    case "start":
    case "restart":
      if (!installed) return missing(verb, name, call);
      if (verb === "restart") await acrnd.stop();
      acrnd.start();
      return 0;
    case "stop":
      if (installed) await acrnd.stop();
      else if (unit) await units.stop(unit);
      else return missing(verb, name, call);
      return 0;
    case "enable":
    case "disable":
    case "mask":
    case "unmask":
      if (!installed) return missing(verb, name, call);
      acrnd.enabled = verb === "enable" || verb === "unmask";
      return 0;
    case "reset-failed":
      if (unit?.state === "failed") units.all.delete(name);
      return 0;
    default:
      return 0;
  }
}

function missing(verb: string, name: string, call: Call): number {
  call.err(`Failed to ${verb} ${name}: Unit ${name} not loaded.`);
  return 5;
}

function show(name: string, unit: Unit | undefined, state: string, known: boolean, call: Call): void {
  const all: Record<string, string | number> = {
    Id: name,
    LoadState: known ? "loaded" : "not-found",
    ActiveState: state,
    SubState: state === "active" ? "running" : state === "failed" ? "failed" : "dead",
    Result: state === "failed" ? "exit-code" : "success",
    MainPID: unit?.pid ?? 0,
    ExecMainStatus: unit?.status ?? 0,
  };
  const at = call.args.findIndex((word) => /^(-p|--property)/.test(word));
  const given = at < 0 ? undefined : (/^(?:--property=|-p)(.+)$/.exec(call.args[at] ?? "")?.[1] ?? call.args[at + 1]);
  const value = call.args.includes("--value");
  for (const key of given?.split(",") ?? Object.keys(all))
    call.out(value ? `${all[key] ?? ""}` : `${key}=${all[key] ?? ""}`);
}
