import assert from "node:assert/strict";
import { dmArguments, preparation, type VmConfig, wordsOf } from "../../../../provider/core/acrn/launch";
import { AcrnError } from "../../../../provider/core/errors";
import { EVERY_DEVICE, rtvm } from "./vm";

const LOG = "--logger_setting console,level=4;kmsg,level=3;disk,level=5";
const MONITOR = "--intr_monitor 10000,10,1,100";
const said = (vm: VmConfig) => dmArguments(vm).flatMap(wordsOf).join(" ");

const v2 = (changes: Partial<VmConfig> = {}) => rtvm({ dialect: "2.x", ...changes });
const standard: Partial<VmConfig> = { realtime: false, lapicPassthrough: false };
const nic = { bdf: "02:00.0", gpu: false, ptm: true };
const gpu = { bdf: "00:02.0", gpu: true, ptm: false };
const disk = { kind: "block", path: "/a.img" } as const;

describe("acrn-dm's arguments (reference 6.1, 6.2)", () => {
  const rows: [string, VmConfig, string][] = [
    ["3.x, an RTVM", rtvm(), `--cpu_affinity 4,6 -m 512M -s 0:0,hostbridge --rtvm --lapic_pt ${LOG} RT1`],
    [
      "3.x, an RTVM without LAPIC passthrough",
      rtvm({ lapicPassthrough: false }),
      `--cpu_affinity 4,6 -m 512M -s 0:0,hostbridge --rtvm ${LOG} RT1`,
    ],
    [
      "3.x, no RTVM: never --lapic_pt",
      rtvm({ ...standard, lapicPassthrough: true, windows: true, vuart0: true }),
      `--windows --cpu_affinity 4,6 -m 512M -s 1:0,lpc -l com1,stdio -s 0:0,hostbridge ${LOG} RT1`,
    ],
    [
      "3.x, APIC ids by number, not as text",
      rtvm({ apicIds: [24, 8, 16], pcpus: [1, 2, 3] }),
      `--cpu_affinity 8,16,24 -m 512M -s 0:0,hostbridge --rtvm --lapic_pt ${LOG} RT1`,
    ],
    [
      "3.x, every device: by kind, given numbers first, polling before what is polled",
      rtvm({ devices: EVERY_DEVICE, passthrough: [gpu, nic] }),
      "--cpu_affinity 4,6 -m 512M -s 0:0,hostbridge -s 8,ivshmem,hv:/shm,2 -s 3,uart,vuart_idx:1 -s 4,xhci,1-2,2-4 " +
        "--virtio_poll 1000000 -s 5,virtio-input,/dev/input/event3,kbd -s 6,virtio-console,@stdio:stdio_port " +
        "-s 7,virtio-net,tap=tap0,mac=02:00:00:00:00:09,vhost,mac_seed=...-RT1 -s 9,virtio-blk,/home/a.img,writeback " +
        "-s 10,virtio-gpu,geometry=fullscreen:0 -s 11,vhost-vsock,cid=5 -s 2,passthru,0/2/0 " +
        `-s 12,passthru,2/0/0,enable_ptm ${MONITOR} --rtvm --lapic_pt ${LOG} RT1`,
    ],
    [
      "3.x, a display alone is not monitored",
      rtvm({ ...standard, passthrough: [gpu] }),
      `--cpu_affinity 4,6 -m 512M -s 1:0,lpc -s 0:0,hostbridge -s 2,passthru,0/2/0 ${LOG} RT1`,
    ],
    [
      "3.x, one monitor for many devices",
      rtvm({
        passthrough: [
          { ...nic, ptm: false },
          { bdf: "a3:1f.7", gpu: false, ptm: false, options: "d3hot_reset" },
        ],
      }),
      `--cpu_affinity 4,6 -m 512M -s 0:0,hostbridge -s 3,passthru,2/0/0 ${MONITOR} -s 4,passthru,a3/1f/7,d3hot_reset ` +
        `--rtvm --lapic_pt ${LOG} RT1`,
    ],
    [
      "3.x, vsock is not polled",
      rtvm({ devices: [{ kind: "vsock", cid: 3 }] }),
      `--cpu_affinity 4,6 -m 512M -s 0:0,hostbridge -s 3,vhost-vsock,cid=3 --rtvm --lapic_pt ${LOG} RT1`,
    ],
    [
      "3.x, polling as declared, for any VM",
      rtvm({ ...standard, virtioPoll: 500, devices: [disk] }),
      `--cpu_affinity 4,6 -m 512M -s 1:0,lpc -s 0:0,hostbridge --virtio_poll 500 -s 3,virtio-blk,/a.img ${LOG} RT1`,
    ],
    [
      "3.x, polling switched off",
      rtvm({ virtioPoll: 0, devices: [disk] }),
      `--cpu_affinity 4,6 -m 512M -s 0:0,hostbridge -s 3,virtio-blk,/a.img --rtvm --lapic_pt ${LOG} RT1`,
    ],
    [
      "a kernel of acrn-dm's own boot; further words before the name",
      rtvm({
        loader: { how: "kernel", image: "/k", args: "root=/dev/vda rw", ramdisk: "/r" },
        dmArgs: ["--debugexit"],
      }),
      `--cpu_affinity 4,6 -m 512M -k /k -r /r -B root=/dev/vda rw -s 0:0,hostbridge --rtvm --lapic_pt ${LOG} --debugexit RT1`,
    ],
    [
      "OVMF whose variables are kept",
      rtvm({ loader: { how: "ovmf", file: "/c.fd", vars: "/v.fd" } }),
      `--cpu_affinity 4,6 -m 512M --ovmf code=/c.fd,vars=/v.fd,w -s 0:0,hostbridge --rtvm --lapic_pt ${LOG} RT1`,
    ],
    [
      "a disk image on a partition",
      rtvm({ ...standard, pcpus: [], devices: [{ kind: "block", path: "/x/a.img", partition: "/dev/sda3" }] }),
      `-m 512M -s 1:0,lpc -s 0:0,hostbridge -s 3,virtio-blk,/run/pulumi-acrn/mnt/RT1/0/x/a.img ${LOG} RT1`,
    ],
    [
      "2.7, hard RT: pCPU ids, --lapic_pt alone, no UUID",
      v2(),
      `-A -m 512M -s 0:0,hostbridge --mac_seed ...-RT1 --virtio_poll 1000000 --lapic_pt ${LOG} --cpu_affinity 2,3 RT1`,
    ],
    [
      "2.5, soft RT: --rtvm alone, UUID",
      v2({ uuid: "u", lapicPassthrough: false, vuart0: true }),
      `-A -m 512M -s 0:0,hostbridge -U u --mac_seed ...-RT1 --virtio_poll 1000000 --rtvm ${LOG} --cpu_affinity 2,3 -s 1:0,lpc -l com1,stdio RT1`,
    ],
    [
      "2.x, SCHED_NOOP: no --cpu_affinity",
      v2({ ...standard, scheduler: "SCHED_NOOP", windows: true }),
      `-A -m 512M -s 0:0,hostbridge --windows ${LOG} -s 1:0,lpc RT1`,
    ],
    [
      "2.5, every device: numbers for what is passed through first, none for 14 and 15 beside 6 and 7",
      v2({
        uuid: "u",
        devices: [
          ...EVERY_DEVICE.slice(0, 7),
          disk,
          disk,
          { kind: "ivshmem", region: "hv:/s,2" },
          { kind: "vuart", index: 0 },
        ],
        passthrough: [
          { ...gpu, options: "gpu" },
          { ...nic, ptm: false },
        ],
      }),
      "-A -m 512M -s 0:0,hostbridge -U u --mac_seed ...-RT1 --virtio_poll 1000000 --lapic_pt " +
        `${LOG} -s 5,xhci,1-2,2-4 -s 6,virtio-input,/dev/input/event3,kbd -s 7,virtio-blk,/home/a.img,writeback -s 8,virtio-blk,/a.img -s 9,virtio-blk,/a.img ` +
        "-s 10,virtio-net,tap0,mac=02:00:00:00:00:09,vhost -s 11,virtio-console,@stdio:stdio_port -s 12,virtio-gpu,geometry=fullscreen:0 " +
        `-s 13,vhost-vsock,cid=5 -s 2,passthru,0/2/0,gpu --cpu_affinity 2,3 -s 16,ivshmem,hv:/s,2 ${MONITOR} -s 4,passthru,02/00/0 -s 17,uart,vuart_idx:0 RT1`,
    ],
    [
      "2.7, a display stands before the virtual devices",
      v2({ ...standard, devices: [disk], passthrough: [gpu] }),
      `-A -m 512M -s 0:0,hostbridge --mac_seed ...-RT1 ${LOG} -s 2,passthru,0/2/0 -s 4,virtio-blk,/a.img --cpu_affinity 2,3 -s 1:0,lpc RT1`,
    ],
  ];
  for (const [name, vm, expected] of rows) it(name, () => assert.equal(said(vm), expected));

  it("refuses what cannot be said", () => {
    const refused = (vm: VmConfig) => {
      try {
        return said(vm);
      } catch (error) {
        return error instanceof AcrnError ? error.code : String(error);
      }
    };
    const { apicIds: _, ...unknown } = rtvm();
    assert.equal(refused(unknown), "launch.apic-ids");
    assert.equal(refused(rtvm({ devices: Array.from({ length: 28 }, () => ({ ...disk })) })), "launch.slots");
    assert.match(said(rtvm({ devices: Array.from({ length: 27 }, () => ({ ...disk })) })), /-s 29,virtio-blk/);
  });
});

