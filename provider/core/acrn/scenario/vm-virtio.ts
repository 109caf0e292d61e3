import { child, childrenNamed, trimSpace, type XmlElement } from "../../xml";
import type { VirtualDevice } from "../launch/types";

/** `virtio_devices` in acrn-dm's words, kind by kind as the generator emits them. */
export function virtioDevicesOf(vm: XmlElement, problems: string[]): VirtualDevice[] {
  const list = child(vm, "virtio_devices");
  if (!list) return [];
  const all = (name: string, read: (device: XmlElement, problems: string[]) => VirtualDevice[]) =>
    childrenNamed(list, name).flatMap((device) => read(device, problems));
  return [
    ...all("input", input),
    ...all("console", consoleOf),
    ...all("network", network),
    ...all("block", block),
    ...all("gpu", gpu),
    ...all("vsock", vsock),
  ];
}

/** Without a device file the generator emits nothing. */
function input(device: XmlElement): VirtualDevice[] {
  const [path, id] = [textOf(device, "backend_device_file"), textOf(device, "id")];
  return path === "" ? [] : [{ kind: "input", device: path, ...(id === "" ? {} : { id }) }];
}

/** `@` makes it a console of the guest (hvc), without it is a port. An empty `<console/>` gives no device. */
function consoleOf(device: XmlElement, problems: string[]): VirtualDevice[] {
  const backend = textOf(device, "backend_type");
  const mark = textOf(device, "use_type") === "Virtio console" ? "@" : "";
  const made = (config: string): VirtualDevice[] => [{ kind: "console", config }];
  const path = (name: string) => textOf(device, name) || missing(problems, `a virtio console on ${backend}`, name);
  switch (backend) {
    case "file":
      return made(`${mark}file:file_port=${path("output_file_path")}`);
    case "tty":
      return made(`${mark}tty:tty_port=${path("tty_device_path")}`);
    case "sock server":
    case "sock client": {
      // The generator leaves the mark out here, and names the port after the file up to its first dot.
      const socket = path("sock_file_path");
      const port = (socket.split("/").at(-1) ?? "").split(".")[0];
      return made(`socket:${port}=${socket}:${backend.slice("sock ".length)}`);
    }
    case "pty":
    case "stdio":
      return made(`${mark}${backend}:${backend}_port`);
    default:
      return [];
  }
}

function network(device: XmlElement, problems: string[]): VirtualDevice[] {
  const tap = textOf(device, "interface_name");
  if (tap === "") {
    missing(problems, "a virtio network", "interface_name");
    return [];
  }
  const vhost = textOf(device, "virtio_framework") === "Kernel based (Virtual Host)";
  return [{ kind: "network", tap, vhost }];
}

/** `/dev/sda3:./x.img` is a file on a partition, which is mounted first. */
function block(device: XmlElement): VirtualDevice[] {
  const text = trimSpace(device.value);
  if (text === "") return [];
  const colon = text.indexOf(":");
  if (colon < 0) return [{ kind: "block", path: text }];
  return [{ kind: "block", path: text.slice(colon + 1), partition: text.slice(0, colon) }];
}

/** v3.0 and v3.1 have acrn-dm's words themselves as text. */
function gpu(device: XmlElement): VirtualDevice[] {
  const type = textOf(device, "display_type");
  if (type === "") return trimSpace(device.value) === "" ? [] : [{ kind: "gpu", config: trimSpace(device.value) }];
  const displays = child(device, "displays");
  const words = (displays ? childrenNamed(displays, "display") : []).flatMap((display) => {
    const part = (name: string) => textOf(display, name);
    if (type === "Full screen") return [`geometry=fullscreen:${part("monitor_id")}`];
    const offsets = `${part("horizontal_offset")}+${part("vertical_offset")}`;
    return type === "Window" ? [`geometry=${part("window_resolutions")}+${offsets}`] : [];
  });
  return [{ kind: "gpu", config: words.join() }];
}

function vsock(device: XmlElement): VirtualDevice[] {
  const text = trimSpace(device.value);
  return /^\d{1,10}$/.test(text) ? [{ kind: "vsock", cid: Number(text) }] : [];
}

function missing(problems: string[], what: string, element: string): string {
  problems.push(`${what} says no <${element}>: ACRN's generator cannot make a launch of it.`);
  return "";
}

function textOf(element: XmlElement, name: string): string {
  return trimSpace(child(element, name)?.value ?? "");
}
