import assert from "node:assert/strict";
import { settle } from "../../provider/converge/image/settle";
import { IMAGES } from "../../provider/core/acrn/image/paths";
import { RT, SCRIPT } from "../lab/support/cell";
import { built, type ImageCell, OWNED, on } from "./support/image-cell";

/** Images of one scenario, told apart by their recipes. */
const numbered = (n: number, more: Record<string, unknown> = {}) => ({ ...built(`# ${n}`), ...more });
const HAND = "root/acrn-work/launch_user_vm_id1.sh";

/** As `pulumi-acrn activate` does it, and the Activation of another stack than the RtVm's: no program at hand says what its script is to be. */
async function activateAlone(host: ImageCell): Promise<void> {
  await host.activate(undefined, { settle: (id) => settle(host.machine(), id, [], host.say) });
}

async function powerCycle({ cell }: ImageCell): Promise<void> {
  cell.machine.powerCut();
  cell.machine.powerButton();
  await cell.machine.settled();
  await cell.happened(/^launch POST_RT_VM1$/, cell.events.lastIndexOf("power-cut"));
}

describe("HypervisorImage: back to a generation without the RtVm's program", function () {
  this.timeout(180_000);
  const SCRIPTS: [how: string, script: Record<string, string>][] = [
    ["that is ours", OWNED],
    ["that is edited", { edited: `/${HAND}` }],
  ];
  for (const [how, script] of SCRIPTS)
    it(
      `a launch script ${how}: what was kept beside the new default stays until the canonical one fits it, over the next install too`,
      on(async (host) => {
        const { cell } = host;
        cell.write(HAND, cell.read(SCRIPT[RT].slice(1)));
        await cell.launch(RT);
        const pcpus = () => cell.machine.vms().map((vm) => vm.pcpus);
        const declared = { script, autostart: true };
        await host.rtVm([3], declared);
        const first = await host.image(numbered(1));
        await host.activate();
        await host.rtVm([2], declared);
        await host.image(numbered(2));
        await host.activate();
        assert.equal(await host.image(numbered(2, { generation: first })), first);
        await activateAlone(host);
        assert.deepEqual(pcpus(), [[3]]);
        const copy = `${IMAGES}/${first}/${RT}.sh`.slice(1);
        assert.ok(cell.has(copy), "nothing else starts it on the default");
        await powerCycle(host);
        assert.equal(cell.machine.state().booted?.image, first);
        assert.deepEqual(pcpus(), [[3]]);
        // another one is installed, and its trial is in vain
        await host.image(numbered(3));
        const beside = (await host.plan()).steps.flatMap((step) => ("image" in step ? (step.image?.beside ?? []) : []));
        assert.ok(beside.find(({ image }) => image === first)?.scripts.has(`${RT}.sh`));
        await host.image(numbered(2, { generation: first }));
        await host.rtVm([2], declared);
        await powerCycle(host);
        assert.deepEqual(pcpus(), [[3]]);
      }),
    );
});