describe("what a launch prepares", () => {
  const handOver = (vm: VmConfig) => {
    const found = preparation(vm).handOver;
    return found ? `${found.by} ${found.ids.join()}` : "shared";
  };
  const { apicIds: _, ...numbered } = v2();
  const rows: [string, VmConfig, string][] = [
    ["3.x, RTVM", rtvm(), "apic 4,6"],
    ["3.x, standard", rtvm(standard), "shared"],
    ["3.x, own_pcpu", rtvm({ ...standard, ownPcpu: true }), "apic 4,6"],
    ["3.x, SCHED_NOOP", rtvm({ ...standard, scheduler: "SCHED_NOOP" }), "apic 4,6"],
    ["2.x, RTVM, APIC ids known", v2(), "apic 4,6"],
    ["2.x, RTVM, an old board file", numbered, "cpu 2,3"],
    ["2.x, SCHED_NOOP", { ...numbered, ...standard, scheduler: "SCHED_NOOP" }, "cpu 2,3"],
    ["2.x has no own_pcpu", v2({ ...standard, ownPcpu: true }), "shared"],
    ["no pCPUs are named", rtvm({ pcpus: [] }), "shared"],
  ];
  for (const [name, vm, expected] of rows) it(`CPUs: ${name}`, () => assert.equal(handOver(vm), expected));

  it("files, partitions, devices, interfaces", () => {
    const vm = rtvm({
      loader: { how: "ovmf", file: "/c.fd", vars: "/v.fd" },
      devices: [
        ...EVERY_DEVICE,
        { kind: "block", path: "nodisk" },
        { kind: "block", path: "a.img,ro", partition: "/dev/sda3" },
        { kind: "block", path: "b.img", partition: "/dev/sda3" },
        { kind: "network", tap: "tap0", vhost: false },
        { kind: "input", device: "Device name: Keys, Device physical path: usb-1/input0" },
      ],
      passthrough: [nic],
    });
    assert.deepEqual(preparation(vm), {
      files: ["/c.fd", "/v.fd", "/dev/input/event3", "/home/a.img"],
      filesOnMounts: ["/run/pulumi-acrn/mnt/RT1/0/a.img", "/run/pulumi-acrn/mnt/RT1/0/b.img"],
      mounts: [{ partition: "/dev/sda3", at: "/run/pulumi-acrn/mnt/RT1/0" }],
      unbind: ["0000:02:00.0"],
      taps: ["tap0"],
      handOver: { by: "apic", ids: [4, 6] },
    });
  });
});
