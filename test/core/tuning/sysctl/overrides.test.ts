import assert from "node:assert/strict";
import { type Fact, known, unknown } from "../../../../provider/core/tuning/fact";
import { SYSCTL_FRAGMENT } from "../../../../provider/core/tuning/sysctl/fragment";
import { type Loader, readOrder } from "../../../../provider/core/tuning/sysctl/order";
import { effectiveSysctls, overriddenOf } from "../../../../provider/core/tuning/sysctl/overrides";

const file = (path: string, text = "") => ({ path, text });
const ours = file(SYSCTL_FRAGMENT, "# us\nkernel.timer_migration = 0\nvm.stat_interval = 10\n");
const systemd = known<Loader>("systemd-sysctl");
const procps = known<Loader>("procps");
const nobody: Fact<Loader> = unknown("no init system was seen");

describe("the order of sysctl.d", () => {
  const files = [
    file("/usr/lib/sysctl.d/50-default.conf"),
    file("/etc/sysctl.d/99-sysctl.conf"),
    file("/lib/sysctl.d/50-default.conf"),
    file("/run/sysctl.d/10-a.conf"),
    file("/etc/sysctl.d/10-a.conf"),
    file("/usr/local/lib/sysctl.d/tuned.conf"),
    file("/etc/sysctl.d/README"),
    file("/etc/sysctl.d/sub/x.conf"),
    file("/etc/sysctl.d/Zebra.conf"),
    file("/etc/sysctl.conf"),
    ours,
  ];
  const order = [
    "/etc/sysctl.d/10-a.conf",
    "/usr/lib/sysctl.d/50-default.conf",
    "/etc/sysctl.d/99-sysctl.conf",
    "/etc/sysctl.d/Zebra.conf",
    "/usr/local/lib/sysctl.d/tuned.conf",
    SYSCTL_FRAGMENT,
  ];
  const paths = (loader: Loader) => readOrder(files, loader).map(({ path }) => path);

  it("systemd-sysctl reads by name, namesakes once, and never /etc/sysctl.conf", () =>
    assert.deepEqual(paths("systemd-sysctl"), order));
  it("procps reads /etc/sysctl.conf last", () => assert.deepEqual(paths("procps"), [...order, "/etc/sysctl.conf"]));
  it("ours comes last of what distributions and their tools have", () => {
    for (const name of [
      "99-sysctl.conf",
      "99-zz-local.conf",
      "k8s.conf",
      "tuned.conf",
      "xen.conf",
      "zfs.conf",
      "z.conf",
    ])
      assert.equal(
        readOrder([ours, file(`/etc/sysctl.d/${name}`)], "systemd-sysctl").at(-1)?.path,
        SYSCTL_FRAGMENT,
        name,
      );
  });
});

describe("a later line that overrides ours", () => {
  const rows: [title: string, others: ReturnType<typeof file>[], loader: Fact<Loader>, said: string[]][] = [
    ["nobody", [file("/etc/sysctl.d/50-x.conf", "kernel.timer_migration=1")], systemd, []],
    [
      "a later fragment",
      [file("/etc/sysctl.d/zzz.conf", "#\n\nkernel/timer_migration=1\n")],
      systemd,
      ["kernel.timer_migration = 0: /etc/sysctl.d/zzz.conf:3 sets it to 1, and is read later"],
    ],
    ["a later fragment that agrees", [file("/etc/sysctl.d/zzz.conf", "kernel.timer_migration= 0")], systemd, []],
    ["a pattern never beats a name", [file("/etc/sysctl.d/zzz.conf", "kernel.* = 1\nvm.stat_* = 1")], systemd, []],
    [
      "an exclusion, to systemd",
      [file("/etc/sysctl.d/zzz.conf", "-vm.stat_interval")],
      systemd,
      ["vm.stat_interval = 10: /etc/sysctl.d/zzz.conf:1 keeps it from being set, and is read later"],
    ],
    [
      "an exclusion, to procps, stops patterns alone",
      [file("/etc/sysctl.d/zzz.conf", "-vm.stat_interval")],
      procps,
      [],
    ],
    [
      "a dash and a blank, to systemd, is a name",
      [file("/etc/sysctl.d/zzz.conf", "- vm.stat_interval = 1")],
      systemd,
      ["vm.stat_interval = 10: /etc/sysctl.d/zzz.conf:1 sets it to 1, and is read later"],
    ],
    ["a dash and a blank, to procps, is none", [file("/etc/sysctl.d/zzz.conf", "- vm.stat_interval = 1")], procps, []],
    [
      "a dash alone is a name to both",
      [file("/etc/sysctl.d/zzz.conf", "-vm.stat_interval = 1")],
      procps,
      ["vm.stat_interval = 10: /etc/sysctl.d/zzz.conf:1 sets it to 1, and is read later"],
    ],
    [
      "of several the last one is named",
      [
        file("/etc/sysctl.d/zzz.conf", "vm.stat_interval=1\nvm.stat_interval=2"),
        file("/run/sysctl.d/zzy.conf", "vm.stat_interval=3"),
      ],
      systemd,
      ["vm.stat_interval = 10: /etc/sysctl.d/zzz.conf:2 sets it to 2, and is read later"],
    ],
    [
      "/etc/sysctl.conf, to procps",
      [file("/etc/sysctl.conf", "vm.stat_interval=1")],
      procps,
      ["vm.stat_interval = 10: /etc/sysctl.conf:1 sets it to 1, and is read later"],
    ],
    [
      "/etc/sysctl.conf, to systemd",
      [file("/etc/sysctl.conf", "vm.stat_interval=1")],
      systemd,
      [
        "vm.stat_interval = 10: /etc/sysctl.conf:1 sets it to 1, and `sysctl --system` of procps reads it last, at boot or by hand",
      ],
    ],
    [
      "where nobody knows who reads it",
      [file("/etc/sysctl.d/zzz.conf", "-vm.stat_interval")],
      nobody,
      [
        "vm.stat_interval = 10: /etc/sysctl.d/zzz.conf:1 keeps it from being set, and may be read later: who sets sysctls at boot is not known",
      ],
    ],
    [
      "a link to /dev/null hides its namesake",
      [file("/etc/sysctl.d/zzz.conf", ""), file("/usr/lib/sysctl.d/zzz.conf", "vm.stat_interval=1")],
      systemd,
      [],
    ],
  ];
  for (const [title, others, loader, said] of rows)
    it(title, () =>
      assert.deepEqual(
        overriddenOf([...others, ours], loader).map(({ text }) => text),
        said,
      ),
    );

  it("is certain only where its reader is", () => {
    const conf = [file("/etc/sysctl.conf", "vm.stat_interval=1"), ours];
    assert.deepEqual(
      overriddenOf(conf, procps).map(({ certain }) => certain),
      [true],
    );
    assert.deepEqual(
      overriddenOf(conf, systemd).map(({ certain }) => certain),
      [false],
    );
    assert.deepEqual(
      overriddenOf(conf, nobody).map(({ certain }) => certain),
      [false],
    );
  });

  it("without our fragment there is nothing to override", () =>
    assert.deepEqual(overriddenOf([file("/etc/sysctl.conf", "vm.stat_interval=1")], procps), []));

  it("what a name comes to, with its place", () => {
    const all = effectiveSysctls([file("/etc/sysctl.d/a.conf", "\nnet.ipv4.ip_forward = 1"), ours], "systemd-sysctl");
    assert.deepEqual(all.get("net.ipv4.ip_forward"), { value: "1", file: "/etc/sysctl.d/a.conf", line: 2 });
    assert.equal(all.get("kernel.timer_migration")?.value, "0");
  });
});
