import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import type { Stage } from "./row";

/** The door's name with each of these keys, a line each. */
export const line =
  (...keys: string[]) =>
  ({ world }: Stage, name: string): string =>
    keys.map((key) => `${name} ${world.publicKey(key)}\n`).join("");

/** Lines as they are, with NAME and the keys put in: `@revoked * {host_rsa}`. */
export const lines =
  (...texts: string[]) =>
  ({ world }: Stage, name: string): string =>
    texts
      .map((text) => `${text.replaceAll("NAME", name).replace(/\{(\w+)\}/g, (_, key) => world.publicKey(key))}\n`)
      .join("");

/** As `ssh-keygen -H` writes it. */
export const hashed =
  (text: (stage: Stage, name: string) => string) =>
  (stage: Stage, name: string): string => {
    const file = stage.world.write("to-hash", text(stage, name));
    execFileSync("ssh-keygen", ["-q", "-H", "-f", file], { stdio: "pipe" });
    return readFileSync(file, "utf8");
  };
