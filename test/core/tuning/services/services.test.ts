import assert from "node:assert/strict";
import { maskCommands } from "../../../../provider/core/tuning/services/commands";
import { LOGGING_UNITS } from "../../../../provider/core/tuning/services/logging";
import { checkMask } from "../../../../provider/core/tuning/services/maskable";
import { planMasks } from "../../../../provider/core/tuning/services/masks";
import {
  stateOf,
  type UnitFile,
  unitFiles,
  unitNames,
  wordsOf,
} from "../../../../provider/core/tuning/services/unit-files";

const LIB = "/lib/systemd/system";
const ETC = "/etc/systemd/system";
const unit = (path: string, text = "[Unit]\nDescription=x\n"): UnitFile => ({ path, text });
const link = (path: string, to: string): UnitFile => ({
  path,
  link: to,
  text: to === "/dev/null" ? undefined : "[Unit]\n",
});

/** Ubuntu's: rsyslog is also syslog.service, and is started by a socket. */
const UBUNTU: UnitFile[] = [
  unit(`${LIB}/systemd-journald.service`),
  unit(`${LIB}/systemd-journald.socket`, "[Socket]\nListenStream=/run/x\nService=systemd-journald.service\n"),
  unit(`${LIB}/syslog.socket`, "[Unit]\n[Socket]\n# Service=other.service\nListenDatagram=/x\n"),
  unit(
    `${LIB}/rsyslog.service`,
    "[Unit]\nRequires=syslog.socket\n[Service]\nExecStart=/x\n[Install]\nAlias=syslog.service\n",
  ),
  link(`${ETC}/syslog.service`, "/lib/systemd/system/rsyslog.service"),
  unit(`${LIB}/apt-daily.service`),
  unit(`${LIB}/apt-daily.timer`, "[Timer]\nOnCalendar=daily\n"),
];

describe("states of units", () => {
  const rows: [string, string, UnitFile[], ReturnType<typeof stateOf>][] = [
    ["a package's", "rsyslog.service", UBUNTU, { kind: "unit", path: `${LIB}/rsyslog.service` }],
    ["another name", "syslog.service", UBUNTU, { kind: "alias", path: `${ETC}/syslog.service`, of: "rsyslog.service" }],
    ["nobody's", "syslog-ng.service", UBUNTU, { kind: "missing" }],
    [
      "an empty file",
      "x.service",
      [unit(`${ETC}/x.service`, "")],
      { kind: "masked", path: `${ETC}/x.service`, how: "empty" },
    ],
    [
      "a comment is no mask",
      "x.service",
      [unit(`${ETC}/x.service`, "# off\n")],
      { kind: "unit", path: `${ETC}/x.service` },
    ],
    [
      "systemctl mask",
      "x.service",
      [link(`${ETC}/x.service`, "/dev/null")],
      { kind: "masked", path: `${ETC}/x.service`, how: "link" },
    ],
    [
      "systemctl link",
      "x.service",
      [link(`${ETC}/x.service`, "/opt/x.service")],
      { kind: "unit", path: `${ETC}/x.service` },
    ],
    [
      "the administrator's outranks the package's",
      "x.service",
      [unit(`${LIB}/x.service`), unit(`${ETC}/x.service`, "")],
      { kind: "masked", path: `${ETC}/x.service`, how: "empty" },
    ],
    [
      "a file below a folder is none",
      "x.service",
      [unit(`${ETC}/multi-user.target.wants/x.service`)],
      { kind: "missing" },
    ],
  ];
  for (const [title, name, files, state] of rows)
    it(title, () => assert.deepEqual(stateOf(name, unitFiles(files)), state));

  it("names are those of unit files, not of what lies in folders below", () =>
    assert.deepEqual(
      [...unitNames(unitFiles([...UBUNTU.slice(0, 1), unit(`${ETC}/a.wants/b.service`)]))],
      ["systemd-journald.service"],
    ));

  it("words of a key: of its section, over all lines, from the last empty one", () => {
    const text = "[Unit]\nRequires=a b\nRequires=\nRequires = c \\\n d\n[Install]\nRequires=z\n";
    assert.deepEqual(wordsOf(text, "Unit", "Requires"), ["c", "d"]);
    assert.deepEqual(wordsOf(text, "Unit", "Wants"), []);
  });
});

