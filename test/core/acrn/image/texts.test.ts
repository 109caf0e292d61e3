import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import fc from "fast-check";
import { entryOf, printEntry } from "../../../../provider/core/acrn/image/entry";
import { generationsOf } from "../../../../provider/core/acrn/image/generations";
import { identityText, imageId } from "../../../../provider/core/acrn/image/identity";
import { type ImageManifest, printManifest, readManifest } from "../../../../provider/core/acrn/image/manifest";
import { bootedImage } from "../../../../provider/core/acrn/image/marker";
import { menuEntryId } from "../../../../provider/core/acrn/image/paths";
import { readPromoted } from "../../../../provider/core/acrn/image/promoted";
import { printWanted, readWanted } from "../../../../provider/core/acrn/image/wanted";
import type { AcrnError } from "../../../../provider/core/errors";

const sha256 = (text: string) => createHash("sha256").update(text).digest("hex");
const hex = (length: number) =>
  fc
    .array(fc.constantFrom(..."0123456789abcdef"), { minLength: length, maxLength: length })
    .map((list) => list.join(""));
const [A, B, C, D] = ["a", "b", "c", "d"].map((each) => each.repeat(16)) as [string, string, string, string];

describe("the identity of an image", () => {
  const inputs = fc.record({
    scenario: hex(64),
    board: hex(64),
    recipe: fc.string(),
    source: fc.string({ minLength: 1 }),
  });

  it("is the same for the same inputs, and no two inputs share a text", () => {
    fc.assert(
      fc.property(inputs, inputs, (a, b) => {
        assert.equal(identityText(a), identityText({ ...a }));
        const same = a.scenario === b.scenario && a.board === b.board && a.recipe === b.recipe && a.source === b.source;
        assert.equal(identityText(a) === identityText(b), same);
        assert.match(imageId(a, sha256), /^[0-9a-f]{16}$/);
      }),
    );
  });

  it("changes with each input, line breaks in them included", () => {
    const a = { scenario: "0".repeat(64), board: "1".repeat(64), recipe: "make", source: "git v3.3" };
    const others = [
      { ...a, scenario: "2".repeat(64) },
      { ...a, board: a.scenario, scenario: a.board },
      { ...a, recipe: "make release" },
      { ...a, recipe: 'make"\nsource "x' },
      { ...a, source: "git v3.2" },
    ];
    assert.equal(new Set([a, ...others].map((each) => imageId(each, sha256))).size, 6);
    assert.throws(() => imageId({ ...a, source: "" }, sha256), { code: "image.source" });
  });
});

const MANIFEST: ImageManifest = {
  format: 1,
  id: A,
  files: Object.fromEntries(
    ["acrn.bin", "board.xml", "entry", "scenario.xml", "ACPI_VM0.bin", "configs/misc_cfg.h"].map((name) => [
      name,
      { sha256: "0".repeat(64), size: 5 },
    ]),
  ),
  recipe: "make",
  source: "git v3.3",
  seconds: 61.5,
};

