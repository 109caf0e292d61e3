import assert from "node:assert/strict";
import type { Planned } from "../../provider/converge/plan-resource";
import { type MemoryGuest, withGuest } from "../support/memory-guest";

const UNITS = "/etc/systemd/system";
const NONE = { name: "none", entries: [] };
const codes = ({ refusals }: Planned) => refusals.map(({ code, property }) => `${code} ${property}`);
const fields = ({ plan }: Planned) => plan.edits.map(({ field }) => field);
const texts = (value: unknown) => (value as string[]).join("\n");

describe("GuestKernelTuning: services, sysctls, knobs, CPUs of a partition", function () {
  this.timeout(60_000);

  it(
    "a guest without systemd: services and knobs are warned about and not written, sysctls are",
    withGuest({ layout: "yocto", init: "sysvinit" }, (guest) => {
      const args = { rtCpus: "1", trial: false, services: { "syslog.service": "masked" } };
      const planned = guest.up(args);
      assert.match(planned.warnings.join("\n"), /^T13: services are left as they are: /m);
      assert.deepEqual(
        fields(planned).filter((field) => /^unit\[|^file\[/.test(field)),
        [],
      );
      assert.ok(fields(planned).includes("sysctl sysctl[kernel.timer_migration]"));
      const { warnings } = guest.plan({ ...args, profile: NONE, services: {} });
      assert.deepEqual(
        warnings.filter((text) => text.startsWith("T13")),
        [],
        "nothing of units was asked for",
      );
    }),
  );

  it(
    "a unit that a person masked by a link is left alone, another name of a unit is refused, and the others are masked",
    withGuest(
      { layout: "debian" },
      (guest) => {
        const services = { "a.service": "masked", "mine.service": "masked" };
        const args = { rtCpus: "1", profile: NONE, services };
        const planned = guest.plan(args);
        assert.deepEqual(fields(planned), ["unit[mine.service] file"]);
        assert.match(texts(planned.outputs.notes), /a\.service is masked already: .* is a link to \/dev\/null/);
        const refused = guest.plan({ ...args, services: { ...services, "b.service": "masked" } });
        assert.deepEqual(codes(refused), ["tuning.service.alias services.b.service"]);
        assert.deepEqual(refused.plan.edits, []);
      },
      { links: { [`${UNITS}/a.service`]: "/dev/null", [`${UNITS}/b.service`]: "/usr/lib/systemd/system/ssh.service" } },
    ),
  );

  it(
    "a unit file of the administrator's own has its text again afterwards",
    withGuest(
      { layout: "debian" },
      (guest) => {
        const before = guest.image();
        const args = { rtCpus: "1", profile: NONE, services: { "mine.service": "masked" } };
        guest.up(args);
        assert.equal(guest.read(`${UNITS}/mine.service`), "");
        assert.deepEqual(guest.ran, ["systemctl daemon-reload"]);
        guest.up({ ...args, services: {} });
        assert.equal(guest.read(`${UNITS}/mine.service`), "[Service]\nExecStart=/bin/true\n");
        guest.withdraw();
        assert.deepEqual(guest.changedSince(before), []);
      },
      { files: { [`${UNITS}/mine.service`]: "[Service]\nExecStart=/bin/true\n" } },
    ),
  );

  it(
    "knobs: script, unit and what starts it come and go together, and what is owed is said in the plan",
    withGuest({ layout: "debian" }, (guest) => {
      const before = guest.image();
      const args = { rtCpus: "1", profile: NONE, runtime: { transparent_hugepage: "never" } };
      const planned = guest.up(args);
      assert.deepEqual(guest.ran, ["systemctl daemon-reload", "systemctl restart pulumi-acrn-tuning.service"]);
      const note = `then ${guest.ran.join(", ")}`;
      assert.ok(planned.lines.includes(note), planned.lines.join("\n"));
      assert.deepEqual(guest.plan(args).lines, []);
      guest.up({ ...args, runtime: { transparent_hugepage: "madvise" } });
      assert.deepEqual(guest.ran.slice(2), ["systemctl restart pulumi-acrn-tuning.service"]);
      guest.withdraw();
      assert.deepEqual(guest.ran.slice(3), ["systemctl stop pulumi-acrn-tuning.service", "systemctl daemon-reload"]);
      assert.deepEqual(guest.changedSince(before), []);
    }),
  );

  it(
    "a partition with more CPUs than the guest runs with: nothing new, nothing given back, a warning; and written when it has them",
    withGuest({ layout: "debian", cpus: 2 }, (guest) => {
      const small = { partition: { rtCpus: "1", housekeepingCpus: "0" }, trial: false };
      guest.up(small);
      const [held, large] = [guest.image(), { ...small, partition: { rtCpus: "1-3", housekeepingCpus: "0" } }];
      const waits = guest.up(large);
      assert.deepEqual([waits.lines, guest.changedSince(held)], [[], []]);
      assert.match(waits.warnings.join(), /T10: .*its partition also gives it CPU 2-3/);
      guest.put("/sys/devices/system/cpu/present", "0-3\n");
      const planned = guest.up(large);
      assert.deepEqual(planned.warnings, []);
      assert.match(guest.read("/etc/default/grub"), /isolcpus=nohz,domain,1-3/);
    }),
  );

  it(
    "a guest that its launch script gives kernel and line: nothing of the line is claimed, and the note says what the RtVm takes",
    withGuest(
      { layout: "script" },
      (guest) => {
        const planned = guest.up({ rtCpus: "1" });
        assert.deepEqual(
          fields(planned).filter((field) => /^(?:line|trial)\[/.test(field)),
          [],
        );
        assert.match(
          texts(planned.outputs.notes),
          /which its RtVm owns: give that `loader: \{ kernel, args \}` with isolcpus=nohz,domain,1 idle=poll/,
        );
        assert.equal(planned.outputs.place, "-B of the launch script of RT");
        Object.assign(guest.settings, { guest: {} });
        assert.deepEqual(
          codes(guest.plan({ rtCpus: "1" })),
          ["tuning.no-place kernelArgs"],
          "whose script it is nobody said",
        );
      },
      { vm: "RT" },
    ),
  );

  it(
    "a sysctl is set now and at each boot, one that this kernel lacks is left out, and a later fragment that wins is told",
    withGuest({ layout: "debian" }, (guest) => {
      const args = { rtCpus: "1", profile: NONE, sysctls: { "vm.stat_interval": 10 } };
      guest.up({ ...args, profile: "acrn-tips+rt", trial: false });
      assert.equal(guest.read("/proc/sys/vm/stat_interval"), "10\n");
      assert.match(guest.read("/etc/sysctl.d/zz-pulumi-acrn.conf"), /^vm\.stat_interval = 10$/m);
      const { outputs } = guest.plan({ ...args, profile: "acrn-tips+rt", trial: false });
      assert.match(texts(outputs.notSet), /kernel\.numa_balancing: the guest has none/);
      guest.up(args);
      const beaten = (of: MemoryGuest) => of.plan(args).pending.filter(({ field }) => /stat_interval/.test(field));
      assert.deepEqual(
        beaten(guest).map(({ state }) => state),
        ["active"],
      );
      guest.put("/etc/sysctl.d/zzz.conf", "vm.stat_interval = 2\n");
      assert.match(beaten(guest)[0]?.evidence ?? "", /zzz\.conf.*it counts from the next boot/);
    }),
  );
});
