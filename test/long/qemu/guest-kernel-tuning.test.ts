import { needs } from "../../support/needs";
import { biosStory } from "./support/bios-story";
import { guestImage, type Image } from "./support/image";
import { Machine } from "./support/machine";
import { rtvmStory } from "./support/rtvm-story";
import { Story } from "./support/story";

/** GuestKernelTuning and its Activation on real kernels, through the provider: issue of record is the real-time VM, where nothing may reset. */
describe("GuestKernelTuning on virtual machines", function () {
  this.timeout(3_600_000); // no judgement: other tests may have both processors
  const machines: Machine[] = [];
  const make = async (firmware: "bios" | "rtvm"): Promise<Machine> => {
    const machine = await Machine.make(image, firmware);
    machines.push(machine);
    return machine;
  };
  let image: Image;
  const stories = [
    new Story(
      "rtvm",
      rtvmStory(() => make("rtvm")),
    ),
    new Story(
      "bios",
      biosStory(() => make("bios")),
    ),
  ];

  before(async function () {
    const found = await guestImage(); // the first time it is built
    needs(this, typeof found !== "string", String(found));
    image = found as Image;
    for (const story of stories) void story.run();
  });
  after(async () => {
    for (const machine of machines) await machine.remove();
    for (const { name, times } of stories) if (times.length > 0) console.log(`        ${name}: ${times.join(", ")}`);
  });

  for (const story of stories) story.tests();
});
