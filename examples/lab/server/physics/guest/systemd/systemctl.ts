import type { Call } from "../../desk";
import { withSuffix } from "../../systemd-run-args";
import { disable, enable, mask, unmask } from "./install";
import type { Started } from "./manager";
import { QUESTIONS } from "./questions";
import { everyUnit, findUnit } from "./unit-file";
import { type Asked, each, type Verb } from "./verb";

/** systemctl(1) of a guest with systemd. */
export async function systemctl(call: Call, asked: Asked): Promise<void> {
  const words = call.args.filter(
    (word, at) =>
      !word.startsWith("-") && !/^(-p|--property|-t|--type|--state|-o|-n|--root)$/.test(call.args[at - 1] ?? ""),
  );
  const [verb = "list-units", ...rest] = words;
  const act = VERBS[verb];
  if (!act) {
    call.err(`Unknown command verb ${verb}.`);
    return call.exit(1);
  }
  if (CHANGES.has(verb) && !call.root) {
    call.err(`Failed to ${verb} ${rest.join(" ")}: Access denied`);
    return call.exit(4);
  }
  const quiet = verb.startsWith("is-") && (flag(call, "-q") || flag(call, "--quiet"));
  call.exit(await act(quiet ? { ...call, out: () => {} } : call, rest.map(withSuffix), asked));
}

const CHANGES = new Set(
  "start stop restart try-restart reload-or-restart enable disable mask unmask reenable daemon-reload daemon-reexec reset-failed reboot poweroff halt".split(
    " ",
  ),
);

const flag = (call: Call, name: string): boolean => call.args.includes(name);

const TROUBLE: Readonly<Record<Exclude<Started, "ok">, { status: number; says(verb: string, name: string): string }>> =
  {
    masked: { status: 1, says: (verb, name) => `Failed to ${verb} ${name}: Unit ${name} is masked.` },
    "not-found": { status: 5, says: (verb, name) => `Failed to ${verb} ${name}: Unit ${name} not found.` },
    failed: { status: 1, says: (_, name) => `Job for ${name} failed. See "systemctl status ${name}" for details.` },
  };

function told(call: Call, verb: string, name: string, how: Started): number {
  if (how === "ok") return 0;
  call.err(TROUBLE[how].says(verb, name));
  return TROUBLE[how].status;
}

async function stop(call: Call, name: string, { manager }: Asked): Promise<number> {
  const how = await manager.stop(name);
  if (how !== "ok") {
    call.err(`Failed to stop ${name}: Unit ${name} not loaded.`);
    return 5;
  }
  const id = manager.id(name);
  const again = manager.triggers(id);
  if (again.length === 0) return 0;
  call.err(
    `Warning: Stopping ${name}, but it can still be activated by:\n${again.map((one) => `  ${one}`).join("\n")}`,
  );
  // something logs all the time, and the socket hears it
  if (/^(systemd-journald|rsyslog|syslog)/.test(id) && again.some((one) => one.endsWith(".socket"))) manager.start(id);
  return 0;
}

/** @param installed without a file there is nothing to do */
const files =
  (verb: string, act: (call: Call, name: string, asked: Asked) => number | undefined): Verb =>
  async (call, names, asked) => {
    let status = 0;
    for (const name of names) {
      if (findUnit(asked.dir, name)) status = act(call, name, asked) ?? status;
      else {
        call.err(`Failed to ${verb} unit: Unit file ${name} does not exist.`);
        status = 1;
      }
    }
    asked.manager.reload(); // systemctl asks for it unless --no-reload
    if (flag(call, "--now")) for (const name of names) status = (await now(call, name, verb, asked)) || status;
    return status;
  };

const now = (call: Call, name: string, verb: string, asked: Asked): number | Promise<number> =>
  verb === "enable" ? told(call, "start", name, asked.manager.start(name)) : stop(call, name, asked);

const VERBS: Readonly<Record<string, Verb>> = {
  ...QUESTIONS,
  "daemon-reload": (_, __, { manager }) => {
    manager.reload();
    return 0;
  },
  "daemon-reexec": (_, __, { manager }) => {
    manager.reload();
    return 0;
  },
  start: each((call, name, { manager }) => told(call, "start", name, manager.start(name))),
  stop: each(stop),
  restart: each(async (call, name, { manager }) => {
    if (manager.find(name)?.masked) return told(call, "restart", name, "masked");
    await manager.stop(name);
    return told(call, "restart", name, manager.start(name));
  }),
  "try-restart": each(async (_, name, { manager }) => {
    if (manager.state(name) !== "active") return 0;
    await manager.stop(name);
    return manager.start(name) === "ok" ? 0 : 1;
  }),
  enable: files("enable", (call, name, { dir }) => {
    const unit = findUnit(dir, name);
    if (unit?.masked) {
      call.err(`Failed to enable unit: Unit file ${unit.path} is masked.`);
      return 1;
    }
    if (unit) enable(dir, unit, (text) => call.err(text));
    return undefined;
  }),
  disable: files("disable", (call, name, { dir }) => {
    const unit = findUnit(dir, name);
    if (unit) disable(dir, unit, (text) => call.err(text));
    return undefined;
  }),
  mask: async (call, names, asked) => {
    let status = 0;
    for (const name of names) {
      if (!findUnit(asked.dir, name)) call.err(`Unit ${name} does not exist, proceeding anyway.`);
      const folder = flag(call, "--runtime") ? "/run/systemd/system" : undefined;
      const trouble = mask(asked.dir, name, (text) => call.err(text), folder);
      if (trouble !== undefined) call.err(`Failed to mask unit: ${trouble}`);
      if (trouble !== undefined) status = 1;
    }
    asked.manager.reload();
    if (flag(call, "--now")) for (const name of names) status = (await stop(call, name, asked)) || status;
    return status;
  },
  unmask: (call, names, { dir, manager }) => {
    for (const name of names) unmask(dir, name, (text) => call.err(text));
    manager.reload();
    return 0;
  },
  "reset-failed": (_, names, { dir, manager }) => {
    for (const name of names.length > 0 ? names : everyUnit(dir)) manager.forget(name);
    return 0;
  },
  reboot: (_, __, { down }) => {
    down("reset");
    return 0;
  },
  poweroff: (_, __, { down }) => {
    down("off");
    return 0;
  },
  halt: (_, __, { down }) => {
    down("off");
    return 0;
  },
};
