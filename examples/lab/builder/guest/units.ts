import type { GuestOsSpec } from "../../server/physics/guest/spec";
import type { HostFiles } from "../host-files";
import { link, programs, put } from "./put";

type Text = readonly string[];

interface Packaged {
  name: string;
  text: Text;
  /** Folders like sysinit.target.wants of the package itself, or links that installing it made in /etc. */
  wantedBy?: string;
  enabled?: boolean;
  alias?: string;
}

const service = (...lines: string[]): Text => ["[Service]", ...lines];
const wanted = (target: string, ...more: string[]): Text => ["[Install]", `WantedBy=${target}`, ...more];

const TARGETS: readonly Packaged[] = [
  { name: "sysinit.target", text: ["[Unit]"] },
  { name: "sockets.target", text: ["[Unit]"] },
  { name: "timers.target", text: ["[Unit]"] },
  { name: "basic.target", text: ["[Unit]", "Requires=sysinit.target", "Wants=sockets.target timers.target"] },
  { name: "multi-user.target", text: ["[Unit]", "Requires=basic.target"] },
  { name: "graphical.target", text: ["[Unit]", "Requires=multi-user.target"] },
];

/** systemd's own, as its packages wire them. */
const SYSTEMD: readonly Packaged[] = [
  {
    name: "systemd-journald.service",
    text: [
      "[Unit]",
      "Requires=systemd-journald.socket",
      ...service(
        "ExecStart=/usr/lib/systemd/systemd-journald",
        "Sockets=systemd-journald.socket systemd-journald-dev-log.socket",
        "Restart=always",
      ),
    ],
    wantedBy: "sysinit.target",
  },
  {
    name: "systemd-journald.socket",
    text: ["[Socket]", "ListenStream=/run/systemd/journal/stdout"],
    wantedBy: "sockets.target",
  },
  {
    name: "systemd-journald-dev-log.socket",
    text: ["[Socket]", "Service=systemd-journald.service", "ListenDatagram=/run/systemd/journal/dev-log"],
    wantedBy: "sockets.target",
  },
  {
    name: "systemd-journald-audit.socket",
    text: ["[Socket]", "Service=systemd-journald.service", "ListenNetlink=audit 1"],
    wantedBy: "sockets.target",
  },
  {
    name: "systemd-journal-flush.service",
    text: [
      "[Unit]",
      "Requires=systemd-journald.service",
      ...service("ExecStart=/usr/bin/journalctl --flush", "Type=oneshot", "RemainAfterExit=yes"),
    ],
    wantedBy: "sysinit.target",
  },
  { name: "syslog.socket", text: ["[Socket]", "ListenDatagram=/run/systemd/journal/syslog", "Service=syslog.service"] },
  {
    name: "systemd-sysctl.service",
    text: service("ExecStart=/usr/lib/systemd/systemd-sysctl", "Type=oneshot", "RemainAfterExit=yes"),
    wantedBy: "sysinit.target",
  },
];

const SSH: Packaged = {
  name: "ssh.service",
  text: [...service("ExecStart=/usr/sbin/sshd -D"), ...wanted("multi-user.target", "Alias=sshd.service")],
  enabled: true,
  alias: "sshd.service",
};
const RSYSLOG: Packaged = {
  name: "rsyslog.service",
  text: [
    "[Unit]",
    "Requires=syslog.socket",
    ...service("ExecStart=/usr/sbin/rsyslogd -n"),
    ...wanted("multi-user.target", "Alias=syslog.service"),
  ],
  enabled: true,
  alias: "syslog.service",
};
const IRQBALANCE: Packaged = {
  name: "irqbalance.service",
  text: [...service("ExecStart=/usr/sbin/irqbalance"), ...wanted("multi-user.target")],
  enabled: true,
};

/** A timer with its service. */
const timed = (name: string, program: string): Packaged[] => [
  { name: `${name}.service`, text: service(`ExecStart=${program}`, "Type=oneshot") },
  { name: `${name}.timer`, text: ["[Timer]", "OnCalendar=daily", ...wanted("timers.target")], enabled: true },
];

const APT = [
  ...timed("apt-daily", "/usr/lib/apt/apt.systemd.daily update"),
  ...timed("apt-daily-upgrade", "/usr/lib/apt/apt.systemd.daily install"),
];
const UPGRADES: Packaged = {
  name: "unattended-upgrades.service",
  text: [
    ...service("ExecStart=/usr/share/unattended-upgrades/unattended-upgrade-shutdown"),
    ...wanted("multi-user.target"),
  ],
  enabled: true,
};

const OF: Readonly<Record<GuestOsSpec["layout"], readonly Packaged[]>> = {
  debian: [SSH, IRQBALANCE, ...APT],
  ubuntu: [SSH, RSYSLOG, IRQBALANCE, UPGRADES, ...APT, ...timed("fwupd-refresh", "/usr/bin/fwupdmgr refresh")],
  rhel: [
    {
      ...SSH,
      name: "sshd.service",
      text: [...service("ExecStart=/usr/sbin/sshd -D"), ...wanted("multi-user.target")],
      alias: "",
    },
    RSYSLOG,
    IRQBALANCE,
    ...timed("dnf-makecache", "/usr/bin/dnf makecache"),
  ],
  yocto: [
    {
      name: "sshd.socket",
      text: ["[Socket]", "ListenStream=22", "Accept=yes", ...wanted("sockets.target")],
      enabled: true,
    },
    { name: "sshd@.service", text: service("ExecStart=-/usr/sbin/sshd -i") },
    { name: "sshd.service", text: service("ExecStart=/usr/sbin/sshd -D") },
    {
      name: "busybox-syslog.service",
      text: [...service("ExecStart=/sbin/syslogd -n"), ...wanted("multi-user.target", "Alias=syslog.service")],
      enabled: true,
      alias: "syslog.service",
    },
    {
      name: "busybox-klogd.service",
      text: [...service("ExecStart=/sbin/klogd -n"), ...wanted("multi-user.target")],
      enabled: true,
    },
  ],
  script: [SSH],
};

const LIB = "/usr/lib/systemd/system";
const ETC = "/etc/systemd/system";

/** Unit files of the packages, and the links that enable them. */
export function addUnits(files: HostFiles, { layout }: GuestOsSpec): void {
  for (const unit of [...TARGETS, ...SYSTEMD, ...OF[layout]]) add(files, unit);
  link(files, `${LIB}/default.target`, "multi-user.target");
  programs(files, "/usr/bin/systemctl", "/usr/bin/systemd-run", "/usr/lib/systemd/systemd-journald");
  files.set("/run/systemd/system", { kind: "folder" });
  put(files, "/etc/systemd/journald.conf", "[Journal]\n#Storage=auto\n");
}

function add(files: HostFiles, { name, text, wantedBy, enabled, alias }: Packaged): void {
  const lines = text[0] === "[Unit]" ? text : ["[Unit]", `Description=${name}`, ...text];
  put(files, `${LIB}/${name}`, `${lines.join("\n")}\n`);
  if (wantedBy) link(files, `${LIB}/${wantedBy}.wants/${name}`, `../${name}`);
  if (!enabled) return;
  const [, target = "multi-user.target"] = /^WantedBy=(.+)$/m.exec(text.join("\n")) ?? [];
  link(files, `${ETC}/${target}.wants/${name}`, `${LIB}/${name}`);
  if (alias) link(files, `${ETC}/${alias}`, `${LIB}/${name}`);
}
