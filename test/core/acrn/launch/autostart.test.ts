import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { utimesSync } from "node:fs";
import { autostartScript } from "../../../../provider/core/acrn/launch";
import { needs } from "../../../support/needs";
import { Machine } from "./machine";

const sha256 = (text: string) => createHash("sha256").update(text).digest("hex");
const OLD = "<acrn-config/>\n";
const NEW = "<acrn-config><hv/></acrn-config>\n";
const IMAGES = "/var/lib/pulumi-acrn/images";

interface Row {
  name: string;
  /** What follows `root=/dev/sda2 ` on the kernel's line. */
  line?: string;
  /** Launch scripts that are kept, by folder. */
  kept?: string[];
  installed?: string;
  record?: string;
  /** Seconds from now to the boot; the image of the machine was installed just now. @default 60 */
  boot?: number;
  /** Where the record lies. @default the packaged place */
  at?: string;
  /** The image was taken back, and its script lies in /run until the next boot. */
  back?: string;
  /** The canonical script was written after what is kept. */
  followed?: boolean;
  /** The canonical script starts an edited one, which was written this many seconds from now. */
  edited?: number;
  /** What is kept starts an edited script that waits. */
  wraps?: boolean;
  /** The confirmed image. */
  promoted?: string;
  /** What waits is what stands beside this image. */
  same?: string;
  runs: string;
}

const ROWS: Row[] = [
  { name: "nothing is known", runs: "canonical" },
  {
    name: "the image that was booted has its script",
    line: "pulumi_acrn_image=a1",
    kept: ["a1", "a2", "next"],
    runs: "a1",
  },
  {
    name: "the hypervisor's line stands last and counts",
    line: "pulumi_acrn_image=a1 quiet pulumi_acrn_image=a2",
    kept: ["a1", "a2"],
    runs: "a2",
  },
  {
    name: "an image on trial, another is the default: what stands beside it counts",
    line: "pulumi_acrn_image=a1",
    kept: ["a1"],
    promoted: "a2",
    runs: "a1",
  },
  {
    name: "confirmed, and what waited for it has not moved yet",
    line: "pulumi_acrn_image=a1",
    kept: ["a1"],
    same: "a1",
    promoted: "a1",
    runs: "a1",
  },
  {
    name: "confirmed, and nothing waits: the canonical script has it, and may have changed since",
    line: "pulumi_acrn_image=a1",
    kept: ["a1"],
    promoted: "a1",
    followed: true,
    runs: "canonical",
  },
  {
    name: "confirmed, and what waits is for the next image",
    line: "pulumi_acrn_image=a1",
    kept: ["a1", "next"],
    promoted: "a1",
    followed: true,
    runs: "canonical",
  },
  {
    name: "an image that somebody went back to is confirmed, and the canonical script is still that of the one before",
    line: "pulumi_acrn_image=a1",
    kept: ["a1"],
    promoted: "a1",
    runs: "a1",
  },
  {
    name: "confirmed, and what stands beside it starts a script that waited and has moved",
    line: "pulumi_acrn_image=a1",
    kept: ["a1"],
    wraps: true,
    promoted: "a1",
    runs: "canonical",
  },
  {
    name: "the canonical script is a wrapper, and what it starts was written after what is kept",
    line: "pulumi_acrn_image=a1",
    kept: ["a1"],
    promoted: "a1",
    edited: 60,
    runs: "canonical",
  },
  {
    name: "the canonical script is a wrapper, and both are older than what is kept",
    line: "pulumi_acrn_image=a1",
    kept: ["a1"],
    promoted: "a1",
    edited: -60,
    runs: "a1",
  },
  {
    name: "a new wrapper around a script that is older than what is kept",
    line: "pulumi_acrn_image=a1",
    kept: ["a1"],
    promoted: "a1",
    followed: true,
    edited: -60,
    runs: "canonical",
  },
  {
    name: "on trial: what stands beside it counts, whatever was written into the edited script since",
    line: "pulumi_acrn_image=a1",
    kept: ["a1"],
    promoted: "a2",
    edited: 60,
    runs: "a1",
  },
  {
    name: "taken back while it runs: until the next boot what is in /run counts",
    line: "pulumi_acrn_image=a1",
    back: "a1",
    runs: "back-a1",
  },
  { name: "what is in /run is another image's", line: "pulumi_acrn_image=a2", back: "a1", runs: "canonical" },
  { name: "another image was booted", line: "pulumi_acrn_image=a3", kept: ["a1"], runs: "canonical" },
  { name: "nothing is kept for the image", line: "pulumi_acrn_image=a1", runs: "canonical" },
  { name: "a parameter that only looks like ours", line: "xpulumi_acrn_image=a1", kept: ["a1"], runs: "canonical" },
  { name: "`next` is no image", line: "pulumi_acrn_image=next", kept: ["next"], runs: "canonical" },
  { name: "neither is a path", line: "pulumi_acrn_image=../images/a1", kept: ["a1"], runs: "canonical" },
  { name: "nor a pattern", line: "pulumi_acrn_image=* *", kept: ["a1"], runs: "canonical" },
  {
    name: "one waits, the installed scenario is still the old one",
    kept: ["next"],
    record: OLD,
    installed: OLD,
    runs: "canonical",
  },
  { name: "one waits, the new scenario is installed", kept: ["next"], record: OLD, installed: NEW, runs: "next" },
  {
    name: "the image that was booted goes first",
    line: "pulumi_acrn_image=a1",
    kept: ["a1", "next"],
    record: OLD,
    installed: NEW,
    runs: "a1",
  },
  { name: "one waits, no scenario is installed", kept: ["next"], record: OLD, runs: "canonical" },
  { name: "one lies there, but none is known to wait", kept: ["next"], installed: NEW, runs: "canonical" },
  { name: "none waits, another scenario is installed", record: OLD, installed: NEW, runs: "canonical" },
  {
    name: "one waits, its image was installed after this boot",
    kept: ["next"],
    record: OLD,
    installed: NEW,
    boot: -60,
    runs: "canonical",
  },
  {
    name: "one waits, the record of a source build",
    kept: ["next"],
    record: OLD,
    installed: NEW,
    at: "/home/my build/scenario.xml",
    runs: "next",
  },
];