describe("the record of an image", () => {
  it("reads back what it prints, whatever the order of its files", () => {
    const turned = { ...MANIFEST, files: Object.fromEntries(Object.entries(MANIFEST.files).reverse()) };
    assert.equal(printManifest(turned), printManifest(MANIFEST));
    assert.deepEqual(readManifest(printManifest(MANIFEST), "image.json"), MANIFEST);
    const wanted = fc.record({ id: hex(16), keep: fc.integer({ min: 2, max: 32 }) });
    fc.assert(fc.property(wanted, (each) => assert.deepEqual(readWanted(printWanted(each)), { ...each })));
  });

  const text = printManifest(MANIFEST);
  const hostile: readonly (readonly [string, string, string, number?])[] = [
    ["no JSON", "{", "image.manifest", 1],
    ["a half", text.slice(0, 200), "image.manifest"],
    ["another id", text.replace(A, "../../etc/passwd"), "image.manifest", 3],
    ["a file elsewhere", text.replace('"entry"', '"../entry"'), "image.manifest"],
    ["a file too large", text.replace('"size": 5', '"size": 99999999999'), "image.manifest"],
    ["a field that is not ours", text.replace('"recipe"', '"more": 1, "recipe"'), "image.manifest"],
    ["__proto__", text.replace('"recipe"', '"__proto__": {}, "recipe"'), "image.manifest"],
    ["no acrn.bin", text.replace('"acrn.bin"', '"ACPI_VM1.bin"'), "image.manifest"],
    ["a later format", text.replace('"format": 1', '"format": 2'), "image.newer"],
    ["deep nesting", `${"[".repeat(200_000)}`, "image.manifest"],
    ["a megabyte", " ".repeat(2_000_000), "image.manifest"],
  ];
  for (const [what, broken, code, line] of hostile)
    it(`refuses ${what}, with its place`, () => {
      assert.throws(
        () => readManifest(broken, "image.json"),
        (error: AcrnError) => {
          assert.equal(error.code, code);
          assert.equal(error.where?.file, "image.json");
          if (line !== undefined) assert.equal(error.where?.line, line);
          return true;
        },
      );
    });

  for (const broken of [
    '{"id":"x","keep":3}',
    `{"id":"${A}","keep":1}`,
    `{"id":"${A}"}`,
    "null",
    `{"id":"${A}","keep":3,"x":1}`,
  ])
    it(`refuses ${broken} as what is wanted`, () => {
      assert.throws(() => readWanted(broken), { code: "image.wanted" });
    });
});

describe("the booted image", () => {
  for (const [cmdline, id] of [
    [`root=/dev/sda2 pulumi_acrn_image=${A} ro\n`, A],
    [`pulumi_acrn_image=${A} quiet pulumi_acrn_image=${B}`, B],
    [`pulumi_acrn_image=${A} pulumi_acrn_image=`, undefined],
    [`xpulumi_acrn_image=${A}`, undefined],
    [`pulumi_acrn_image=${A}0`, undefined],
    ["quiet", undefined],
  ] as const)
    it(`of ${JSON.stringify(cmdline.trim())} is ${id ?? "none of ours"}`, () => assert.equal(bootedImage(cmdline), id));
});

describe("generations", () => {
  const at = (list: string) => [...list].map((each, index) => ({ id: each.repeat(16), at: index }));
  const none = { promoted: undefined, running: undefined, wanted: undefined, keep: 3 };

  it("read the switch from its first line, and nothing from a strange one", () => {
    assert.deepEqual(readPromoted(`${B}\n${A}\nrm -rf\n${B}\n${A}\n`), { id: B, before: [A] });
    for (const text of [undefined, "", "\n", `x${A}`, ` ${A}`]) assert.equal(readPromoted(text), undefined);
  });

  for (const [what, input, keep, prune] of [
    ["fewer than stay", { ...none, installed: at("ab") }, [B, A], []],
    ["the oldest go", { ...none, installed: at("abcd") }, [D, C, B], [A]],
    [
      "the promoted and the one before stay, however old",
      { ...none, keep: 2, installed: at("abcd"), promoted: { id: A, before: [B] } },
      [A, B],
      [D, C].reverse(),
    ],
    [
      "what runs stays beyond the number",
      { ...none, keep: 2, installed: at("abcd"), promoted: { id: A, before: [B] }, running: C },
      [A, B, C],
      [D],
    ],
    [
      "what is wanted and what is tried stay",
      {
        ...none,
        keep: 2,
        installed: at("abcd"),
        promoted: { id: D, before: [] },
        wanted: A,
        next: menuEntryId(B, { kept: true }),
      },
      [D, B, A],
      [C],
    ],
    [
      "of what was only built, the latest stay, and what is wanted",
      {
        ...none,
        keep: 2,
        installed: at("a"),
        staged: [A, ...["e", "f", "7", "8"].map((x) => x.repeat(16)), D],
        wanted: D,
      },
      [A],
      ["8".repeat(16), "7".repeat(16)],
    ],
    [
      "a promoted one that is gone counts for nothing",
      { ...none, keep: 2, installed: at("abc"), promoted: { id: D, before: [A] } },
      [A, C],
      [B],
    ],
  ] as const)
    it(what, () => {
      const found = generationsOf(input as Parameters<typeof generationsOf>[0]);
      assert.deepEqual({ keep: found.keep, prune: found.prune }, { keep, prune });
    });

  it("never prune what must stay, and lose none", () => {
    const some = fc.option(fc.constantFrom(A, B, C, D), { nil: undefined });
    const input = fc.record({
      running: some,
      wanted: some,
      promoted: some,
      before: fc.subarray([A, B, C, D]),
      there: fc.subarray([A, B, C, D]),
      keep: fc.integer({ min: 2, max: 5 }),
    });
    fc.assert(
      fc.property(input, ({ there, promoted, before, ...rest }) => {
        const installed = there.map((id, index) => ({ id, at: index % 2 }));
        const found = generationsOf({ ...rest, installed, promoted: promoted ? { id: promoted, before } : undefined });
        assert.deepEqual([...found.keep, ...found.prune].sort(), [...there].sort());
        for (const id of [rest.running, rest.wanted, found.promoted, found.before])
          assert.ok(id === undefined || !found.prune.includes(id));
        assert.ok(found.prune.length === 0 || found.keep.length >= rest.keep);
      }),
    );
  });
});

