import assert from "node:assert/strict";
import fc from "fast-check";
import type { VirtualDevice } from "../../../../provider/core/acrn/launch/types";
import { readVmConfig, virtioValue } from "../../../../provider/core/acrn/scenario";
import { scenarioSurface } from "../../../../provider/core/acrn/scenario-surface";
import { devicesOf, FILE, reserved, scenario, virtio } from "./launch-file";

/** Each checked against the output of ACRN's own generator [3.4-dev launch_cfg_gen.py] for the same elements. */
describe("what a 3.x scenario says of a launch: devices", () => {
  it("shared memory of the device model first; legacy connections count; slots as the scenario reserves them", () =>
    assert.deepEqual(readVmConfig(scenario(""), FILE, "RT").devices, reserved));

  it("a console on a PCI vUART is the first", () => {
    const { devices } = readVmConfig(scenario("<console_vuart>PCI</console_vuart>"), FILE, "RT");
    assert.deepEqual(devices.slice(3), [
      { kind: "vuart", index: 0 },
      { kind: "vuart", index: 2, slot: 17 },
    ]);
  });

  const rows: [string, string, VirtualDevice[]][] = [
    [
      "ports of one xhci",
      scenario("<usb_xhci><usb_dev>1-2 Mouse: x</usb_dev><usb_dev/><usb_dev>2-4 y</usb_dev></usb_xhci>"),
      [{ kind: "xhci", ports: "1-2,2-4" }],
    ],
    ["no port, no xhci", scenario("<usb_xhci/>"), []],
    ["an input without a file is none", virtio("<input/><input><id>x</id></input>"), []],
    [
      "inputs",
      virtio(
        "<input><backend_device_file>/dev/input/event3</backend_device_file></input><input><backend_device_file>/d</backend_device_file><id>kbd</id></input>",
      ),
      [
        { kind: "input", device: "/dev/input/event3" },
        { kind: "input", device: "/d", id: "kbd" },
      ],
    ],
    ["an empty console is none", virtio("<console/>"), []],
    [
      "a console on stdio",
      virtio("<console><use_type>Virtio console</use_type><backend_type>stdio</backend_type></console>"),
      [{ kind: "console", config: "@stdio:stdio_port" }],
    ],
    [
      "a port on a pty",
      virtio("<console><use_type>Virtio serial port</use_type><backend_type>pty</backend_type></console>"),
      [{ kind: "console", config: "pty:pty_port" }],
    ],
    [
      "a console in a file",
      virtio(
        "<console><use_type>Virtio console</use_type><backend_type>file</backend_type><output_file_path>/o</output_file_path></console>",
      ),
      [{ kind: "console", config: "@file:file_port=/o" }],
    ],
    [
      "a console on a tty",
      virtio(
        "<console><use_type>Virtio console</use_type><backend_type>tty</backend_type><tty_device_path>/dev/ttyS3</tty_device_path></console>",
      ),
      [{ kind: "console", config: "@tty:tty_port=/dev/ttyS3" }],
    ],
    [
      "a console on a socket: no mark, and the port is called after the file",
      virtio(
        "<console><use_type>Virtio console</use_type><backend_type>sock server</backend_type><sock_file_path>/run/a.b.sock</sock_file_path></console>",
      ),
      [{ kind: "console", config: "socket:a=/run/a.b.sock:server" }],
    ],
    [
      "networks",
      virtio(
        "<network><interface_name>RT</interface_name></network><network><virtio_framework>Kernel based (Virtual Host)</virtio_framework><interface_name>t</interface_name></network>",
      ),
      [
        { kind: "network", tap: "RT", vhost: false },
        { kind: "network", tap: "t", vhost: true },
      ],
    ],
    [
      "blocks",
      virtio("<block>./a.img</block><block/><block>/dev/sda3:./b.img</block>"),
      [
        { kind: "block", path: "./a.img" },
        { kind: "block", path: "./b.img", partition: "/dev/sda3" },
      ],
    ],
    [
      "a GPU in windows",
      virtio(
        "<gpu><display_type>Window</display_type><displays><display><window_resolutions>800x600</window_resolutions><horizontal_offset>1</horizontal_offset><vertical_offset>2</vertical_offset></display></displays></gpu>",
      ),
      [{ kind: "gpu", config: "geometry=800x600+1+2" }],
    ],
    [
      "a GPU on whole screens",
      virtio(
        "<gpu><display_type>Full screen</display_type><displays><display><monitor_id>0</monitor_id></display><display><monitor_id>2</monitor_id></display></displays></gpu>",
      ),
      [{ kind: "gpu", config: "geometry=fullscreen:0,geometry=fullscreen:2" }],
    ],
    ["a GPU of v3.0", virtio("<gpu>geometry=fullscreen</gpu>"), [{ kind: "gpu", config: "geometry=fullscreen" }]],
    ["no GPU", virtio("<gpu/>"), []],
    ["vsock", virtio("<vsock>5</vsock>"), [{ kind: "vsock", cid: 5 }]],
    [
      "kinds in the generator's order, whatever the file's",
      virtio(
        "<vsock>5</vsock><block>a</block><input><backend_device_file>/d</backend_device_file></input><block>b</block>",
      ),
      [
        { kind: "input", device: "/d" },
        { kind: "block", path: "a" },
        { kind: "block", path: "b" },
        { kind: "vsock", cid: 5 },
      ],
    ],
  ];
  for (const [name, text, devices] of rows) it(name, () => assert.deepEqual(devicesOf(text), devices));

  for (const [name, inner, problem] of [
    ["a network without a name", "<network/>", /interface_name/],
    ["a console in no file", "<console><backend_type>file</backend_type></console>", /output_file_path/],
  ] as const)
    it(`said: ${name}`, () => assert.match(readVmConfig(virtio(inner), FILE, "RT").problems.join(), problem));
});

