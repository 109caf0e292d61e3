/**
 * What ACRN's own generator gives acrn-dm for its own scenarios: launch_cfg_gen.py of 3.4-dev, and that of v2.5 for each VM of its launch
 * files alone, run over ../shared/acrn-data; then their scripts with a device model that records its arguments, on the machine of
 * machine.ts. Four things were mended by hand, and are meant: a scenario without `memory/size` gives `-m NoneM` there and one without
 * `vbootloader` no `--ovmf`, where the schema has defaults; and `,0` after the size of a shared memory region, which older versions lack. v2.5
 * puts the LPC bridge at 31:0, which v2.6 took back. 2.x leaves `--cpu_affinity` out where the launch file names no pCPU, and the hypervisor takes the scenario's; we say them.
 */
export interface Expected {
  args: string;
  /** Folder and file; for 2.x the launch file, and the VM's number in it. */
  of: string[];
}

const PIECES: Record<string, string> = {
  "{ovmf}": "--ovmf /usr/share/acrn/bios/OVMF.fd",
  "{log}": "--logger_setting console,level=4;kmsg,level=3;disk,level=5",
  "{mac}": "02:00:00:00:00:01",
  "{monitor}": "--intr_monitor 10000,10,1,100",
};

export function wordsExpected({ args }: Expected): string[] {
  return args.replace(/\{\w+\}/g, (piece) => PIECES[piece] ?? piece).split(" ");
}

