// biome-ignore-all lint/suspicious/noTemplateCurlyInString: these are shell scripts
import fc from "fast-check";
import { launchScripts } from "../../../../examples/lab/builder";
import { host } from "../../../support/arbitraries";
import { PARAMS, PARAMS_2X, script2x, script3x } from "./support";

/** What a shell could take apart. */
const hostileText = fc
  .array(
    fc.constantFrom(
      ..."a 4 , ; ' \" $ ` \\ * ? [ ] { } ( ) < > & | # ! ~ = : / é 𝄞 %".split(" "),
      " ",
      "\t",
      "\n",
      "\r",
      "$HOME",
      "$(id)",
      "`id`",
      "${x}",
      "-",
      "--",
      "\\n",
    ),
    { minLength: 1, maxLength: 12 },
  )
  .map((parts) => parts.join(""));

const plainText = fc.constantFrom(
  "4,6",
  "512M",
  "./x.img",
  "virtio-blk,./y.img",
  "tap=x,mac_seed=1",
  "1000",
  "L2,vcpu=all,size=4K",
);

/** Of options with a value. */
export const valueText = fc.oneof(plainText, hostileText);

const OPTIONS = [
  "-m",
  "-B",
  "-k",
  "-r",
  "-l",
  "--cpu_affinity",
  "--virtio_poll",
  "--ovmf",
  "--iasl",
  "--logger_setting",
  "--intr_monitor",
];
const FLAGS = ["--rtvm", "--lapic_pt", "--windows", "--debugexit", "-A"];

export interface Wish {
  name: string;
  value: string | true | null;
}

export const wish: fc.Arbitrary<Wish> = fc.oneof(
  fc.record({ name: fc.constantFrom(...OPTIONS, "-s 3", "-s 5", "-s 9"), value: valueText }),
  fc.record({ name: fc.constantFrom(...FLAGS), value: fc.constant(true as const) }),
  fc.record({ name: fc.constantFrom(...OPTIONS, ...FLAGS, "-s 3", "-s 5"), value: fc.constant(null) }),
);

/** One argument as people write it: name and source, and the assignment that it needs. */
const written = fc
  .record({ name: fc.constantFrom(...OPTIONS, "-s 3", "-s 5"), how: fc.nat(6), text: plainText })
  .map(({ name, how, text }): { name: string; source: string; before: string } => {
    const [option = "", slot] = name.split(" ");
    const value = slot === undefined ? text : `${slot},${text}`;
    const variable = `v${name.replaceAll(/\W/g, "")}`;
    const glue = option.startsWith("--") ? "=" : "";
    const sources = [
      { source: `${option} ${value}`, before: "" },
      { source: `${option} '${value}'`, before: "" },
      { source: `${option} "${value}"`, before: "" },
      { source: `${option}${glue}${value}`, before: "" },
      { source: `${option} $${variable}`, before: `${variable}=${value}\n` },
      { source: `${option} "\${${variable}}"`, before: `export ${variable}="${value}"\n` },
      { source: `$${variable}`, before: `${variable}='${option} ${value}'\n` },
    ];
    return { name, ...(sources[how] as { source: string; before: string }) };
  });

/** Scripts as people write them: one line or several, an array or a command line, with tabs and comments. */
const handMade = fc
  .record({
    args: fc.uniqueArray(written, { maxLength: 7, selector: ({ name }) => name }),
    flags: fc.uniqueArray(fc.constantFrom(...FLAGS), { maxLength: 3 }),
    array: fc.boolean(),
    gap: fc.constantFrom(" ", "\n  ", "\n\t", "\n    # a comment\n    ", "  # behind it\n  "),
    prefix: fc.constantFrom("", "sudo ", "exec ", "nohup ./bin/"),
    after: fc.constantFrom("", " &", " > log 2>&1", "; echo gone"),
    inFunction: fc.boolean(),
  })
  .map(({ args, flags, array, gap, prefix, after, inFunction }) => {
    const words = [...args.map(({ source }) => source), ...flags, "RT1"];
    const before = args.map((each) => each.before).join("");
    const line = gap.includes("#") ? " \\\n   " : gap.replace("\n", " \\\n");
    const call = array
      ? `dm_params=(${gap}${words.join(gap)}${gap.includes("\n") ? "\n" : ""})\n${prefix}acrn-dm "\${dm_params[@]}"${after}\n`
      : `${prefix}acrn-dm ${words.join(line)}${after}\n`;
    const body = `# launches RT1\n${before}${call}`;
    return inFunction ? `#!/bin/bash\nlaunch()\n{\n${body}}\nlaunch\n` : `#!/bin/bash\n${body}`;
  });

const generated = fc.oneof(
  fc.subarray(PARAMS.slice(0, -1), { minLength: 3 }).map((lines) => script3x(...lines, "RT1")),
  fc.subarray(PARAMS_2X).map((lines) => script2x(...lines)),
);

const builtByLab = host({ textOnly: false })
  .map(({ board, scenario }) => launchScripts(board, scenario).map(({ text }) => text))
  .filter((texts) => texts.length > 0)
  .chain((texts) => fc.constantFrom(...texts));

/** Launch scripts of every shape that can be adopted. */
export const script: fc.Arbitrary<string> = fc.oneof(
  { arbitrary: handMade, weight: 3 },
  { arbitrary: generated, weight: 2 },
  { arbitrary: builtByLab, weight: 1 },
);