const vm = (id: number, load: string, name: string, os = "") =>
  `<vm id="${id}"><name>${name}</name><load_order>${load}</load_order>${os && `<os_config>${os}</os_config>`}</vm>`;
const scenario = (features: string, ...vms: string[]) =>
  `<acrn-config><hv><FEATURES>${features}</FEATURES></hv>${vms.join("")}</acrn-config>`;
const SERVICE = vm(
  2,
  "SERVICE_VM",
  "ACRN_Service_VM",
  "<kern_mod>Linux_bzImage</kern_mod><ramdisk_mod> Ubuntu </ramdisk_mod>",
);

describe("what GRUB is told of an image's VMs", () => {
  it("is taken off the scenario", () => {
    const text = scenario(
      "<CPU_PERFORMANCE_POLICY>Nominal</CPU_PERFORMANCE_POLICY>",
      vm(0, "PRE_LAUNCHED_VM", "RT VM", "<kern_mod>RT_bzImage</kern_mod>"),
      SERVICE,
      vm(3, "POST_LAUNCHED_VM", "POST"),
    );
    assert.equal(
      printEntry(entryOf(text, "scenario.xml")),
      "pulumi-acrn entry 1\npolicy Nominal\nservice 2 Linux_bzImage Ubuntu\nvm 0 RT_bzImage - RT?VM\nend\n",
    );
  });

  it("has what the build puts where the scenario says nothing, and no policy in 2.x", () => {
    const text = scenario("", vm(0, "SERVICE_VM", "S"));
    assert.equal(
      printEntry(entryOf(text, "s")),
      "pulumi-acrn entry 1\npolicy Performance\nservice 0 Linux_bzImage -\nend\n",
    );
    const old =
      '<acrn-config><hv/><vm id="0"><vm_type>SOS_VM</vm_type><name>S</name><guest_flags><guest_flag>0</guest_flag></guest_flags><os_config><kern_mod>K</kern_mod></os_config></vm></acrn-config>';
    assert.deepEqual(entryOf(old, "s"), { service: { id: 0, kernel: "K" }, preLaunched: [] });
  });

  for (const [what, text, code] of [
    ["no Service VM", scenario("", vm(0, "PRE_LAUNCHED_VM", "A")), "image.no-service"],
    ["a tag with a blank", scenario("", vm(0, "SERVICE_VM", "S", "<kern_mod>a b</kern_mod>")), "image.tag"],
    [
      "a tag that a shell would run",
      scenario("", vm(0, "SERVICE_VM", "S", "<ramdisk_mod>$(reboot)</ramdisk_mod>")),
      "image.tag",
    ],
    [
      "a tag that the hypervisor would cut",
      scenario("", vm(0, "SERVICE_VM", "S", `<kern_mod>${"x".repeat(32)}</kern_mod>`)),
      "image.tag",
    ],
    [
      "a policy that is none",
      scenario("<CPU_PERFORMANCE_POLICY>Fast</CPU_PERFORMANCE_POLICY>", SERVICE),
      "image.policy",
    ],
  ] as const)
    it(`refuses ${what}`, () => {
      assert.throws(() => entryOf(text, "scenario.xml"), { code });
    });
});
