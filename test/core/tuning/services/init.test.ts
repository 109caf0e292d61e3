import assert from "node:assert/strict";
import { type Fact, known, unknown } from "../../../../provider/core/tuning/fact";
import { type Init, initBy, noUnitsBecause } from "../../../../provider/core/tuning/services/init";

describe("init systems", () => {
  const signs = (comm: string | undefined, initTarget?: string, paths: string[] = []) => ({
    comm,
    initTarget,
    has: (path: string) => paths.includes(path),
  });
  const rows: [string, Parameters<typeof initBy>[0], Init | undefined][] = [
    ["systemd that runs", signs("systemd\n", "/lib/systemd/systemd", ["/run/systemd/system"]), "systemd"],
    ["systemd in a folder", signs(undefined, "/usr/lib/systemd/systemd"), "systemd"],
    ["systemd under another name", signs("init\n", "/lib/systemd/systemd", ["/run/systemd/system"]), "systemd"],
    ["Yocto with sysvinit", signs("init\n", "/sbin/init.sysvinit"), "sysvinit"],
    ["busybox", signs("init\n", "/bin/busybox"), "busybox"],
    ["OpenRC over busybox", signs("init\n", "/bin/busybox", ["/sbin/openrc"]), "openrc"],
    ["OpenRC over sysvinit", signs("init\n", "/sbin/init.sysvinit", ["/sbin/openrc"]), "openrc"],
    ["OpenRC's own", signs("openrc-init\n", "/sbin/openrc-init"), "openrc"],
    ["runit", signs("runit\n", "/sbin/runit-init"), "runit"],
    ["something else", signs("s6-svscan\n", "/x"), "other"],
    ["nothing to go by", signs(undefined, undefined), undefined],
  ];
  for (const [title, given, init] of rows)
    it(title, () => {
      const fact = initBy(given);
      assert.equal(fact.known ? fact.value : undefined, init);
      assert.ok(fact.why);
    });

  it("says what told", () => {
    assert.equal(initBy(signs("init\n", "/bin/busybox")).why, "PID 1 is /bin/busybox");
    assert.equal(initBy(signs(undefined, "/bin/busybox")).why, "/sbin/init is /bin/busybox");
  });

  it("without systemd there is a reason, and what to do", () => {
    const of = (fact: Fact<Init>) => noUnitsBecause(fact);
    assert.equal(of(known("systemd")), undefined);
    assert.match(of(known("sysvinit", "PID 1 is init"))?.why ?? "", /sysvinit \(PID 1 is init\)/);
    assert.match(of(known("openrc", "x"))?.hint ?? "", /rc-update del/);
    assert.match(of(unknown("nobody knows"))?.why ?? "", /nobody knows/);
  });
});
