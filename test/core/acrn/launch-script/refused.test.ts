// biome-ignore-all lint/suspicious/noTemplateCurlyInString: these are shell scripts
import assert from "node:assert/strict";
import { launchArguments, launchSurface } from "../../../../provider/core/acrn/launch-script";
import { AcrnError } from "../../../../provider/core/errors";
import { computed, unclear } from "./refused-rows";
import { PARAMS, script3x } from "./support";

/** Each has line and reason, and nothing is written. */
describe("launch surface: what it refuses", () => {
  for (const { name, script, key, why } of [...computed, ...unclear])
    it(name, () => {
      const field = `arg[${key}]`;
      const reading = launchSurface.read(script, "/l.sh", field);
      assert.equal(reading.kind, "no-place");
      assert.match(reading.kind === "no-place" ? reading.why : "", why);
      for (const value of ["2G", null])
        assert.throws(
          () => launchSurface.write(script, "/l.sh", field, value),
          (error) => error instanceof AcrnError && /^launch\.(computed|value)$/.test(error.code),
        );
      assert.equal(launchSurface.restore(script, "/l.sh", field, undefined), script);
      launchArguments(script, "/l.sh");
    });

  it("a value that acrn-dm would not take there", () => {
    const refused = (key: string, value: never | unknown, code: string) =>
      assert.throws(
        () => launchSurface.write("acrn-dm -m 1G RT1\n", "/l.sh", key, value as string),
        (error) => error instanceof AcrnError && error.code === code,
      );
    refused("arg[-m]", true, "launch.value");
    refused("arg[--rtvm]", "y", "launch.value");
    refused("arg[-s 3]", true, "launch.value");
    refused("arg[-m]", 5, "launch.value");
    refused("arg[-m]", "a\0b", "shell.word");
    refused("arg[-s]", "3,a", "field.unknown");
    refused("arg[-s x]", "a", "field.unknown");
    refused("arg[m]", "a", "field.unknown");
  });

  it("what would no longer be done: CPUs taken offline, a device unbound", () => {
    const refused = (key: string, value: string) =>
      assert.throws(
        () => launchSurface.write(script3x(...PARAMS), "/l.sh", key, value),
        (error) => error instanceof AcrnError && error.code === "launch.edit",
      );
    refused("arg[--cpu_affinity]", "1-3");
    refused("arg[-s 6]", "passthru,02/00/0,a b");
    refused("arg[-s 5]", "virtio-net,tap=a b");
  });

  it("an argument that a variable holds with others cannot be taken out", () => {
    const script = 'o="-m 1G --rtvm"\nacrn-dm $o RT1\n';
    assert.throws(() => launchSurface.write(script, "/l.sh", "arg[--rtvm]", null), /cannot be taken out/);
  });
});