describe("declared devices in a scenario", () => {
  const path = fc.constantFrom("./a.img", "/tmp/x.y", "/run/p.sock");
  const device: fc.Arbitrary<VirtualDevice> = fc.oneof(
    fc.record({ kind: fc.constant("input" as const), device: path }),
    fc.record({ kind: fc.constant("input" as const), device: path, id: fc.constantFrom("kbd", "m1") }),
    fc
      .constantFrom(
        "@stdio:stdio_port",
        "pty:pty_port",
        "@file:file_port=/o",
        "tty:tty_port=/dev/ttyS1",
        "socket:a=/run/a.b:client",
      )
      .map((config): VirtualDevice => ({ kind: "console", config })),
    fc.record({ kind: fc.constant("network" as const), tap: fc.constantFrom("RT", "tap0"), vhost: fc.boolean() }),
    fc.record({ kind: fc.constant("block" as const), path }),
    fc.record({ kind: fc.constant("block" as const), path, partition: fc.constant("/dev/sda3") }),
    fc
      .constantFrom("geometry=fullscreen:1", "geometry=800x600+1+2,geometry=800x600+0+0")
      .map((config): VirtualDevice => ({ kind: "gpu", config })),
    fc.record({ kind: fc.constant("vsock" as const), cid: fc.integer({ min: 3, max: 4294967294 }) }),
  );
  const KINDS = ["input", "console", "network", "block", "gpu", "vsock"];

  it("read back as declared, kind by kind", () => {
    fc.assert(
      fc.property(fc.array(device, { maxLength: 6 }), (drawn) => {
        const devices = drawn.map((each) => ({ ...each })); // fast-check draws records without prototype
        const text = scenarioSurface.write(virtio(""), FILE, "vm[RT]/virtio_devices", virtioValue(devices));
        const sorted = [...devices].sort((a, b) => KINDS.indexOf(a.kind) - KINDS.indexOf(b.kind));
        assert.deepEqual(devicesOf(text), sorted);
      }),
    );
  });

  it("what no scenario can say stays with the launch", () =>
    assert.deepEqual(
      virtioValue([
        { kind: "console", config: "@socket:a=/run/a:server" },
        { kind: "console", config: "socket:other=/run/a:server" },
        { kind: "console", config: "nonsense" },
        { kind: "gpu", config: "geometry=fullscreen" },
        { kind: "xhci", ports: "1-2" },
        { kind: "network", tap: "t", vhost: false, mac: "02:00:00:00:00:01" },
      ]),
      [{ kind: "network", interface_name: "t" }],
    ));
});
