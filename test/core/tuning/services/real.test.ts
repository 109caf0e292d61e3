import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import {
  TUNING_DROP_IN_PATH,
  TUNING_DROP_IN_TEXT,
  TUNING_UNIT,
  TUNING_UNIT_PATH,
  TUNING_UNIT_TEXT,
} from "../../../../provider/core/tuning/runtime/unit";
import { stateOf, type UnitFile, unitFiles } from "../../../../provider/core/tuning/services/unit-files";
import { which } from "../../../../tools/paths";
import { optional } from "../../../support/needs";

const LIB = "/usr/lib/systemd/system";
const ETC = "/etc/systemd/system";
const UNIT =
  "[Unit]\nDescription=x\n[Service]\nExecStart=/bin/true\n[Install]\nWantedBy=multi-user.target\nAlias=other.service\n";
const MANAGER = ["/usr/lib/systemd/systemd", "/lib/systemd/systemd"];

describe("units, by systemd itself", function () {
  this.timeout(60_000);
  let root: string;
  before(function () {
    optional(this, which("systemctl"), "no systemctl");
  });
  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), "acrn-units-"));
  });
  afterEach(() => rmSync(root, { recursive: true, force: true }));

  const lay = (files: readonly UnitFile[]) => {
    for (const { path, text, link } of files) {
      mkdirSync(dirname(join(root, path)), { recursive: true });
      if (link === undefined) writeFileSync(join(root, path), text ?? "");
      else symlinkSync(link, join(root, path));
    }
  };

  /** What `systemctl is-enabled` calls each of our states. */
  const WORDS: Record<string, RegExp> = {
    masked: /^masked$/,
    unit: /^(?:enabled|disabled|static|linked)$/,
    alias: /^(?:alias|enabled|disabled)$/,
    missing: /^(?:not-found|)$/,
  };
  const rows: [string, string, UnitFile[]][] = [
    ["a package's", "x.service", [{ path: `${LIB}/x.service`, text: UNIT }]],
    [
      "an empty file over a package's",
      "x.service",
      [
        { path: `${LIB}/x.service`, text: UNIT },
        { path: `${ETC}/x.service`, text: "" },
      ],
    ],
    ["an empty file alone", "x.service", [{ path: `${ETC}/x.service`, text: "" }]],
    ["an empty file of a socket", "x.socket", [{ path: `${ETC}/x.socket`, text: "" }]],
    ["a comment alone", "x.service", [{ path: `${ETC}/x.service`, text: "# off\n" }]],
    ["a link to /dev/null", "x.service", [{ path: `${ETC}/x.service`, text: undefined, link: "/dev/null" }]],
    [
      "another name",
      "other.service",
      [
        { path: `${LIB}/x.service`, text: UNIT },
        { path: `${ETC}/other.service`, text: UNIT, link: `${LIB}/x.service` },
      ],
    ],
    ["nothing", "y.service", [{ path: `${LIB}/x.service`, text: UNIT }]],
  ];
  for (const [title, unit, files] of rows)
    it(`${title} is what we take it for`, () => {
      lay(files);
      const { stdout } = spawnSync("systemctl", [`--root=${root}`, "is-enabled", unit], { encoding: "utf8" });
      assert.match(stdout.trim(), WORDS[stateOf(unit, unitFiles(files)).kind] as RegExp);
    });

  it("the unit of the knobs is started by the drop-in, and a mask is not", function () {
    const manager = MANAGER.find((each) => existsSync(each));
    optional(this, manager && which("setpriv"), "no systemd, or no setpriv to run it as nobody");
    const dump = planOf(manager as string);
    assert.match(dump, new RegExp(`Action: ${TUNING_UNIT} -> start`));
    const block = (unit: string) => dump.split(/^\s*-> Unit /m).find((each) => each.startsWith(`${unit}:`)) ?? "";
    assert.match(block("multi-user.target"), new RegExp(`After: ${TUNING_UNIT} \\(origin-default\\)`));
    assert.match(block("rsyslog.service"), /Unit Load State: masked/);
  });

  /** The transaction that a boot would start, in systemd's words; `--test` starts nothing and does not run as root. */
  function planOf(manager: string): string {
    lay([
      { path: TUNING_UNIT_PATH, text: TUNING_UNIT_TEXT },
      { path: TUNING_DROP_IN_PATH, text: TUNING_DROP_IN_TEXT },
      { path: `${ETC}/rsyslog.service`, text: "" },
      { path: `${ETC}/user.service`, text: "[Unit]\nWants=rsyslog.service\n[Service]\nExecStart=/bin/true\n" },
      { path: `${ETC}/multi-user.target.d/user.conf`, text: "[Unit]\nWants=user.service\n" },
    ]);
    spawnSync("chmod", ["-R", "a+rX", root]);
    const args = ["--test", "--system", "--unit=multi-user.target", "--log-target=console", "--no-pager"];
    const nobody = process.getuid?.() === 0 ? ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"] : [];
    const env = {
      PATH: process.env.PATH,
      HOME: root,
      XDG_RUNTIME_DIR: root,
      SYSTEMD_UNIT_PATH: `${join(root, ETC)}:${dirname(dirname(manager))}/systemd/system`,
    };
    const [program, ...rest] = [...nobody, manager, ...args] as [string, ...string[]];
    return spawnSync(program, rest, { encoding: "utf8", env, maxBuffer: 1 << 26 }).stdout;
  }
});
