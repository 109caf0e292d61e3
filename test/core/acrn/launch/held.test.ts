import assert from "node:assert/strict";
import { LAUNCH_EXIT, ownedScript, wrappedScript } from "../../../../provider/core/acrn/launch";
import { Machine } from "./machine";
import { rtvm } from "./vm";

describe("launches of ours, when they may not or need not", function () {
  this.timeout(60_000);
  let machine: Machine;

  beforeEach(() => {
    machine = new Machine();
  });

  afterEach(() => {
    machine.close();
  });

  /** An RTVM that is launched between the last look and a reboot would take the machine off the net (reference 7b). */
  const held: [what: string, script: () => string][] = [
    ["an owned script", () => ownedScript(rtvm())],
    ["a wrapper", () => wrappedScript({ name: "RT1", realtime: true }, "/home/rt.sh")],
  ];
  for (const [what, script] of held)
    it(`while an Activation holds launches, ${what} starts nothing, and says what to do if no reboot comes`, () => {
      machine.write("/home/rt.sh", "acrn-dm -m 1G RT1\n");
      machine.write("/run/pulumi-acrn/hold", "");
      const { status, stderr } = machine.run(script());
      assert.equal(status, LAUNCH_EXIT.held);
      assert.match(stderr, /launches are held: .*\n.*remove \/run\/pulumi-acrn\/hold/);
      assert.equal(machine.args, undefined, "acrn-dm was started");
      assert.deepEqual(machine.offline, [], "a CPU has left the Service VM");
      machine.remove("/run/pulumi-acrn/hold");
      assert.equal(machine.run(script()).status, 0);
    });

  /** What an Activation asks before a guest goes off: to start anything then would be a second instance. */
  for (const [what, script] of held)
    it(`--check of ${what} looks, and starts nothing`, () => {
      machine.write("/home/rt.sh", "acrn-dm -m 1G RT1\n");
      assert.deepEqual(machine.run(script(), "--check"), { status: 0, stdout: "", stderr: "" });
      assert.deepEqual([machine.args, machine.offline, machine.record("RT1")], [undefined, [], undefined]);
      machine.remove("/dev/acrn_hsm");
      assert.equal(machine.run(script(), "--check").status, LAUNCH_EXIT.noHypervisor);
    });

  it("iasl is not looked for where the program names another one", () => {
    machine.remove("/bin/iasl");
    assert.equal(machine.run(ownedScript(rtvm())).status, LAUNCH_EXIT.noIasl);
    assert.equal(machine.run(ownedScript(rtvm({ dmArgs: ["--iasl=/opt/iasl"] }))).status, 0);
    assert.ok(machine.args?.includes("--iasl=/opt/iasl"));
  });
});