describe("autostart entry", function () {
  this.timeout(60_000);

  for (const {
    name,
    line,
    kept,
    installed,
    record,
    boot,
    at,
    back,
    promoted,
    same,
    followed,
    wraps,
    edited,
    runs,
  } of ROWS)
    it(`${name}: ${runs}`, () => {
      const machine = new Machine();
      try {
        const says = (which: string) => `echo "${which}:$*" >"${machine.path("/ran")}"; exit 7\n`;
        machine.write("/proc/cmdline", `root=/dev/sda2 ${line ?? "quiet"}\n`);
        const written = (path: string, seconds: number) =>
          utimesSync(machine.path(path), new Date(), new Date(Date.now() + seconds * 1000));
        machine.write("/home/my launch.sh", says("canonical"));
        written("/home/my launch.sh", followed ? 60 : -60);
        if (edited !== undefined) {
          machine.write("/home/it's edited.sh", "# by hand\n");
          written("/home/it's edited.sh", edited);
        }
        const starts = wraps ? `script=${IMAGES}/next/RT1.edited.sh\n` : "";
        for (const folder of kept ?? []) machine.write(`${IMAGES}/${folder}/RT1.sh`, `${starts}${says(folder)}`);
        if (back !== undefined) machine.write(`/run/pulumi-acrn/images/${back}/RT1.sh`, says(`back-${back}`));
        if (same !== undefined) machine.write(`${IMAGES}/next/RT1.sh`, says(same));
        if (promoted !== undefined) machine.write(`${IMAGES}/promoted`, `${promoted}\nf00\n`);
        const path = at ?? "/usr/share/acrn/scenario.xml";
        if (installed !== undefined) machine.write(path, installed);
        machine.write("/boot/acrn-3.3.bin", "an image");
        machine.write("/proc/stat", `cpu 1 2 3\nbtime ${Math.floor(Date.now() / 1000) + (boot ?? 60)}\nprocesses 7\n`);
        const edits = edited === undefined ? {} : { edited: "/home/it's edited.sh" };
        const options = { vm: "RT1", canonical: "/home/my launch.sh", ...edits };
        const waits = record === undefined ? {} : { record: { path, sha256: sha256(record) } };
        const script = autostartScript({ ...options, ...waits });
        const { status, stderr } = machine.run(script, "-x", "two words");
        assert.deepEqual([status, stderr, machine.read("/ran")], [7, "", `${runs}:-x two words\n`]);
      } finally {
        machine.close();
      }
    });

  it("bash and shellcheck find nothing, and acrnd's limits hold (reference 1.4)", function () {
    needs(this, spawnSync("shellcheck", ["--version"]).status === 0, "no shellcheck");
    const input = autostartScript({ vm: "RT1", canonical: "/var/lib/it's here/RT1.sh" });
    const waits = autostartScript({
      vm: "RT1",
      canonical: "/x",
      record: { path: "/it's/there.xml", sha256: sha256(OLD) },
    });
    const edits = autostartScript({ vm: "RT1", canonical: "/var/lib/RT1.sh", edited: "/home/it's here.sh" });
    for (const script of [input, waits, edits]) {
      const { stdout } = spawnSync("shellcheck", ["--shell=bash", "-"], { input: script, encoding: "utf8" });
      assert.equal(stdout, "");
      assert.ok(script.length < 20_480);
    }
  });
});