describe("masks", () => {
  it("what stays behind is said: what starts it, and what cannot do without it", () => {
    const { mask, refusals, notes } = planMasks(
      ["systemd-journald.service", "syslog.socket", "apt-daily.service"],
      UBUNTU,
    );
    assert.deepEqual(mask, ["systemd-journald.service", "syslog.socket", "apt-daily.service"]);
    assert.deepEqual(refusals, []);
    assert.deepEqual(notes, [
      "systemd-journald.socket starts systemd-journald.service, and fails while that is masked",
      "rsyslog.service cannot start without syslog.socket",
      "apt-daily.timer starts apt-daily.service, and fails while that is masked",
    ]);
  });

  it("the logging units of T13 leave nothing behind on Ubuntu", () => {
    const there = LOGGING_UNITS.map((each) => each.unit).filter((each) => unitNames(unitFiles(UBUNTU)).has(each));
    assert.deepEqual(planMasks(there, UBUNTU).notes, []);
  });

  const refused: [string, string, UnitFile[], string, RegExp][] = [
    ["another name", "syslog.service", UBUNTU, "tuning.service.alias", /empty the file of rsyslog\.service itself/],
    [
      "a link elsewhere",
      "x.service",
      [link(`${ETC}/x.service`, "/opt/x.service")],
      "tuning.service.link",
      /symbolic link/,
    ],
    [
      "a unit made at run time",
      "x.service",
      [unit("/run/systemd/transient/x.service")],
      "tuning.service.outranked",
      /outranks/,
    ],
  ];
  for (const [title, name, files, code, message] of refused)
    it(`${title} is refused`, () => {
      const { mask, refusals } = planMasks([name], files);
      assert.deepEqual(mask, []);
      assert.equal(refusals[0]?.code, code);
      assert.match(refusals[0]?.message ?? "", message);
    });

  it("what systemctl mask did is left, and said; an empty file of somebody else is claimed", () => {
    const files = [link(`${ETC}/a.service`, "/dev/null"), unit(`${ETC}/b.service`, "")];
    const { mask, notes } = planMasks(["a.service", "b.service"], files);
    assert.deepEqual(mask, ["b.service"]);
    assert.deepEqual(notes, [`a.service is masked already: ${ETC}/a.service is a link to /dev/null`]);
  });

  it("a generated unit is masked like a package's", () =>
    assert.deepEqual(planMasks(["x.service"], [unit("/run/systemd/generator.late/x.service")]).mask, ["x.service"]));

  const needed = [
    "ssh.service",
    "sshd.service",
    "ssh.socket",
    "sshd@1.service",
    "dbus.service",
    "systemd-udevd.service",
    "systemd-networkd.service",
    "NetworkManager.service",
    "networking.service",
    "systemd-sysctl.service",
    "emergency.service",
    "getty@tty1.service",
    "serial-getty@ttyS0.service",
  ];
  for (const name of needed)
    it(`${name} must not be masked`, () =>
      assert.throws(() => checkMask(name, "services"), { code: "tuning.service.needed" }));
  for (const name of [
    ...LOGGING_UNITS.map((each) => each.unit),
    "irqbalance.service",
    "apt-daily.timer",
    "sshguard.service",
    "systemd-timesyncd.service",
  ])
    it(`${name} may be`, () => checkMask(name, "services"));
});

describe("what makes a mask known", () => {
  it("sockets and timers stop first, and start last; only what ran is started", () => {
    const units = ["a.service", "b.socket", "c.timer"];
    assert.deepEqual(maskCommands(units), {
      masked: [["stop", "b.socket", "c.timer", "a.service"], ["daemon-reload"]],
      givenBack: [["daemon-reload"], ["start", "--no-block", "a.service", "c.timer", "b.socket"]],
    });
    assert.deepEqual(maskCommands(units, ["b.socket"]).givenBack, [
      ["daemon-reload"],
      ["start", "--no-block", "b.socket"],
    ]);
    assert.deepEqual(maskCommands([]), { masked: [["daemon-reload"]], givenBack: [["daemon-reload"]] });
  });
});
