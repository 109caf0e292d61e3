import assert from "node:assert/strict";
import { renderText } from "../../provider/core/plan/render-text";
import { built, on } from "./support/image-cell";

const SCRIPT = "/etc/grub.d/26_pulumi_acrn";

describe("HypervisorImage: what a preview shows of files that are always the same", function () {
  this.timeout(120_000);

  it(
    "a line for each that comes; what somebody changed in one, line by line; a line for each that goes",
    on(async (host) => {
      const { cell } = host;
      const first = renderText((await host.preview(built())).planned.plan);
      const script = new RegExp(
        `^\\+\\+\\+ ${SCRIPT}: our script for update-grub.* \\(\\d+ lines #[0-9a-f]{16}\\)$`,
        "m",
      );
      assert.match(first, script);
      assert.match(first, /^\+\+\+ \/etc\/default\/grub\.d\/zz-pulumi-acrn\.cfg: our setting/m);
      assert.ok(first.split("\n").length < 20, first);
      await host.image();
      cell.write(SCRIPT.slice(1), cell.read(SCRIPT.slice(1)).replace("exit 0\n", "exit 1\n"));
      const drifted = (await host.preview(built())).planned.plan;
      assert.match(renderText(drifted), /^-.*exit 1$/m);
      assert.match(renderText(drifted), /^\+.*exit 0$/m);
      assert.ok(drifted.files.every(({ about }) => about === undefined));
      const spoilt = host.withdrawal(await host.machine().draft());
      assert.doesNotMatch(renderText(spoilt), /our script/, "somebody's own text is not ours");
      await host.image();
      const gone = host.withdrawal(await host.machine().draft());
      assert.match(renderText(gone), new RegExp(`^--- ${SCRIPT}: our script for update-grub`, "m"));
    }),
  );
});
