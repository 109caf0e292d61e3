import assert from "node:assert/strict";
import { AcrnError } from "../../../provider/core/errors";
import { resolve } from "../../../provider/host/ssh/resolve";
import type { ConnectionSpec, ResolvedConnection } from "../../../provider/host/ssh/spec";
import { type Answer, ask, methods, oracleEnvironment, ours, theirs } from "./config-oracle";

const env = oracleEnvironment();

/** Fails unless our lookup of a machine says the same as `ssh -G`, its jump hosts included. */
export function compare(spec: ConnectionSpec, file: string): "same" | "refused" | "stricter" {
  const destination = [
    ...(spec.user ? ["-l", spec.user] : []),
    ...(spec.port ? ["-p", String(spec.port)] : []),
    ...(typeof spec.jump === "string" ? ["-J", spec.jump] : []),
    spec.host as string,
  ];
  const answer = ask(file, destination);
  const found = attempt(spec);
  if (typeof answer === "string") {
    assert.ok(found instanceof AcrnError, `ssh refuses, we do not: ${answer}`);
    return "refused";
  }
  if (found instanceof AcrnError) {
    assert.ok(stricter(answer, found, file), `we refuse, ssh does not: ${found.message}`);
    return "stricter";
  }
  const expected = theirs(answer, spec.host as string);
  const seen = ours(found, answer);
  for (const [keyword, value] of Object.entries(seen)) {
    if (keyword in expected) assert.deepEqual(value, expected[keyword], keyword);
    else assert.ok(value !== false, keyword);
  }
  compareJump(found, answer, spec, file);
  return "same";
}

/** What ssh would run for the jump host (ssh.c): itself, with the hops that are left. */
function compareJump(
  found: ResolvedConnection,
  answer: Exclude<Answer, string>,
  spec: ConnectionSpec,
  file: string,
): void {
  const [said] = answer.get("proxyjump") ?? [];
  const hops = said === undefined ? [] : said.split(",");
  const last = hops.pop();
  assert.equal(found.jump === undefined, last === undefined, `jump: ${said}`);
  if (last === undefined || !found.jump) return;
  const tokens = (text: string) => text.replaceAll("%r", found.user);
  const [, user, host = "", port] = /^(?:(.*)@)?(.*?)(?::(\d+))?$/.exec(tokens(last)) as RegExpExecArray;
  const name = host.replace(/^\[|\]$/g, "");
  const next: ConnectionSpec = {
    host: name,
    sshConfig: spec.sshConfig as string,
    ...(user ? { user } : {}),
    ...(port ? { port: Number(port) } : {}),
    ...(hops.length > 0 ? { jump: hops.join(",") } : {}),
  };
  assert.deepEqual(found.jump, resolve(next, env), "jump host");
  compare(next, file);
}

function attempt(spec: ConnectionSpec): ResolvedConnection | AcrnError {
  try {
    return resolve(spec, env);
  } catch (error) {
    if (error instanceof AcrnError) return error;
    throw error;
  }
}

/** What we refuse although `ssh -G` does not: on purpose, or because ssh asks its jump host only later, and that refuses. */
function stricter(answer: Exclude<Answer, string>, { code }: AcrnError, file: string): boolean {
  const jump = answer.get("proxyjump")?.[0];
  if (code === "ssh.config.loop") return jump !== undefined && typeof ask(file, [jump]) === "string";
  const command = answer.get("proxycommand")?.[0];
  return (command !== undefined && command !== "none") || methods(answer).length === 0;
}
