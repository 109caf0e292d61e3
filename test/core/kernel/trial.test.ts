import assert from "node:assert/strict";
import fc from "fast-check";
import { readGrubCfg, topEntry } from "../../../provider/core/acrn/image/grub-cfg";
import { getParam, setParam } from "../../../provider/core/kernel/cmdline";
import { defaultEntry, kernelEntry } from "../../../provider/core/kernel/grub/entry";
import {
  customCfgPath,
  type TrialMachine,
  type TrialSource,
  trialEntry,
  trialId,
  trialLine,
  trialMeans,
  trialOf,
  withoutTrial,
  withTrial,
} from "../../../provider/core/kernel/trial";
import { grubCfg } from "./machines";

const FILE = "/boot/grub/grub.cfg";

function source(text: string): TrialSource {
  const booted = defaultEntry(text, FILE);
  assert.ok(booted.known);
  return { text, boots: booted.boots };
}

/** The trial's entry as GRUB reads it, behind the menu. */
function read(text: string, entry: string, id: string): ReturnType<typeof kernelEntry> {
  const menu = text + entry;
  const found = topEntry(readGrubCfg(menu), trialId(id));
  assert.ok(found);
  return kernelEntry(menu, FILE, found);
}

describe("trial: the entry", () => {
  it("boots what boots by default, with the new line", () => {
    const from = source(grubCfg("quiet splash $vt_handoff"));
    const line = setParam(from.boots.line, "isolcpus", "nohz,domain,2-3");
    const entry = trialEntry(from, "1a", line);
    assert.equal(
      entry,
      `menuentry 'pulumi-acrn: new kernel arguments, once (1a)' --id 'pulumi-acrn-trial-1a' {
	load_video
	insmod gzio
	if [ x$grub_platform = xxen ]; then insmod xzio; insmod lzopio; fi
	insmod part_gpt
	search --no-floppy --fs-uuid --set=root 11-22
	echo	'Loading Linux 6.1.0-18-rt-amd64 ...'
	linux /boot/vmlinuz-6.1.0-18-rt-amd64 root=UUID=11-22 ro quiet splash $vt_handoff isolcpus=nohz,domain,2-3
	echo	'Loading initial ramdisk ...'
	initrd	/boot/initrd.img-6.1.0-18-rt-amd64
}
`,
    );
    assert.equal(read(from.text, entry, "1a")?.line, line);
  });

  const menuOf = (kernel: string) =>
    grubCfg("quiet", {
      before: `### BEGIN /etc/grub.d/09_x ###\nmenuentry 'x' {\n\trecordfail\n\tsavedefault\n\t${kernel}\n}\n### END ###`,
    });
  const ROWS: [what: string, kernel: string, has: RegExp][] = [
    [
      "the hypervisor's line of a Service VM",
      "multiboot2\t/boot/acrn.bin root=UUID=1 ro",
      /\tmultiboot2 \/boot\/acrn\.bin root=UUID=1 ro a=1\n/,
    ],
    ["a comment behind the line", "linux /vmlinuz ro # kept by hand", /\tlinux \/vmlinuz ro a=1 # kept by hand\n/],
    ["quotes in the line", `linux /vmlinuz 'b=$x' "c d=e"`, /\tlinux \/vmlinuz 'b=\$x' "c d=e" a=1\n/],
    ["a path in quotes", `linux "/my vmlinuz" ro`, /\tlinux "\/my vmlinuz" ro a=1\n/],
    ["no words at all", "linux16 /vmlinuz", /\tlinux16 \/vmlinuz a=1\n/],
    ["words for init", "linux /vmlinuz ro -- single", /\tlinux \/vmlinuz ro a=1 -- single\n/],
  ];
  for (const [what, kernel, has] of ROWS)
    it(`keeps ${what}, and neither saves itself nor leaves a mark`, () => {
      const from = source(menuOf(kernel));
      const entry = trialEntry(from, "x", setParam(from.boots.line, "a", "1"));
      assert.match(entry, has);
      assert.doesNotMatch(entry, /savedefault|recordfail/);
    });

  it("quotes what GRUB would take apart", () => {
    const from = source(grubCfg("quiet"));
    for (const value of ["4G$0x100", "a;b", "it's", "{x}", "a\\b"]) {
      const line = setParam(from.boots.line, "memmap", value);
      assert.equal(read(from.text, trialEntry(from, "x", line), "x")?.line, line, value);
    }
  });

  it("reads back as the line that was meant, whatever the value", () => {
    const from = source(grubCfg("quiet"));
    fc.assert(
      fc.property(fc.stringMatching(/^[!#-~]{0,12}$/), (value) => {
        const line = setParam(from.boots.line, "memmap", value);
        assert.equal(read(from.text, trialEntry(from, "x", line), "x")?.line, line);
      }),
    );
  });

  it("refuses a line that GRUB would change, one that the kernel would cut, and an id that is no word", () => {
    const from = source(grubCfg("quiet"));
    assert.throws(() => trialEntry(from, "x", `${from.boots.line} a="b c"d`), { code: "trial.entry" });
    assert.throws(() => trialEntry(from, "x", "a".repeat(2048)), { code: "cmdline.long" });
    for (const id of ["", "A", "a'b", "a b", "a".repeat(41)]) assert.throws(() => trialId(id), { code: "trial.id" });
  });
});

describe("trial: custom.cfg", () => {
  it("beside grub.cfg", () => assert.equal(customCfgPath(FILE), "/boot/grub/custom.cfg"));

  const TEXTS: (string | undefined)[] = [
    undefined,
    "menuentry x { linux /x }\n",
    "# no line end",
    "a\n\n",
    "\n",
    "a\r\n",
  ];
  for (const text of TEXTS)
    it(`comes and goes without a trace: ${JSON.stringify(text)}`, () => {
      const first = withTrial(text, "menuentry 'a' {\n}\n");
      const second = withTrial(first, "menuentry 'b' {\n}\n");
      assert.ok(trialOf(first ?? "") !== undefined && trialOf(text ?? "") === undefined);
      assert.ok(second.includes("'b'") && !second.includes("'a'"));
      assert.ok(text === undefined || second.startsWith(text));
      for (const each of [first, second, text]) assert.equal(withoutTrial(each), text);
    });

  it("keeps what somebody else put behind it", () => {
    const mine = withTrial("a", "menuentry 'a' {\n}\n");
    assert.equal(withoutTrial(`${mine}menuentry 'other' {\n}\n`), "amenuentry 'other' {\n}\n".replace("am", "a\nm"));
  });

  it("takes nothing that is not whole", () => {
    const [begin = ""] = withTrial("", "x\n").split("x\n");
    assert.equal(withoutTrial(`${begin}menuentry x {\n}\n`), `${begin}menuentry x {\n}\n`);
    const torn = `${begin}menuentry mine {\n}\n`;
    assert.equal(
      withoutTrial(withTrial(torn, "menuentry 'a' {\n}\n")),
      torn,
      "a begin without an end takes nothing along",
    );
  });

  it("knows its own without the last line end", () => {
    const trial = withTrial(undefined, "menuentry 'a' {\n}\n");
    assert.equal(withTrial(trial.trimEnd(), "menuentry 'a' {\n}\n"), trial);
  });
});

describe("trial: what brings a machine back", () => {
  const MACHINES = (["rtvm", "other"] as const).flatMap((kind) =>
    (["initramfs-tools", "dracut", "unknown"] as const).flatMap((initrd) =>
      [true, false].map((watchdog): TrialMachine => ({ kind, initrd, watchdog })),
    ),
  );

  it("nothing in a real-time VM may reset, and everything else resets after a panic", () => {
    for (const each of MACHINES) {
      const line = trialLine("ro panic=5 reboot=acpi quiet", trialMeans(each));
      const [panic, reboot, emergency] = ["panic", "reboot", "rd.emergency"].map((key) => getParam(line, key));
      const rtvm = each.kind === "rtvm";
      assert.deepEqual([panic, reboot], rtvm ? [undefined, "t"] : ["15", "acpi"], line);
      assert.equal(emergency, each.initrd !== "dracut" ? undefined : rtvm ? "poweroff" : "reboot");
      assert.equal(getParam(line, "rd.shell"), each.initrd === "dracut" ? "0" : undefined);
    }
  });

  it("says what it cannot catch on this very machine", () => {
    for (const each of MACHINES) {
      const { catches, misses } = trialMeans(each);
      assert.ok(misses.length > 0 && catches.length > 0);
      const said = misses.join("\n");
      assert.equal(/no watchdog/.test(said), each.kind === "other" && !each.watchdog, said);
      assert.equal(/cannot be stopped from the Service VM/.test(said), each.kind === "rtvm");
      assert.equal(/watchdog/.test(catches.join("\n")), each.kind === "other" && each.watchdog);
      assert.equal(/initrd/.test(said), each.kind === "rtvm" ? each.initrd !== "dracut" : each.initrd === "unknown");
    }
  });
});
