import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { meantBy } from "../../provider/converge/image/meant";
import { readBoard } from "../../provider/core/acrn/board";
import { configDifferences, readBuiltConfigs } from "../../provider/core/acrn/image/configs";
import { buildScript } from "../../provider/core/acrn/image/recipes/script";
import { inputNames } from "../../provider/core/acrn/image/recipes/types";
import { checkBuild } from "../../provider/host/image/build-check";
import { build } from "../../provider/host/image/build-session";
import { localTarget } from "../../provider/host/image/local";
import { DATA, type Real, reals } from "../resources/reals";
import { optional } from "../support/needs";
import { Acrn } from "./support/acrn";
import { withClasses } from "./support/with-classes";

const NAMES = { board: "board-of-host", scenario: "scenario-source" };

/** The recipe `make` with ACRN's own sources and this machine's compiler: half a minute an image. */
describe("a real hypervisor by the recipe `make`", function () {
  this.timeout(900_000);
  let acrn: Acrn;
  before(async function () {
    optional(this, existsSync(DATA), "no ../shared/acrn-data");
    const found = await Acrn.find();
    if (typeof found === "string") throw new Error(found);
    acrn = found;
  });

  const rows: [folder: string, what: string, scenario: (real: Real) => string | undefined][] = [
    ["nuc11tnbi5", "as it is", (real) => real.scenario],
    ["tgl-vecow-spc-7100-Corei7", "as it is", (real) => real.scenario],
    ["nuc11tnbi5", "with cache classes", withClasses],
  ];
  for (const [folder, what, scenarioOf] of rows)
    it(`${folder}, shared, ${what}: built, and what it generated is what our model says`, async () => {
      const real = [...reals("v3.4-dev")].find((each) => each.folder === folder && each.file === "shared.xml");
      const scenario = real && scenarioOf(real);
      assert.ok(scenario);
      const recipe = { how: "make", source: acrn.source } as const;
      const target = localTarget(acrn.environment());
      const check = await checkBuild(target, recipe);
      assert.deepEqual([check.missing, check.refused], [[], []]);
      assert.ok(check.source);
      const names = inputNames(NAMES);
      const inputs = new Map([
        [names.board, Buffer.from(real.board)],
        [names.scenario, Buffer.from(scenario)],
      ]);
      const log: string[] = [];
      const script = buildScript(recipe, NAMES);
      const files = await build(target, { script, inputs }, { line: (text) => log.push(text) });
      assert.ok((files.get("acrn.bin")?.length ?? 0) > 100_000, log.slice(-5).join("\n"));
      const text = (name: string) => Buffer.from(files.get(`configs/${name}`) ?? "").toString("utf8");
      const built = readBuiltConfigs({ allocation: text("allocation.xml"), misc: text("misc_cfg.h") });
      const meant = meantBy({ text: scenario, file: real.file }, readBoard(real.board, "board.xml"));
      assert.ok(built.affinity.size > 1);
      if (scenario !== real.scenario) assert.ok([...built.clos.values()].some((ids) => ids.some((id) => id > 0)));
      assert.deepEqual(configDifferences(built, meant), []);
    });
});