export const V3: Expected[] = [
  {
    args: "--windows --cpu_affinity 4 -m 4096M {ovmf} -s 1:0,lpc -s 0:0,hostbridge -s 3,virtio-console,@stdio:stdio_port -s 4,virtio-net,tap=WaaG,mac_seed={mac}-POST_STD_VM1 -s 5,virtio-blk,./win10-ltsc.img -s 2,passthru,0/2/0 {log} POST_STD_VM1",
    of: ["generic_board/hybrid", "tgl-vecow-spc-7100-Corei7/hybrid"],
  },
  {
    args: "--cpu_affinity 4 -m 512M {ovmf} -s 1:0,lpc -s 0:0,hostbridge -s 3,virtio-console,@stdio:stdio_port -s 4,virtio-net,tap=YaaG,mac_seed={mac}-POST_STD_VM2 -s 5,virtio-blk,./YaaG.img {log} POST_STD_VM2",
    of: [
      "generic_board/hybrid",
      "nuc11tnbi5/hybrid",
      "nuc11tnbi5/hybrid_launch_2user_vm",
      "tgl-vecow-spc-7100-Corei7/hybrid",
      "whl-ipc-i5/hybrid",
    ],
  },
  {
    args: "--windows --cpu_affinity 0,2 -m 4096M {ovmf} -s 1:0,lpc -s 0:0,hostbridge -s 3,virtio-console,@stdio:stdio_port -s 4,virtio-net,tap=WaaG,mac_seed={mac}-POST_STD_VM1 -s 5,virtio-blk,./win10-ltsc.img -s 2,passthru,0/2/0 {log} POST_STD_VM1",
    of: [
      "generic_board/shared",
      "tgl-vecow-spc-7100-Corei7/shared",
      "tgl-vecow-spc-7100-Corei7/shared_launch_2user_vm",
    ],
  },
  {
    args: "--cpu_affinity 4,6 -m 1024M {ovmf} -s 0:0,hostbridge --virtio_poll 1000000 -s 3,virtio-console,@stdio:stdio_port -s 4,virtio-net,tap=RT,mac_seed={mac}-POST_RT_VM1 -s 5,virtio-blk,./core-image-weston-intel-corei7-64.wic --rtvm --lapic_pt {log} POST_RT_VM1",
    of: [
      "generic_board/shared",
      "nuc11tnbi5/shared",
      "nuc11tnbi5/shared_launch_6user_vm",
      "tgl-vecow-spc-7100-Corei7/shared",
      "tgl-vecow-spc-7100-Corei7/shared_launch_2user_vm",
      "whl-ipc-i5/shared",
      "whl-ipc-i5/shared_launch_2user_vm",
      "whl-ipc-i5/shared_launch_6user_vm",
    ],
  },
  {
    args: "--windows --cpu_affinity 4 -m 4096M {ovmf} -s 1:0,lpc -s 0:0,hostbridge -s 3,virtio-net,tap=WaaG,mac_seed={mac}-POST_STD_VM1 -s 4,virtio-blk,./win10-ltsc.img -s 2,passthru,0/2/0 {log} POST_STD_VM1",
    of: ["nuc11tnbi5/hybrid", "nuc11tnbi5/hybrid_launch_2user_vm", "whl-ipc-i5/hybrid"],
  },
  {
    args: "--windows --cpu_affinity 0,2 -m 4096M {ovmf} -s 1:0,lpc -s 0:0,hostbridge -s 3,virtio-net,tap=WaaG,mac_seed={mac}-POST_STD_VM1 -s 4,virtio-blk,./win10-ltsc.img -s 2,passthru,0/2/0 {log} POST_STD_VM1",
    of: ["nuc11tnbi5/shared", "nuc11tnbi5/shared_launch_6user_vm"],
  },
  {
    args: "--cpu_affinity 0,2 -m 512M {ovmf} -s 1:0,lpc -s 0:0,hostbridge -s 3,virtio-console,@stdio:stdio_port -s 4,virtio-net,tap=YaaG3,mac_seed={mac}-POST_STD_VM2 -s 5,virtio-blk,./YaaG.img {log} POST_STD_VM2",
    of: [
      "nuc11tnbi5/shared",
      "nuc11tnbi5/shared_launch_6user_vm",
      "whl-ipc-i5/shared",
      "whl-ipc-i5/shared_launch_6user_vm",
    ],
  },
  {
    args: "--cpu_affinity 0,2 -m 512M {ovmf} -s 1:0,lpc -s 0:0,hostbridge -s 3,virtio-console,@stdio:stdio_port -s 4,virtio-net,tap=YaaG4,mac_seed={mac}-POST_STD_VM3 -s 5,virtio-blk,./YaaG.img {log} POST_STD_VM3",
    of: [
      "nuc11tnbi5/shared",
      "nuc11tnbi5/shared_launch_6user_vm",
      "whl-ipc-i5/shared",
      "whl-ipc-i5/shared_launch_6user_vm",
    ],
  },
  {
    args: "--cpu_affinity 0,2 -m 512M {ovmf} -s 1:0,lpc -s 0:0,hostbridge -s 3,virtio-console,@stdio:stdio_port -s 4,virtio-net,tap=YaaG5,mac_seed={mac}-POST_STD_VM4 -s 5,virtio-blk,./YaaG.img {log} POST_STD_VM4",
    of: [
      "nuc11tnbi5/shared",
      "nuc11tnbi5/shared_launch_6user_vm",
      "whl-ipc-i5/shared",
      "whl-ipc-i5/shared_launch_6user_vm",
    ],
  },
  {
    args: "--cpu_affinity 0,2 -m 512M {ovmf} -s 1:0,lpc -s 0:0,hostbridge -s 3,virtio-console,@stdio:stdio_port -s 4,virtio-net,tap=YaaG6,mac_seed={mac}-POST_STD_VM5 -s 5,virtio-blk,./YaaG.img {log} POST_STD_VM5",
    of: [
      "nuc11tnbi5/shared",
      "nuc11tnbi5/shared_launch_6user_vm",
      "whl-ipc-i5/shared",
      "whl-ipc-i5/shared_launch_6user_vm",
    ],
  },
  {
    args: "--cpu_affinity 1 -m 1024M {ovmf} -s 1:0,lpc -s 0:0,hostbridge {log} POST_STD_VM1",
    of: ["qemu/shared"],
  },
  {
    args: "--windows --cpu_affinity 0,2 -m 4096M {ovmf} -s 1:0,lpc -l com1,stdio -s 0:0,hostbridge -s 8,ivshmem,hv:/shm_region_0,2 -s 3,virtio-net,tap=WaaG,mac_seed={mac}-POST_STD_VM1 -s 4,virtio-blk,./win10-ltsc.img -s 5,passthru,0/1f/3 {monitor} -s 2,passthru,0/2/0 {log} POST_STD_VM1",
    of: ["whl-ipc-i5/hybrid_rt", "whl-ipc-i5/hybrid_rt_launch_1user_vm_waag"],
  },
  {
    args: "--cpu_affinity 2 -m 512M {ovmf} -s 1:0,lpc -s 0:0,hostbridge -s 3,virtio-console,@stdio:stdio_port -s 4,virtio-net,tap=YaaG,mac_seed={mac}-POST_STD_VM2 -s 5,virtio-blk,./YaaG.img {log} POST_STD_VM2",
    of: ["whl-ipc-i5/hybrid_rt", "whl-ipc-i5/hybrid_rt_launch_1user_vm_waag"],
  },
  {
    args: "--windows --cpu_affinity 0,2 -m 4096M {ovmf} -s 1:0,lpc -s 0:0,hostbridge -s 3,virtio-net,tap=WaaG,mac_seed={mac}-POST_STD_VM1 -s 4,virtio-blk,./win10-ltsc.img -s 5,passthru,0/1f/3 {monitor} -s 2,passthru,0/2/0 {log} POST_STD_VM1",
    of: ["whl-ipc-i5/shared", "whl-ipc-i5/shared_launch_6user_vm"],
  },
  {
    args: "--windows --cpu_affinity 0,2 -m 4096M {ovmf} -s 1:0,lpc -l com1,stdio -s 0:0,hostbridge -s 3,virtio-net,tap=WaaG,mac_seed={mac}-POST_STD_VM1 -s 4,virtio-blk,./win10-ltsc.img -s 5,passthru,0/1f/3 {monitor} -s 2,passthru,0/2/0 {log} POST_STD_VM1",
    of: ["whl-ipc-i5/shared_launch_1user_vm_waag", "whl-ipc-i5/shared_launch_2user_vm"],
  },
  {
    args: "--cpu_affinity 4,6 -m 1024M {ovmf} -s 0:0,hostbridge --rtvm {log} POST_RT_VM1",
    of: ["whl-ipc-i5/shared_launch_1user_vm_waag"],
  },
  {
    args: "--cpu_affinity 0,2 -m 1024M {ovmf} -s 1:0,lpc -s 0:0,hostbridge {log} POST_STD_VM2",
    of: ["whl-ipc-i5/shared_launch_1user_vm_waag", "whl-ipc-i5/shared_launch_2user_vm"],
  },
  {
    args: "--cpu_affinity 0,2 -m 1024M {ovmf} -s 1:0,lpc -s 0:0,hostbridge {log} POST_STD_VM3",
    of: ["whl-ipc-i5/shared_launch_1user_vm_waag", "whl-ipc-i5/shared_launch_2user_vm"],
  },
  {
    args: "--cpu_affinity 0,2 -m 1024M {ovmf} -s 1:0,lpc -s 0:0,hostbridge {log} POST_STD_VM4",
    of: ["whl-ipc-i5/shared_launch_1user_vm_waag", "whl-ipc-i5/shared_launch_2user_vm"],
  },
  {
    args: "--cpu_affinity 0,2 -m 1024M {ovmf} -s 1:0,lpc -s 0:0,hostbridge {log} POST_STD_VM5",
    of: ["whl-ipc-i5/shared_launch_1user_vm_waag", "whl-ipc-i5/shared_launch_2user_vm"],
  },
];

