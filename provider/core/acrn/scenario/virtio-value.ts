import type { FieldValue } from "../../claims/types";
import type { VirtualDevice } from "../launch/types";

type Device = Readonly<Record<string, FieldValue>>;

/**
 * Declared devices as the field `virtio_devices` holds them: what ACRN's generator makes the same words of. What a scenario
 * cannot say (a MAC address, a console's own words) stays with the launch alone.
 */
export function virtioValue(devices: readonly VirtualDevice[]): Device[] {
  return devices.map(entryOf).filter((entry) => entry !== undefined);
}

function entryOf(device: VirtualDevice): Device | undefined {
  switch (device.kind) {
    case "input":
      return given({ kind: "input", backend_device_file: device.device, id: device.id });
    case "console":
      return consoleOf(device.config);
    case "network": {
      const framework = device.vhost ? "Kernel based (Virtual Host)" : undefined;
      return given({ kind: "network", virtio_framework: framework, interface_name: device.tap });
    }
    case "block":
      return { kind: "block", path: device.partition ? `${device.partition}:${device.path}` : device.path };
    case "gpu":
      return gpuOf(device.config);
    case "vsock":
      return { kind: "vsock", cid: device.cid };
    default:
      return undefined;
  }
}

function consoleOf(config: string): Device | undefined {
  const [, mark, backend, rest] = /^(@?)(pty|stdio|file|tty|socket):(.*)$/.exec(config) ?? [];
  if (backend === undefined || rest === undefined) return undefined;
  const made = (backend_type: string, path: Device = {}): Device => ({
    kind: "console",
    use_type: mark === "@" ? "Virtio console" : "Virtio serial port",
    backend_type,
    ...path,
  });
  if (rest === `${backend}_port`) return made(backend);
  const [, path = ""] = /^\w+_port=(.+)$/.exec(rest) ?? [];
  if (backend === "file" && rest === `file_port=${path}`) return made("file", { output_file_path: path });
  if (backend === "tty" && rest === `tty_port=${path}`) return made("tty", { tty_device_path: path });
  return backend === "socket" && mark === "" ? socketOf(rest, made) : undefined;
}

/** The generator names the port after the file, up to its first dot: another name cannot be said. */
function socketOf(rest: string, made: (backend: string, path: Device) => Device): Device | undefined {
  const [, port, path = "", role] = /^([^=]*)=(.+):(server|client)$/.exec(rest) ?? [];
  const named = (path.split("/").at(-1) ?? "").split(".")[0];
  return role !== undefined && port === named ? made(`sock ${role}`, { sock_file_path: path }) : undefined;
}

function gpuOf(config: string): Device | undefined {
  const words = config.split(",");
  const screens = words.map((word) => /^geometry=fullscreen:(\d+)$/.exec(word)?.[1]);
  if (screens.every((id) => id !== undefined))
    return { kind: "gpu", display_type: "Full screen", displays: screens.map((monitor_id) => ({ monitor_id })) };
  const windows = words.map((word) => /^geometry=(\d+x\d+)\+(-?\d+)\+(-?\d+)$/.exec(word));
  if (!windows.every((found) => found !== null)) return undefined;
  const displays = windows.map(([, window_resolutions = "", horizontal_offset = "", vertical_offset = ""]) => ({
    window_resolutions,
    horizontal_offset,
    vertical_offset,
  }));
  return { kind: "gpu", display_type: "Window", displays };
}

function given(record: Record<string, FieldValue | undefined>): Device {
  return Object.fromEntries(
    Object.entries(record).filter((pair): pair is [string, FieldValue] => pair[1] !== undefined),
  );
}
