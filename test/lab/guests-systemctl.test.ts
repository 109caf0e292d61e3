import assert from "node:assert/strict";
import { timeSpan } from "../../examples/lab/server/physics/guest/systemd/exec";
import { type Bare, withBare } from "./support/bare";

const ETC = "etc/systemd/system";

describe("lab guests: systemctl", function () {
  this.timeout(60_000);

  type Row = [command: string, code: number, out: string | RegExp, err?: RegExp];
  const run = async (bare: Bare, rows: readonly Row[]): Promise<void> => {
    for (const [command, code, out, err = /^$/] of rows) {
      const said = await bare.on(command);
      assert.equal(said.exit.code, code, `${command}: ${said.out} ${said.err}`);
      if (typeof out === "string") assert.equal(said.out, out, command);
      else assert.match(said.out, out, command);
      assert.match(said.err, err, command);
    }
  };
  const table = (title: string, rows: readonly Row[], prepare: (bare: Bare) => void = () => {}): void => {
    it(
      title,
      withBare({ layout: "ubuntu" }, async (bare) => {
        prepare(bare);
        await run(bare, rows);
      }),
    );
  };

  table("what is there, and what it is called", [
    ["systemctl is-active ssh rsyslog irqbalance apt-daily.timer systemd-journald.socket", 0, "active\n".repeat(5)],
    ["systemctl is-active apt-daily.service gone", 3, "inactive\ninactive\n"],
    [
      "systemctl is-enabled ssh sshd rsyslog syslog.service systemd-journald.service apt-daily.service apt-daily.timer",
      0,
      "enabled\nalias\nenabled\nalias\nstatic\nstatic\nenabled\n",
    ],
    [
      "systemctl is-enabled gone",
      1,
      "",
      /^Failed to get unit file state for gone\.service: No such file or directory$/m,
    ],
    [
      "systemctl show -p Id,LoadState,ActiveState syslog.service",
      0,
      "Id=rsyslog.service\nLoadState=loaded\nActiveState=active\n",
    ],
    ["systemctl show -p LoadState --value gone", 0, "not-found\n"],
    ["systemctl frobnicate", 1, "", /Unknown command verb frobnicate/],
    ["systemctl is-system-running", 0, "running\n"],
    ["systemctl get-default", 0, "multi-user.target\n"],
  ]);

  table("a mask is a link to /dev/null, and unmask takes it away", [
    ["systemctl mask irqbalance", 0, "", /Created symlink \/etc\/systemd\/system\/irqbalance\.service → \/dev\/null/],
    ["systemctl is-enabled irqbalance; systemctl is-active irqbalance", 0, "masked\nactive\n"],
    [
      "systemctl start irqbalance; systemctl show -p LoadState --value irqbalance",
      0,
      "masked\n",
      /Failed to start irqbalance\.service: Unit irqbalance\.service is masked\./,
    ],
    ["systemctl stop irqbalance; systemctl is-active irqbalance", 3, "inactive\n"],
    ["systemctl start irqbalance", 1, "", /is masked/],
    ["systemctl enable irqbalance", 1, "", /is masked/],
    [
      "systemctl unmask irqbalance && systemctl start irqbalance && systemctl is-active irqbalance",
      0,
      "active\n",
      /Removed/,
    ],
  ]);

  table(
    "an empty file masks as well, for starts once it was read, for is-enabled at once",
    [
      ["systemctl is-enabled irqbalance", 1, "masked\n"],
      ["systemctl show -p LoadState,NeedDaemonReload irqbalance", 0, "LoadState=loaded\nNeedDaemonReload=yes\n"],
      [
        "systemctl daemon-reload; systemctl show -p LoadState,NeedDaemonReload,ActiveState irqbalance",
        0,
        "LoadState=masked\nNeedDaemonReload=no\nActiveState=active\n",
      ],
      ["systemctl restart irqbalance", 1, "", /is masked/],
      ["systemctl mask irqbalance", 1, "", /File \/etc\/systemd\/system\/irqbalance\.service already exists/],
    ],
    (bare) => bare.write(`${ETC}/irqbalance.service`, ""),
  );

  table("a file with a comment alone is no mask", [["systemctl is-enabled irqbalance", 0, "enabled\n"]], (bare) =>
    bare.write(`${ETC}/irqbalance.service`, "# nothing\n"),
  );

  table("disable takes links away, and enable puts them back", [
    [
      "systemctl disable --now rsyslog",
      0,
      "",
      /Removed \/etc\/systemd\/system\/multi-user\.target\.wants\/rsyslog\.service\.\nRemoved .*\/syslog\.service\./,
    ],
    ["systemctl is-enabled rsyslog", 1, "disabled\n"],
    ["systemctl enable rsyslog", 0, "", /Created symlink .*multi-user\.target\.wants/],
    ["systemctl is-enabled rsyslog syslog.service", 0, "enabled\nalias\n"],
    ["systemctl enable gone", 1, "", /Unit file gone\.service does not exist/],
  ]);

  table("journald comes back by its sockets, unless they are stopped too", [
    [
      "systemctl stop systemd-journald; systemctl is-active systemd-journald",
      0,
      "active\n",
      /it can still be activated by:\n {2}systemd-journald/,
    ],
    [
      "systemctl stop systemd-journald.socket systemd-journald-dev-log.socket systemd-journald-audit.socket systemd-journald",
      0,
      "",
    ],
    ["systemctl is-active systemd-journald", 3, "inactive\n"],
  ]);

  it(
    "what is masked does not start at boot, and a socket whose service is masked fails",
    withBare({ layout: "debian" }, async (bare) => {
      for (const name of ["systemd-journald.service", "irqbalance.service"]) bare.write(`${ETC}/${name}`, "");
      await bare.reboot();
      await run(bare, [
        ["systemctl is-active systemd-journald irqbalance ssh", 0, "inactive\ninactive\nactive\n"],
        ["systemctl is-failed systemd-journald.socket", 0, "failed\n"],
        ["systemctl is-system-running", 1, "degraded\n"],
      ]);
      for (const name of ["", "-dev-log", "-audit"]) bare.write(`${ETC}/systemd-journald${name}.socket`, "");
      bare.write(`${ETC}/systemd-journal-flush.service`, "");
      await bare.reboot();
      await run(bare, [["systemctl is-system-running", 0, "running\n"]]);
    }),
  );

  it(
    "a unit of somebody's own runs its programs, also those of a drop-in's Wants=, at each boot",
    withBare({ layout: "debian" }, async (bare) => {
      bare.write(
        "usr/local/lib/ours.sh",
        "#!/bin/sh\necho never >/sys/kernel/mm/transparent_hugepage/enabled\necho 1 >>/var/lib/ran\n",
        0o755,
      );
      bare.write(
        `${ETC}/ours.service`,
        "[Service]\nType=oneshot\nRemainAfterExit=yes\nExecStart=-/bin/sh -c 'exit 3'\nExecStart=/bin/sh /usr/local/lib/ours.sh\n",
      );
      bare.write(`${ETC}/multi-user.target.d/50-ours.conf`, "[Unit]\nWants=ours.service\n");
      await bare.reboot();
      await bare.happened("ours.service ended with 0");
      await run(bare, [
        ["systemctl is-active ours; systemctl is-enabled ours", 0, "active\nstatic\n"],
        [
          "cat $PULUMI_ACRN_ROOT/sys/kernel/mm/transparent_hugepage/enabled $PULUMI_ACRN_ROOT/var/lib/ran",
          0,
          "always madvise [never]\n1\n",
        ],
      ]);
    }),
  );

  it(
    "a unit that fails says so",
    withBare({ layout: "debian" }, async (bare) => {
      bare.write(`${ETC}/ours.service`, "[Service]\nType=oneshot\nExecStart=/bin/false\n");
      await bare.out("systemctl start ours");
      await bare.happened("ours.service ended with 1");
      await run(bare, [
        ["systemctl is-failed ours", 0, "failed\n"],
        ["systemctl reset-failed ours; systemctl is-failed ours", 1, "inactive\n"],
      ]);
    }),
  );

  const spans: [text: string, seconds: number | undefined][] = [
    ["90", 90],
    ["1min 30s", 90],
    ["200ms", 0.2],
    ["2h", 7200],
    ["infinity", undefined],
    ["3 parsecs", undefined],
  ];
  for (const [text, seconds] of spans) it(`a time of ${text}`, () => assert.equal(timeSpan(text, 1), seconds));

  it(
    "sysvinit has none of it",
    withBare({ layout: "yocto", init: "sysvinit" }, async (bare) => {
      assert.notEqual((await bare.on("systemctl is-active sshd")).exit.code, 0);
      assert.ok(!bare.has("run/systemd/system"));
    }),
  );
});