export const V2: Expected[] = [
  {
    args: "-A -m 4096M -s 0:0,hostbridge -U d2795438-25d6-11e8-864e-cb7a18b34643 --windows {log} -s 5,virtio-blk,./win10-ltsc.img -s 6,virtio-net,tap_WaaG -s 2,passthru,0/2/0,gpu {ovmf} {monitor} -s 1:0,lpc -l com1,stdio -s 4,passthru,00/1f/3 post_vm_id1",
    of: [
      "hybrid_rt_launch_1uos_waag 1",
      "industry_launch_1uos_waag 1",
      "industry_launch_2uos 1",
      "industry_launch_6uos 1",
    ],
  },
  {
    args: "-A -m 1024M -s 0:0,hostbridge -U 495ae2e5-2603-4d64-af76-d4bc5a8ec0e5 --mac_seed {mac}-post_vm_id2 --virtio_poll 1000000 --lapic_pt {log} -s 5,virtio-console,@stdio:stdio_port {ovmf} {monitor} -s 4,passthru,02/00/0 post_vm_id2",
    of: ["industry_launch_1uos_hardrt 2", "industry_launch_2uos 2", "industry_launch_6uos 2"],
  },
  {
    args: "-A -m 512M -s 0:0,hostbridge -U 615db82a-e189-4b4f-8dbb-d321343e4ab3 --mac_seed {mac}-post_vm_id3 {log} {ovmf} -s 1:0,lpc post_vm_id3",
    of: ["industry_launch_6uos 3"],
  },
  {
    args: "-A -m 512M -s 0:0,hostbridge -U 38158821-5208-4005-b72a-8a609e4190d0 --mac_seed {mac}-post_vm_id4 {log} {ovmf} -s 1:0,lpc post_vm_id4",
    of: ["industry_launch_6uos 4"],
  },
  {
    args: "-A -m 512M -s 0:0,hostbridge -U a6750180-f87a-48d2-91d9-4e7f62b6519e --mac_seed {mac}-post_vm_id5 {log} {ovmf} -s 1:0,lpc post_vm_id5",
    of: ["industry_launch_6uos 5"],
  },
  {
    args: "-A -m 512M -s 0:0,hostbridge -U d1816e4a-a9bb-4cb4-a066-3f1a8a5ce73f --mac_seed {mac}-post_vm_id6 {log} {ovmf} -s 1:0,lpc post_vm_id6",
    of: ["industry_launch_6uos 6"],
  },
  {
    args: "-A -m 2048M -s 0:0,hostbridge -U d2795438-25d6-11e8-864e-cb7a18b34643 --mac_seed {mac}-post_vm_id1 {log} -s 4,virtio-blk,/home/clear/uos/uos.img -s 5,virtio-net,tap_LaaG -s 6,virtio-console,@stdio:stdio_port -s 2,passthru,0/2/0,gpu {ovmf} -s 1:0,lpc post_vm_id1",
    of: ["sdc_launch_1uos_laag 1"],
  },
];

/**
 * A VmConfig does not tell these from Linux: the generator gives neither a `--mac_seed`, which nothing there uses, and VxWorks an LPC bridge
 * although it is an RTVM.
 */
export const V2_APART = ["industry_launch_1uos_vxworks 1", "sdc_launch_1uos_zephyr 1"];
