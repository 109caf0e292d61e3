import { createInterface } from "node:readline";
import { text as drain } from "node:stream/consumers";
import { setTimeout as sleep } from "node:timers/promises";
import { type ConnectionSpec, getTransport } from "../../host/ssh";
import type { RemoteProcess } from "../../host/types";

/**
 * Says that it is ready, and does nothing until it hears the word: then that it goes can be noted down before it does. A client that dies
 * in between leaves a guest that was not told. Powers off and never reboots: a reset inside an RTVM resets the whole machine (reference 7b).
 */
const POWER_OFF =
  'if [ "$(id -u)" = 0 ]; then s=; else s="sudo -n"; fi; echo pulumi-acrn ready; IFS= read -r go; [ "$go" = go ] || exit 1; ' +
  "{ $s systemctl poweroff || $s poweroff || $s busybox poweroff; } </dev/null && echo acknowledged";

/** An address that leads to the host itself would power off the Service VM under a live RTVM, and take the machine off the net. */
const powerOffUnless = (hostBoot: string | undefined): string => {
  const own = '"$(cat "$PULUMI_ACRN_ROOT/proc/sys/kernel/random/boot_id" 2>/dev/null)"';
  const guard =
    hostBoot && /^[0-9a-f-]{36}$/.test(hostBoot)
      ? `if [ ${own} = ${hostBoot} ]; then echo "that address is the host itself" >&2; exit 1; fi; `
      : "";
  return `${guard}${POWER_OFF}`;
};

/** Why it does not go; undefined: it goes. */
export type Refusal = string | undefined;

/**
 * A guest that is ready and was told goes, also where its last word is not heard: one that goes down fast takes it along.
 * @param agreed before it is told
 * @param limit seconds for its answer
 */
export async function powerOffOverSsh(
  to: ConnectionSpec,
  { boot, limit, agreed }: { boot: string | undefined; limit: number; agreed: () => Promise<void> },
): Promise<Refusal> {
  const process = await getTransport(to).exec(`sh -c '${powerOffUnless(boot)}'`);
  process.stdin.on("error", () => undefined); // its end shows on stdout
  const stderr = drain(process.stderr).catch(() => "");
  const [ready, acknowledged] = listen(process, ["pulumi-acrn ready", "acknowledged"], limit);
  try {
    const first = await ready;
    if (first === "late") return `it did not answer within ${limit} s`;
    if (first === "heard") {
      await agreed();
      process.stdin.end("go\n");
      if ((await acknowledged) !== "ended") return undefined;
    }
    const code = await process.exit.then(
      (end) => end.code,
      () => undefined,
    );
    if (code === undefined) return first === "heard" ? undefined : "the link to it broke before it answered";
    return `exit status ${code}: ${(await stderr).trim().slice(-300)}`;
  } finally {
    for (const stream of [process.stdin, process.stdout, process.stderr]) stream.destroy();
  }
}

type Heard = "heard" | "ended" | "late";

/** For each of the words: when a line has it, when no more lines come, or when it takes too long. */
function listen(process: RemoteProcess, words: [string, string], limit: number): [Promise<Heard>, Promise<Heard>] {
  const reader = createInterface({ input: process.stdout });
  process.stdout.on("error", () => reader.close());
  const late = sleep(limit * 1000, "late" as const, { ref: false });
  const heard = (word: string) =>
    new Promise<Heard>((settle) => {
      reader.on("line", (line) => {
        if (line.includes(word)) settle("heard");
      });
      reader.once("close", () => settle("ended"));
    });
  const [first, second] = words;
  return [Promise.race([heard(first), late]), Promise.race([heard(second), late])];
}
