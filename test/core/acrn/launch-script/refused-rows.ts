// biome-ignore-all lint/suspicious/noTemplateCurlyInString: these are shell scripts
import { PARAMS, script3x } from "./support";

export interface RefusedRow {
  name: string;
  script: string;
  key: string;
  why: RegExp;
}

const call = (rest: string) => `acrn-dm ${rest} RT1\n`;

/** A value that only running the script tells. */
export const computed: RefusedRow[] = [
  { name: "computed by a command", script: call("-m $(free)"), key: "-m", why: /^line 1: computed by \$\(free\)$/ },
  { name: "computed by backquotes", script: call("-m `free`"), key: "-m", why: /^line 1: computed by `free`$/ },
  { name: "with a default", script: call("-m ${m:-1G}"), key: "-m", why: /^line 1: computed by \$\{m:-1G\}$/ },
  {
    name: "arithmetic",
    script: call("-m $((1024 * 2))M"),
    key: "-m",
    why: /^line 1: computed by \$\(\(1024 \* 2\)\)$/,
  },
  {
    name: "a parameter of the script",
    script: call('-m "$1"'),
    key: "-m",
    why: /^line 1: \$1 is what the script is called with/,
  },
  { name: "a pattern", script: call("-r ./*.img"), key: "-r", why: /^line 1: computed by \*$/ },
  { name: "a pattern in a variable", script: `r='./*.img'\n${call("-r $r")}`, key: "-r", why: /^line 2: .*pattern/ },
  {
    name: "a variable set twice",
    script: `m=1G\nm=2G\n${call("-m $m")}`,
    key: "-m",
    why: /^line 3: m is set more than once, on lines 1, 2$/,
  },
  {
    name: "a variable set in a branch",
    script: `if x; then m=1G; fi\n${call("-m $m")}`,
    key: "-m",
    why: /^line 2: m is set only in some cases, on line 1$/,
  },
  {
    name: "a variable set after &&",
    script: `x && m=1G\n${call("-m $m")}`,
    key: "-m",
    why: /^line 2: m is set only in some cases, on line 1$/,
  },
  {
    name: "a variable set in a case",
    script: `case $1 in\na) m=1G ;;\nesac\n${call("-m $m")}`,
    key: "-m",
    why: /^line 4: m is set only in some cases, on line 2$/,
  },
  {
    name: "a variable set later",
    script: `${call("-m $m")}m=1G\n`,
    key: "-m",
    why: /^line 1: m is set only in some cases, on line 2$/,
  },
  {
    name: "a variable that is read",
    script: `m=1G\nread -r m\n${call("-m $m")}`,
    key: "-m",
    why: /^line 3: m is set while the script runs, on line 2$/,
  },
  {
    name: "a variable of a loop",
    script: `for m in 1G 2G; do\n${call("-m $m")}done\n`,
    key: "-m",
    why: /^line 2: m is set while the script runs, on line 1$/,
  },
  {
    name: "a variable of arithmetic",
    script: `m=1\n(( m *= 2 ))\n${call("-m $m")}`,
    key: "-m",
    why: /^line 3: m is set while the script runs, on line 2$/,
  },
  {
    name: "a variable of the environment",
    script: call("-m $MEM"),
    key: "-m",
    why: /^line 1: MEM is set nowhere in the script$/,
  },
  {
    name: "a variable appended to",
    script: `m=1\nm+=G\n${call("-m $m")}`,
    key: "-m",
    why: /^line 3: m is set more than once, on lines 1, 2$/,
  },
  {
    name: "another file is read in",
    script: `m=1G\n. ./conf\n${call("-m $m")}`,
    key: "-m",
    why: /^line 3: m may be set by the file that line 2 reads in$/,
  },
  {
    name: "for one command alone",
    script: `m=1G true\n${call("-m $m")}`,
    key: "-m",
    why: /^line 2: m is set nowhere in the script$/,
  },
];

