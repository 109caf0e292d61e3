import assert from "node:assert/strict";
import { AcrnError } from "../../../provider/core/errors";
import {
  getParam,
  parseCmdline,
  printCmdline,
  recordParam,
  restoreParam,
  setParam,
} from "../../../provider/core/kernel/cmdline";
import { surfaceOf } from "../../../provider/core/kernel/place";
import { kernelCmdlineSurface } from "../../../provider/core/kernel/places/plain";
import { noteOfTrial, trialOf, withoutTrial, withTrial } from "../../../provider/core/kernel/trial";
import { EXTLINUX, rhel } from "../../core/kernel/machines";
import { checkSaid } from "../laws";
import { mutated } from "../mutate";
import { words } from "../seeds";
import { Refused, type Target } from "../target";

/** Kernel command lines, alone and in the files that hold them. */

/** No kernel takes more, and no file with a longer line is edited (places/line-surface.ts): of one, values are read. */
const LONGEST = 4096;

const LINES = [
  "BOOT_IMAGE=/boot/vmlinuz root=UUID=11-22 ro quiet splash isolcpus=nohz,domain,2-3 console=tty0 console=ttyS0,115200n8",
  'hugepagesz=1G hugepages=2 hugepagesz=2M hugepages=64 "dyndbg=file a.c +p" rcu-nocb-poll -- single isolcpus=9',
  "",
].map((text) => Buffer.from(text));

const LINE_WORDS = words(
  "isolcpus=1 isolcpus= isolcpus rcu_nocb_poll rcu-nocb_poll hugepagesz=2M -- \" =\" '=' = , - \t",
);

/** What can be told of a line is told, and what was set goes without a trace. */
export const kernelLine: Target = {
  name: "kernel command line",
  runs: 1200,
  make: (random) => mutated(random, { seeds: LINES, words: LINE_WORDS }).subarray(0, LONGEST),
  run: (input) => {
    const line = input.toString("utf8");
    assert.equal(printCmdline(parseCmdline(line)), line, "printed, it is what was read");
    if (line.length > LONGEST) return getParam(line, "isolcpus");
    return ["isolcpus", "hugepages", "new"].map((key) => {
      const set = setParam(line, key, "2-3");
      assert.equal(getParam(set, key), "2-3", "what was written reads back");
      assert.equal(setParam(set, key, "2-3"), set, "twice is once");
      assert.equal(restoreParam(set, key, recordParam(line, key)), line, "what was there comes back");
      return set;
    });
  },
  grow: {
    words: (n) => Buffer.from("quiet ".repeat(n / 6)),
    "words of one key": (n) => Buffer.from("isolcpus=1 ".repeat(n / 11)),
    "words of one key and others": (n) => Buffer.from("isolcpus=1 a ".repeat(n / 13)),
    blanks: (n) => Buffer.from(" ".repeat(n)),
    quotes: (n) => Buffer.from('"" '.repeat(n / 3)),
    "a list": (n) => Buffer.from(`isolcpus=${"1,".repeat(n / 2)}2`),
  },
};

const PLACES = [
  surfaceOf({ place: "grub-default", variable: "GRUB_CMDLINE_LINUX" }),
  surfaceOf({ place: "grub-default", variable: "GRUB_CMDLINE_LINUX_DEFAULT" }),
  surfaceOf({ place: "bls-grub" }),
  surfaceOf({ place: "bls-systemd-boot" }),
  surfaceOf({ place: "extlinux" }),
  kernelCmdlineSurface,
].flatMap((surface) => surface ?? []);

const FILES = [
  "GRUB_DEFAULT=0\nGRUB_CMDLINE_LINUX_DEFAULT=\"quiet  isolcpus=2-3\"\nGRUB_CMDLINE_LINUX='console=ttyS0' # x\n",
  'export GRUB_CMDLINE_LINUX=quiet\nGRUB_CMDLINE_LINUX="$GRUB_CMDLINE_LINUX isolcpus=9"\nGRUB_CMDLINE_LINUX+=" a=\\"b c\\""\n',
  ...Object.values(rhel()),
  EXTLINUX,
].map((text) => Buffer.from(text));

