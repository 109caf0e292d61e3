import type { Call } from "../../desk";

import { fileState } from "./unit-state";
import type { Asked } from "./verb";

/** `systemctl show`: the properties that somebody who changes units asks for. */
export function show(call: Call, names: readonly string[], asked: Asked): number {
  names.forEach((name, at) => {
    if (at > 0) call.out("");
    one(call, name, asked);
  });
  return 0;
}

function one(call: Call, name: string, { dir, manager }: Asked): void {
  const unit = manager.find(name);
  const own = manager.running(name);
  const state = manager.state(name);
  const loaded = unit ? (unit.masked ? "masked" : "loaded") : own ? "loaded" : "not-found";
  const all: Record<string, string | number> = {
    Id: unit?.id ?? name,
    LoadState: loaded,
    ActiveState: state,
    SubState: subState(name, state),
    UnitFileState: fileState(dir, name) ?? "",
    FragmentPath: unit?.path ?? "",
    DropInPaths: unit?.drops.join(" ") ?? "",
    NeedDaemonReload: manager.outdated(name) ? "yes" : "no",
    TriggeredBy: manager.triggers(unit?.id ?? name).join(" "),
    Result: state === "failed" ? "exit-code" : "success",
    MainPID: own?.pid ?? 0,
    ExecMainStatus: own?.status ?? 0,
  };
  const at = call.args.findIndex((word) => /^(-p|--property)/.test(word));
  const given = at < 0 ? undefined : (/^(?:--property=|-p)(.+)$/.exec(call.args[at] ?? "")?.[1] ?? call.args[at + 1]);
  const value = call.args.includes("--value");
  for (const key of given?.split(",") ?? Object.keys(all))
    call.out(value ? `${all[key] ?? ""}` : `${key}=${all[key] ?? ""}`);
}

function subState(name: string, state: string): string {
  if (state !== "active") return state === "failed" ? "failed" : "dead";
  const kinds: Readonly<Record<string, string>> = {
    socket: "listening",
    timer: "waiting",
    target: "active",
    mount: "mounted",
  };
  return kinds[name.slice(name.lastIndexOf(".") + 1)] ?? "running";
}
