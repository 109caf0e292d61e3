import assert from "node:assert/strict";
import { scenarioSurface } from "../../../../provider/core/acrn/scenario-surface";
import { FILE, raw, vm2, vm3 } from "./field-rows";

const { read, write, restore } = scenarioSurface;

describe("VM fields: where they have no place", () => {
  const none: [string, string, string, RegExp][] = [
    ["memory in 2.x", vm2(), "vm[A]/memory", /2\.x.*launch script/],
    ["devices in 2.x", vm2(), "vm[A]/pci_devs", /2\.x/],
    ["virtio in 2.x", vm2(), "vm[A]/virtio_devices", /2\.x/],
    ["vbootloader in 2.x", vm2(), "vm[A]/vbootloader", /2\.x/],
    ["vuart0 in 2.x", vm2(), "vm[A]/vuart0", /2\.x/],
    ["clos in 3.x", vm3(), "vm[A]/clos", /CACHE_REGION/],
    ["memory of the Service VM", vm3(), "vm[S]/memory", /Service VM/],
    ["type of the Service VM", vm3(), "vm[S]/vm_type", /Service VM/],
    ["virtio of the Service VM", vm3(), "vm[S]/virtio_devices", /post-launched/],
    ["a VM that is not there", vm3(), "vm[B]/PTM", /no VM B/],
  ];
  for (const [name, text, key, why] of none)
    it(name, () => {
      const reading = read(text, FILE, key);
      assert.ok(reading.kind === "no-place" && why.test(reading.why), JSON.stringify(reading));
      assert.throws(() => write(text, FILE, key, true), { code: "scenario.no-place" });
      assert.equal(restore(text, FILE, key, "<x/>"), text);
    });
});

describe("VM fields: taken out, and others' edits meanwhile", () => {
  it("null takes the element out with its line", () => {
    assert.equal(write(vm3("<PTM>n</PTM>"), FILE, "vm[A]/PTM", null), vm3());
    assert.equal(write(vm3(), FILE, "vm[A]/PTM", null), vm3());
  });

  for (const [field, text] of [
    ["vm_type", vm3("<vm_type>RTVM</vm_type>")],
    ["lapic_passthrough", vm2("<guest_flags><guest_flag>0</guest_flag></guest_flags>")],
    ["clos", vm2()],
  ] as const)
    it(`null is refused for ${field}`, () =>
      assert.throws(() => write(text, FILE, `vm[A]/${field}`, null), { code: "scenario.required" }));

  it("an element that somebody took out comes back", () =>
    assert.equal(restore(vm3("<memory/>"), FILE, "vm[A]/PTM", "<PTM >n</PTM>"), vm3("<memory/>", "<PTM >n</PTM>")));

  it("a region that somebody added to the memory stays", () => {
    const before = vm3("<memory>", "  <size>512</size>", "</memory>");
    const theirs = write(before, FILE, "vm[A]/memory", 1024).replace("</size>", "</size>\n      <hpa_region/>");
    assert.equal(restore(theirs, FILE, "vm[A]/memory", raw(before, "vm[A]/memory")), theirs.replace("1024", "512"));
  });

  it("a flag that somebody added stays", () => {
    const before = vm2("<guest_flags>", "    <guest_flag>0</guest_flag>", "</guest_flags>");
    const key = "vm[A]/lapic_passthrough";
    const theirs = write(before, FILE, key, true).replace(
      "</guest_flags>",
      "    <guest_flag>GUEST_FLAG_RT</guest_flag>\n      </guest_flags>",
    );
    const back = restore(theirs, FILE, key, raw(before, key));
    assert.deepEqual(back.match(/<guest_flag>.*?</g), ["<guest_flag>GUEST_FLAG_RT<"]);
  });

  it("a flag that went and came again is given back where it was", () => {
    const flag = (name: string) => `    <guest_flag>${name}</guest_flag>`;
    const before = vm2("<guest_flags>", flag("GUEST_FLAG_LAPIC_PASSTHROUGH"), flag("GUEST_FLAG_RT"), "</guest_flags>");
    const key = "vm[A]/lapic_passthrough";
    const twice = write(write(before, FILE, key, false), FILE, key, true);
    assert.notEqual(twice, before);
    assert.equal(restore(twice, FILE, key, raw(before, key)), before);
  });

  it("memory that went back to the default by value is given back without a size", () => {
    const before = vm3("<memory/>");
    const twice = write(write(before, FILE, "vm[A]/memory", 2048), FILE, "vm[A]/memory", 1024);
    assert.equal(restore(twice, FILE, "vm[A]/memory", raw(before, "vm[A]/memory")), before);
  });

  it("a value beside a comment is not set over it", () =>
    assert.throws(() => write(vm3("<PTM>n<!-- x --></PTM>"), FILE, "vm[A]/PTM", true), { code: "xml.edit" }));
});
