export interface LoggingUnit {
  unit: string;
  /** Who has it: shown where a guest does not. */
  where: string;
}

/**
 * Units of "journald or syslogd" (T13). systemd's own come first, the daemon before its sockets, as a socket whose service is masked refuses to start
 * [systemd src/core/socket.c socket_start: "Socket service %s not loaded, refusing"] and would be left as a failed unit.
 */
export const LOGGING_UNITS: readonly LoggingUnit[] = [
  { unit: "systemd-journald.service", where: "every systemd has it" },
  { unit: "systemd-journald.socket", where: "every systemd has it" },
  { unit: "systemd-journald-dev-log.socket", where: "systemd 214 and later" },
  { unit: "systemd-journald-audit.socket", where: "systemd built with audit" },
  // Wants= the daemon and waits for it [units/systemd-journal-flush.service]: alone it would fail at each boot
  { unit: "systemd-journal-flush.service", where: "systemd 216 and later" },
  // passes what journald forwards to whoever is syslog.service [units/syslog.socket]
  { unit: "syslog.socket", where: "every systemd has it" },
  { unit: "rsyslog.service", where: "Ubuntu and RHEL; Debian up to 11, and where it was added" },
  { unit: "syslog-ng.service", where: "where it was added" },
  { unit: "syslogd.service", where: "sysklogd, where it was added" },
  { unit: "busybox-syslog.service", where: "Yocto images with busybox's syslogd [poky meta/recipes-core/busybox]" },
  { unit: "busybox-klogd.service", where: "Yocto images with busybox's klogd [poky meta/recipes-core/busybox]" },
];

/** What the mask of a logging unit takes along, for `inspect` and for the docs. */
export const LOGGING_COST: readonly string[] = [
  "Nothing of the guest is logged any more: journalctl is empty, /dev/log is gone, and syslog(3) drops what it is given.",
  "Services whose output goes to the journal write to nowhere; dmesg still has the kernel's messages.",
  "Running services keep the journal's socket until they are started again: the mask counts from the next boot.",
];
