import { Command } from "commander";
import { version } from "../../provider/version";
import { activateCommand } from "./commands/activate";
import { applyCommand } from "./commands/apply";
import { claimsCommand } from "./commands/claims";
import { imagesCommand } from "./commands/images";
import { initCommand } from "./commands/init";
import { inspectCommand } from "./commands/inspect";
import { planCommand } from "./commands/plan";
import { releaseCommand } from "./commands/release";
import { scenarioCommand } from "./commands/scenario";
import type { Context, Reached } from "./context";

/** The whole command line. `reached` is told the exit status that the chosen command came to. */
export function buildProgram(context: Context, reached: Reached): Command {
  const program = new Command("pulumi-acrn")
    .description(
      "Real-time VMs on the ACRN hypervisor as declared state: what Pulumi does with this package, without Pulumi.",
    )
    .version(version)
    .helpCommand(true)
    .addHelpText("after", HELP);
  const commands = [
    planCommand,
    applyCommand,
    activateCommand,
    inspectCommand,
    imagesCommand,
    claimsCommand,
    releaseCommand,
    scenarioCommand,
    initCommand,
  ];
  for (const command of commands) program.addCommand(command(context, reached));
  for (const command of everyCommand(program)) inContext(command, context);
  return program;
}

function everyCommand(command: Command): Command[] {
  return [command, ...command.commands.flatMap(everyCommand)];
}

/** What commander says goes the way of all output, and it throws instead of ending the process. */
function inContext(command: Command, { io, output }: Context): void {
  command.showHelpAfterError("(pulumi-acrn help COMMAND says more)");
  command.exitOverride().configureOutput({
    writeOut: (text) => io.out(text),
    writeErr: (text) => output.note(text.replace(/\n$/, "")),
    getOutHasColors: () => output.colours.isColorSupported,
    getErrHasColors: () => output.noteColours.isColorSupported,
  });
}

const HELP = `
TARGET is ssh://[user@]host[:port], [user@]host[:port], an alias of ssh_config, or a folder with a machine's file tree
(a path with a slash, or .).

Exit status: 0 nothing to do, or done; 2 plan: there are changes; 1 an error, and nothing was changed; 3 an error, and
something may have been changed (the message says what).

  pulumi-acrn inspect cell-7
  pulumi-acrn inspect --profile acrn-tips+rt
  pulumi-acrn plan cell-7 cell-7.yaml
  pulumi-acrn apply cell-7 cell-7.yaml
  pulumi-acrn activate cell-7 --allow rtvm-power-cycle --guest POST_RT_VM1=ssh:root@192.168.1.10
  pulumi-acrn images cell-7
  pulumi-acrn release cell-7 --stack cell-7
`;
