import type { Command } from "commander";
import { AcrnError } from "../../../provider/core/errors";
import type { Snapshot } from "../../../provider/core/snapshot";
import { ImageSession } from "../../../provider/host/image/session";
import type { ImageState } from "../../../provider/host/image/state";
import { type Context, hostCommand, openRead, type Reached } from "../context";
import { EXIT, type Status } from "../exit";
import type { Host, HostOptions } from "../host";
import { type Images, imageCells, imagesOf } from "../inspect/images";
import type { Output } from "../output";
import { hostData } from "../show/data";
import { table } from "../show/table";

export function imagesCommand(context: Context, reached: Reached): Command {
  return hostCommand(
    "images",
    "lists the hypervisor images of ours: what was built, what is in /boot, what runs, and what boots by default",
  ).action(async (target: string, options: HostOptions) => reached(await images(context, target, options)));
}

async function images(context: Context, target: string, options: HostOptions): Promise<Status> {
  const { output } = context;
  const { host, snapshot } = await openRead(context, target, options);
  const found = imagesOf(await stateOf(host, snapshot), snapshot);
  sayImages(output, host.label, found);
  output.document({ host: hostData(host, snapshot), ...found });
  return EXIT.done;
}

async function stateOf({ machine, label }: Host, { kind }: Snapshot): Promise<ImageState> {
  if (kind === "folder")
    throw new AcrnError("options", `${label} does not boot: a folder has no images that run or are tried`, {
      hint: "Name the machine itself: ssh://[user@]host[:port], or an alias of ssh_config.",
    });
  const session = await ImageSession.open(machine.target());
  try {
    return await session.state();
  } finally {
    await session.close();
  }
}

const HEAD = ["image", "built", "in /boot since", "kept kernel", ""];

function sayImages(output: Output, label: string, { images, next, free }: Images): void {
  const { colours } = output;
  if (images.length === 0) output.say(`${label} has no hypervisor image of ours.`);
  else {
    const [head = "", ...rows] = table([HEAD, ...images.map(imageCells)]);
    output.say(head, colours.dim);
    for (const [at, row] of rows.entries()) output.say(row, images[at]?.running ? colours.green : undefined);
    if (!images.some(({ promoted }) => promoted)) output.say("None of them is the default.");
  }
  if (next !== null) output.say(`The next boot, and only that, takes ${next}.`, colours.yellow);
  if (free !== null) output.say(`/boot has ${(free / 2 ** 20).toFixed(1)} MiB (${free} bytes) left.`);
}
