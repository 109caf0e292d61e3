import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { findPython } from "../../support/python";
import { run } from "../../support/run-program";

/** What ACRN's configuration tools are run with. Newer elementpath lacks what ACRN's overlay of it takes hold of (`TypedElement`). */
const PINS = {
  lxml: "6.1.3",
  defusedxml: "0.7.1",
  elementpath: "2.5.3",
  xmlschema: "1.11.3",
  tqdm: "4.70.1",
} as const;

/** A checkout of ACRN's sources, and a Python that its tools run under. */
export class Acrn {
  private constructor(
    readonly source: string,
    private readonly python: string,
  ) {}

  /** A sentence where there is none. */
  static async find(): Promise<Acrn | string> {
    const source = process.env.ACRN_SRC;
    if (!source) return "ACRN_SRC names no checkout of ACRN's sources";
    if (!existsSync(join(source, "misc/config_tools"))) return `${source} has no misc/config_tools`;
    const python = await findPython("acrn", PINS);
    return typeof python === "string" ? python : new Acrn(source, python.program("python3"));
  }

  /** Of ACRN, as its own VERSION file has it: `3.4-unstable`. */
  get version(): string {
    const text = readFileSync(join(this.source, "VERSION"), "utf8");
    const of = (name: string) => new RegExp(`^${name}=(.*)$`, "m").exec(text)?.[1]?.trim() ?? "";
    return `${of("MAJOR_VERSION")}.${of("MINOR_VERSION")}${of("EXTRA_VERSION")}`;
  }

  /** What the build does before it compiles: defaults filled in, validated, CLOS and the rest allocated. Undefined: no complaint; else all of it. */
  async configured({ board, scenario }: Pair): Promise<{ allocation: string; complaints?: string }> {
    return inFolder(async (dir) => {
      const at = this.put(dir, { board, scenario });
      await this.tool("scenario_config/default_populator.py", [at.scenario, join(dir, "filled.xml")]);
      const filled = join(dir, "filled.xml");
      const complaints = await this.tool("scenario_config/validator.py", [at.board, filled]).then(
        ({ stdout, stderr }) => `${stdout}${stderr}`.trim(),
        (error: Error) => error.message,
      );
      const out = join(dir, "allocation.xml");
      await this.tool("static_allocators/main.py", [
        ...["--board", at.board],
        ...["--scenario", filled],
        ...["--output", out],
      ]);
      return { allocation: readFileSync(out, "utf8"), ...(complaints === "" ? {} : { complaints }) };
    });
  }

  /** The launch scripts that ACRN's own generator writes from the file as it is, by VM number from the Service VM on. */
  async launchScripts({ board, scenario }: Pair): Promise<Map<number, string>> {
    return inFolder(async (dir) => {
      const at = this.put(dir, { board, scenario });
      const out = join(dir, "out");
      await this.tool("launch_config/launch_cfg_gen.py", [
        ...["--board", at.board],
        ...["--scenario", at.scenario],
        ...["--out", out],
      ]);
      const found = readdirSync(out).flatMap((name): [number, string][] => {
        const id = /^launch_user_vm_id(\d+)\.sh$/.exec(name)?.[1];
        return id === undefined ? [] : [[Number(id), readFileSync(join(out, name), "utf8")]];
      });
      return new Map(found);
    });
  }

  /** ACRN's own CLOS allocator over many small files at once; `refused`: an assertion of its own ended it. */
  async allocated(pairs: readonly Pair[]): Promise<({ masks: unknown; ids: unknown } | { refused: true })[]> {
    const script = join(__dirname, "allocate.py");
    const { stdout } = await run(this.python, [script, this.source], {
      input: JSON.stringify(pairs),
      env: this.environment(),
    });
    return JSON.parse(stdout) as ({ masks: unknown; ids: unknown } | { refused: true })[];
  }

  private put(dir: string, { board, scenario }: Pair): { board: string; scenario: string } {
    const at = { board: join(dir, "tried-board.xml"), scenario: join(dir, "tried.xml") };
    writeFileSync(at.board, board);
    writeFileSync(at.scenario, scenario);
    return at;
  }

  private tool(script: string, args: readonly string[]) {
    return run(this.python, [join(this.source, "misc/config_tools", script), ...args], { env: this.environment() });
  }

  environment(): NodeJS.ProcessEnv {
    const PATH = [dirname(this.python), process.env.PATH].join(delimiter);
    return { ...process.env, PATH, PYTHONDONTWRITEBYTECODE: "1" };
  }
}

export interface Pair {
  board: string;
  scenario: string;
}

async function inFolder<T>(work: (dir: string) => Promise<T>): Promise<T> {
  const dir = mkdtempSync(join(tmpdir(), "pulumi-acrn-acrn-"));
  try {
    return await work(dir);
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
}