/** Arguments that cannot be told apart, or not at all. */
export const unclear: RefusedRow[] = [
  { name: "given twice", script: call("-m 1G -m 2G"), key: "-m", why: /^line 1: -m is given on line 1 too$/ },
  {
    name: "a slot given twice",
    script: call("-s 3,a -s 3:0,b"),
    key: "-s 3",
    why: /^line 1: -s 3 is given on line 1 too$/,
  },
  {
    name: "a variable that may be any argument",
    script: call("$EXTRA"),
    key: "-m",
    why: /^line 1: EXTRA is set nowhere.*any argument$/,
  },
  {
    name: "the script's own arguments",
    script: call('"$@"'),
    key: "-m",
    why: /^line 1: computed by \$@: .*any argument$/,
  },
  {
    name: "one of several literals",
    script: `o=\nif x; then o="-s 5,a"; else o="-s 5,b"; fi\n${call("$o")}`,
    key: "-s 5",
    why: /^line 3: o is set more than once, on lines 1, 2, 2$/,
  },
  {
    name: "a computed slot",
    script: call("-s $n,virtio-blk"),
    key: "-s 3",
    why: /^line 1: the slot of this -s is n is set nowhere/,
  },
  {
    name: "two calls that differ",
    script: `acrn-dm -m 1G A\nacrn-dm -m 2G B\n`,
    key: "-m",
    why: /^line 2: acrn-dm is called on line 1 too, with other arguments$/,
  },
  {
    name: "two calls with other CPUs",
    script: `if x; then acrn-dm -m 1G A\nelse acrn-dm -m 2G A\nfi\n`,
    key: "--rtvm",
    why: /^line 2: acrn-dm is called on line 1 too/,
  },
  { name: "eval", script: `eval "$x"\n${call("-m 1G")}`, key: "-m", why: /^line 1: eval runs words/ },
  {
    name: "a here-document",
    script: "bash <<EOF\nacrn-dm -m 1G RT1\nEOF\n",
    key: "-m",
    why: /^line 2: acrn-dm stands in a string, a here-document/,
  },
  {
    name: "a string",
    script: 'true\nbash -c "acrn-dm -m 1G RT1"\n',
    key: "-m",
    why: /^line 2: acrn-dm stands in a string/,
  },
  { name: "no call", script: "echo hello\n", key: "-m", why: /^line 1: the script does not call acrn-dm$/ },
  {
    name: "an array appended to",
    script: 'p=(-m 1G RT1)\np+=(--rtvm)\nacrn-dm "${p[@]}"\n',
    key: "-m",
    why: /^line 3: p is appended to on line 2$/,
  },
  {
    name: "an array changed",
    script: 'p=(-m 1G RT1)\np[1]=2G\nacrn-dm "${p[@]}"\n',
    key: "-m",
    why: /^line 3: the array p is set while the script runs, on line 2$/,
  },
  {
    name: "an array made twice",
    script: 'p=(-m 1G RT1)\np=(-m 2G RT1)\nacrn-dm "${p[@]}"\n',
    key: "-m",
    why: /^line 3: the array p is set more than once, on lines 1, 2$/,
  },
  {
    name: "an array by numbers",
    script: 'p=([1]=RT1 [0]=-A)\nacrn-dm "${p[@]}"\n',
    key: "-A",
    why: /^line 1: \[1\]=RT1 sets an element/,
  },
  {
    name: "an array split again",
    script: "p=(-B 'a b' RT1)\nacrn-dm ${p[@]}\n",
    key: "-B",
    why: /^line 2: \$\{p\[@\]\} is split into words again$/,
  },
  {
    name: "an array as one word",
    script: 'p=(-B "a b" RT1)\nacrn-dm "${p[*]}"\n',
    key: "-B",
    why: /^line 2: .*split into words again$/,
  },
  {
    name: "a function that is not there",
    script: 'p=(`add_cpus 4` RT1)\nacrn-dm "${p[@]}"\n',
    key: "--cpu_affinity",
    why: /^line 1: computed by `add_cpus 4`: that may be any argument$/,
  },
  {
    name: "a function of that name that does something else",
    script: 'add_cpus() {\necho x\n}\np=(`add_cpus 4` RT1)\nacrn-dm "${p[@]}"\n',
    key: "-m",
    why: /^line 4: computed by `add_cpus 4`/,
  },
  {
    name: "a template function with computed words",
    script: script3x("`add_cpus $CPUS`", "RT1"),
    key: "--cpu_affinity",
    why: /^line \d+: CPUS is set nowhere/,
  },
  {
    name: "a template function in quotes",
    script: script3x('"`add_cpus 4 6`"', "RT1"),
    key: "--cpu_affinity",
    why: /any argument$/,
  },
  {
    name: "a device whose address is computed",
    script: script3x(...PARAMS),
    key: "-s 4",
    why: /^line \d+: computed by \$\{mac:0:17\}$/,
  },
  {
    name: "an input device, looked up at launch",
    script: script3x("`add_virtual_device 3 virtio-input /dev/input/event3`", "RT1"),
    key: "-s 3",
    why: /^line \d+: computed by add_virtual_device$/,
  },
  { name: "Windows line ends", script: "acrn-dm \\\r\n -m 1G RT1\r\n", key: "-m", why: /^line 1: .*carriage return/ },
  {
    name: "Windows line ends in an array",
    script: 'p=(\r\n -m 1G\r\n RT1\r\n)\r\nacrn-dm "${p[@]}"\r\n',
    key: "-m",
    why: /carriage return/,
  },
  {
    name: "two names",
    script: "acrn-dm RT1 RT2\n",
    key: "-m",
    why: /^line 1: RT2 is no option, and there can be but one VM name$/,
  },
  {
    name: "an option without its argument",
    script: "acrn-dm RT1 -m\n",
    key: "-m",
    why: /^line 1: -m lacks its argument$/,
  },
  {
    name: "options as one word",
    script: 'acrn-dm "--cpu_affinity 4" RT1\n',
    key: "--cpu_affinity",
    why: /^line 1: .*quotes too many$/,
  },
  { name: "other word separators", script: `IFS=,\n${call("-m 1G")}`, key: "-m", why: /^line 1: IFS is set/ },
  { name: "not a script", script: "\0ELF acrn-dm -m 1G RT1", key: "-m", why: /^line 1: the file is no launch script$/ },
];
