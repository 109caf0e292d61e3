import type { Command } from "commander";
import { type Activation, pendingOn, planActivation } from "../../../provider/converge/activate/plan";
import { leftToRun, runActivation } from "../../../provider/converge/activate/run";
import { settle } from "../../../provider/converge/image/settle";
import { AcrnError } from "../../../provider/core/errors";
import { machineKey } from "../../../provider/core/snapshot";
import { type ActivationArgs, activationSchema } from "../../../provider/resources/activation";
import type { Pending } from "../../../provider/resources/kind";
import { kindOf } from "../../../provider/resources/kinds";
import { consent } from "../ask";
import { sayTo } from "../clear-up";
import { type Context, hostCommand, openRead, type Reached } from "../context";
import { EXIT, Failed, type Status } from "../exit";
import type { Host, HostOptions } from "../host";
import type { Output } from "../output";
import { hostData } from "../show/data";
import { sayPending } from "../show/pending";

interface ActivateOptions extends HostOptions {
  allow?: string[];
  guest?: string[];
  powerOffLimit?: string;
  launchLimit?: string;
  rebootLimit?: string;
  yes?: boolean;
}

const repeated = (value: string, all: string[] = []) => [...all, value];

export function activateCommand(context: Context, reached: Reached): Command {
  return hostCommand(
    "activate",
    "makes what is written run: power cycles of real-time VMs, a new image, a reboot of the host",
  )
    .option(
      "--allow <act>",
      "what may be done: rtvm-power-cycle, update-grub, hypervisor-install (which needs host-reboot, too), host-reboot; may be repeated",
      repeated,
    )
    .option("--guest <vm=how>", "how a VM is shut down: VM=ssh:ADDRESS, VM=lifeMngr or VM=command:COMMAND", repeated)
    .option("--power-off-limit <seconds>", "until a guest that agreed must be off (default 120)")
    .option("--launch-limit <seconds>", "until a launch must have an acrn-dm that stays (default 60)")
    .option("--reboot-limit <seconds>", "until the machine must be back (default 600)")
    .option("--yes", "do not ask")
    .addHelpText(
      "after",
      "\nWithout --allow it only says what is written and not running, and what would make it run. With hypervisor-install and\nhost-reboot the image that a HypervisorImage has built is installed beside what runs, booted once, confirmed, and only then\nthe default; `pulumi-acrn images` shows what is there.\n",
    )
    .action(async (target: string, options: ActivateOptions) => reached(await activate(context, target, options)));
}

async function activate(context: Context, target: string, options: ActivateOptions): Promise<Status> {
  const { io, output } = context;
  const args = argsOf(options);
  const { host, snapshot } = await openRead(context, target, options);
  const draft = await host.machine.draft();
  const plan = planActivation(draft, args, kindOf);
  const unknown = pendingOn(draft, kindOf).filter(({ state }) => state === "unknown");
  sayActivation(output, plan, unknown);
  const document = (done: readonly string[]) => ({ host: hostData(host, snapshot), ...dataOf(plan), unknown, done });
  if (plan.steps.length === 0) {
    output.document(document([]));
    return EXIT.done;
  }
  if (plan.obstacles.length > 0)
    throw new AcrnError("power.obstacle", plan.obstacles.join("\n"), { hint: "Nothing was interrupted." });
  await consent(`Do this on ${host.label}?`, options.yes ?? false, output, io);
  const done = await carriedOut(context, host, { args, agreed: plan.lines, expected: machineKey(snapshot.identity) });
  for (const line of done) output.say(line, output.colours.green);
  output.document(document(done));
  return EXIT.done;
}

interface Agreed {
  args: ActivationArgs;
  agreed: readonly string[];
  expected: string | undefined;
}

/** What may have been said before anybody was asked to do anything (converge/activate/launch.ts). */
const CHECKING = /: checking /;

/** Until then nothing was asked of anybody; from then on something may have been interrupted, and the error says where everything stands. */
async function carriedOut({ io, output }: Context, host: Host, { args, ...agreed }: Agreed): Promise<string[]> {
  let begun = false;
  const deaf = io.onInterrupt(() => {
    output.note(begun ? INTERRUPTED : "interrupted: nothing was done");
    io.exit(begun ? EXIT.uncertain : EXIT.failed);
  });
  const progress = (what: string) => {
    begun ||= !CHECKING.test(what);
    output.progress(`${host.label}: ${what}`);
  };
  // without a program at hand: by the claims alone
  const follow = (image: string) => settle(host.machine, image, [], sayTo(host, output));
  try {
    return await runActivation(host.machine, args, { ...agreed, kinds: kindOf, progress, settle: follow });
  } catch (error) {
    throw new Failed(begun ? EXIT.uncertain : EXIT.failed, error, null);
  } finally {
    deaf();
  }
}

/** A guest that agreed goes on powering off, and a machine that was told to reboot goes on rebooting. */
const INTERRUPTED =
  "interrupted: what was begun goes on by itself. `pulumi-acrn inspect` says what runs; the same command again does what is left to do.";

/** @param unknown nobody can tell whether it runs, so nothing is done for it */
function sayActivation(output: Output, plan: Activation, unknown: readonly Pending[]): void {
  if (plan.pending.length + unknown.length === 0)
    output.say("Nothing waits: whatever is claimed on this machine runs.", output.colours.green);
  sayPending(output, [...plan.pending, ...unknown]);
  for (const [at, line] of plan.lines.entries()) output.say(`${at + 1}. ${line}`);
  const allow = (names: readonly string[]) =>
    `${names.map((name) => `--allow ${name}`).join(" ")} does what can be done from here`;
  for (const line of leftToRun(plan, allow)) output.warn(line);
}

function dataOf({ pending, lines, obstacles, forbidden, byHand }: Activation) {
  return { pending, steps: lines, obstacles, forbidden, byHand };
}

function argsOf({ allow = [], guest = [], powerOffLimit, launchLimit, rebootLimit }: ActivateOptions): ActivationArgs {
  const limits = { powerOff: powerOffLimit, launch: launchLimit, reboot: rebootLimit };
  const given = Object.entries(limits).flatMap(([name, text]) => (text === undefined ? [] : [[name, Number(text)]]));
  const parsed = activationSchema.safeParse({
    allow,
    guests: Object.fromEntries(guest.map(guestOf)),
    limits: { ...Object.fromEntries(given) },
  });
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw new AcrnError("options", `${issue?.path.join(".")}: ${issue?.message}`, {
    hint: "See pulumi-acrn help activate.",
  });
}

function guestOf(text: string): [string, unknown] {
  const [, vm, how, rest] = /^([^=]+)=(ssh|command):(.+)$/s.exec(text) ?? [];
  if (vm !== undefined && how !== undefined) return [vm, { [how]: rest }];
  const [, named] = /^([^=]+)=lifeMngr$/.exec(text) ?? [];
  if (named !== undefined) return [named, { lifeMngr: true }];
  throw new AcrnError("options", `--guest ${JSON.stringify(text)} does not say how a VM is shut down`, {
    hint: "POST_RT_VM1=ssh:root@192.168.1.10, POST_RT_VM1=lifeMngr, or POST_RT_VM1=command:'ssh rt poweroff'.",
  });
}