const FILE_WORDS = words(
  // biome-ignore lint/suspicious/noTemplateCurlyInString: of the format, not of TypeScript
  "GRUB_CMDLINE_LINUX= GRUB_CMDLINE_LINUX+= ${GRUB_CMDLINE_LINUX} $GRUB_CMDLINE_LINUX options append label default linux isolcpus=1 if fi \" ' \\ \\\n # -- = $( `",
);

/** One file taken for each kind of place. A refusal that is caught here has to say as much as one that is not. */
export const kernelPlaces: Target = {
  name: "files of a kernel line",
  runs: 700,
  make: (random) => mutated(random, { seeds: FILES, words: FILE_WORDS }).subarray(0, LONGEST),
  run: (input) => {
    const text = input.toString("utf8");
    const refused: AcrnError[] = [];
    const edited = PLACES.flatMap((surface) => {
      const before = surface.read(text, "/f", "param[isolcpus]");
      try {
        const set = surface.write(text, "/f", "param[isolcpus]", "2-3");
        const after = surface.read(set, "/f", "param[isolcpus]");
        assert.equal(after.kind === "value" && after.value, "2-3", "what was written reads back");
        const raw = before.kind === "value" ? before.raw : undefined;
        const back = surface.restore(set, "/f", "param[isolcpus]", raw);
        assert.ok(back === text || surface.sameFields(back, text, "/f"), "what was there comes back");
        return [set];
      } catch (error) {
        if (!(error instanceof AcrnError)) throw error;
        checkSaid(error.message);
        refused.push(error);
        return [];
      }
    });
    if (edited.length === 0) throw refused[0] as AcrnError;
    return [edited, refused.map(({ message }) => message)];
  },
  grow: {
    additions: (n) => Buffer.from('GRUB_CMDLINE_LINUX+=" b"\n'.repeat(n / 25)),
    "one value": (n) => Buffer.from(`GRUB_CMDLINE_LINUX="${"a ".repeat(n / 2)}"\n`),
    backslashes: (n) => Buffer.from(`GRUB_CMDLINE_LINUX="${"\\".repeat(n)}"\n`),
    options: (n) => Buffer.from("options a\n".repeat(n / 10)),
    labels: (n) => Buffer.from("label a\n append b\n".repeat(n / 18)),
  },
};

const ENTRY = "# pulumi-acrn: {}\nmenuentry 'x' {\n\tlinux /x a\n}\n";
const CUSTOM = [
  "menuentry 'mine' {\n\tlinux /vmlinuz quiet\n}\n",
  "set timeout=1",
  withTrial("# mine", ENTRY),
  withTrial(undefined, ENTRY),
].map((text) => Buffer.from(text));
const [BEGIN = "", END = ""] = withTrial(undefined, "\n").split("\n\n");

/** custom.cfg is other people's but for the trial. */
export const customCfg: Target = {
  name: "GRUB's custom.cfg",
  runs: 1500,
  make: (random) =>
    mutated(random, { seeds: CUSTOM, words: [BEGIN, END, `${END}\n`, "{", "}"].map((word) => Buffer.from(word)) }),
  run: (input) => {
    const text = input.toString("utf8");
    const trial = withTrial(text, ENTRY);
    assert.equal(trialOf(trial), ENTRY, "the trial is there");
    const before = trialOf(text);
    // of one trial within another only the inner one is seen
    if (trialOf(withoutTrial(text) ?? "") === undefined) assert.equal(withTrial(trial, ENTRY), trial, "twice is once");
    if (before === undefined && text !== "") assert.equal(withoutTrial(trial), text, "what was there comes back");
    return before === undefined ? new Refused("no.trial") : [withoutTrial(text), noteOfTrial(before)];
  },
  grow: {
    begins: (n) => Buffer.from(`${BEGIN}\n`.repeat(n / BEGIN.length)),
    trials: (n) => Buffer.from(withTrial("", "\n").repeat(n / 120)),
    "line ends": (n) => Buffer.from("\n".repeat(n)),
  },
};
