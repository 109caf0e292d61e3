import assert from "node:assert/strict";
import { toldByScenario, toldVersions } from "../../../../provider/core/acrn/features/told-version";
import { between, known, showVersions, VERSIONS } from "../../../../provider/core/acrn/features/versions";
import { REAL, readReal } from "../scenario/support";
import { scenario } from "./support";

const FILE = "s.xml";
const told = (text: string) => showVersions(toldByScenario(text, FILE).versions);

describe("features: the versions that a scenario can be for", () => {
  const rows: [string, string, string][] = [
    ["2.x without more", scenario("2.x"), "2.0 to 2.7"],
    ["ENFORCE_TURNOFF_AC", scenario("2.x", "<ENFORCE_TURNOFF_AC/>"), "2.4 to 2.7"],
    ["ENFORCE_TURNOFF_GP", scenario("2.x", "<ENFORCE_TURNOFF_GP/>"), "2.6 to 2.7"],
    ["VCAT_ENABLED", scenario("2.x", "<RDT><VCAT_ENABLED/></RDT>"), "2.7"],
    ["3.x without more", scenario("3.x"), "3.0 and later"],
    ["MCE_ON_PSC_DISABLED", scenario("3.x", "<MCE_ON_PSC_DISABLED/>"), "3.0"],
    ["MCE_ON_PSC_ENABLED", scenario("3.x", "<MCE_ON_PSC_ENABLED/>"), "3.1 and later"],
    ["CPU_PERFORMANCE_POLICY", scenario("3.x", "<CPU_PERFORMANCE_POLICY/>"), "3.2 and later"],
    ["SERVICE_VM_SUPERVISOR_ENABLED", scenario("3.x", "<SERVICE_VM_SUPERVISOR_ENABLED/>"), "3.3 and later"],
    [
      "a VM's own_pcpu",
      scenario("3.x", "", '<vm id="1"><load_order>POST_LAUNCHED_VM</load_order><name>A</name><own_pcpu/></vm>'),
      "3.2 and later",
    ],
    [
      "two that no version has together",
      scenario("3.x", "<MCE_ON_PSC_DISABLED/><UC_LOCK_DETECTION_ENABLED/>"),
      "(none)",
    ],
  ];
  for (const [name, text, expected] of rows) it(name, () => assert.equal(told(text), expected));

  for (const name of Object.keys(REAL))
    it(`ACRN's own ${name}`, function () {
      const text = readReal(this, name);
      assert.ok(toldByScenario(text, FILE).versions.includes(name.startsWith("v2.5") ? "2.5" : "3.4"), told(text));
    });

  it("the evidence names the elements", () => {
    const { evidence } = toldByScenario(scenario("3.x", "<MCE_ON_PSC_ENABLED/>"), FILE);
    assert.deepEqual(evidence, ["hv/FEATURES/MCE_ON_PSC_ENABLED is of 3.1 and later"]);
    assert.deepEqual(toldByScenario(scenario("2.x"), FILE).evidence, ["it is a 2.x scenario"]);
  });
});

describe("features: image and declaration beside the scenario", () => {
  const late = toldByScenario(scenario("3.x", "<MCE_ON_PSC_ENABLED/>"), FILE);
  const rows: [string, string | undefined, string | undefined, string][] = [
    ["neither", undefined, undefined, "3.1 and later"],
    ["the installed image narrows", "3.2", undefined, "3.2"],
    ["an installed image of an older version is replaced by the next", "3.0", undefined, "3.1 and later"],
    ["a name that is no version", "custom", undefined, "3.1 and later"],
    ["a version that came after this package", "3.9", undefined, "3.4 and later"],
    ["declared beats both", "3.2", "3.0", "3.0"],
    ["declared, and of no release", "3.2", "2.9", "(none)"],
  ];
  for (const [name, installed, declared, expected] of rows)
    it(name, () => assert.equal(showVersions(toldVersions(late, installed, declared).versions), expected));

  it("releases", () => {
    assert.equal(known("3.3"), "3.3");
    assert.equal(known("4.0"), "3.4");
    assert.equal(known("2.8"), undefined);
    assert.equal(known("1.6"), undefined);
    assert.deepEqual(between("2.7", "3.1"), ["2.7", "3.0", "3.1"]);
    assert.equal(showVersions([...VERSIONS]), "every version");
    assert.equal(showVersions(["3.0", "3.1"]), "3.0 to 3.1");
  });
});
