import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Python } from "../../support/python";
import { run } from "../../support/run-program";
import type { Hosts } from "../hosts/hosts";
import { MOVES, SOURCE } from "../hosts/tree";

/**
 * pyinfra with its search for changes: `--yes` would leave that out. For an edit within a file it names the operation that
 * would change something and shows no lines; Ansible and we show the difference.
 */
export class Pyinfra {
  constructor(
    private readonly python: Python,
    private readonly hosts: Hosts,
    private readonly dir: string,
  ) {
    mkdirSync(dir, { recursive: true });
    writeFileSync(join(dir, "inventory.py"), this.inventory());
    writeFileSync(join(dir, "deploy.py"), DEPLOY);
  }

  /** Milliseconds of one `--dry`. */
  async preview(): Promise<number> {
    const args = ["inventory.py", "deploy.py", "--dry"];
    const { took, stdout, stderr } = await run(this.python.program("pyinfra"), args, { cwd: this.dir });
    const found = [...`${stdout}${stderr}`.matchAll(/^ +edit 1[1-5] +\d+ /gm)].length;
    if (found !== MOVES.length)
      throw new Error(`pyinfra finds ${found} changes, not ${MOVES.length}:\n${stdout}${stderr}`);
    return took;
  }

  private inventory(): string {
    const rows = this.hosts.names.map((name) => {
      const data = { ssh_config_file: this.hosts.sshConfig, source: join(this.hosts.tree(name), SOURCE) };
      return `    (${JSON.stringify(name)}, ${JSON.stringify(data)}),`;
    });
    return `hosts = [\n${rows.join("\n")}\n]\n`;
  }
}

const EDITS = MOVES.map(({ from, to }) => `(${from}, ${to})`).join(", ");

const DEPLOY = `from pyinfra import host
from pyinfra.operations import files

for before, after in [${EDITS}]:
    files.replace(
        name=f"edit {before}",
        path=host.data.source,
        text=f"<pcpu_id>{before}</pcpu_id>",
        replace=f"<pcpu_id>{after}</pcpu_id>",
    )
`;
