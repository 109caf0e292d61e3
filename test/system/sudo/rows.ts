import { PAM, PASSWORD, ROOT_PASSWORD, type SudoSetup, USER } from "./support/world";

export interface SudoRow {
  title: string;
  setup: SudoSetup;
  /** `sudoPassword`; without it `sudo -n` is tried. */
  password?: string;
  /** `works`: read and write; else the code of the error. */
  end: string;
  says?: RegExp;
}

const ALL = `${USER} ALL=(root) ALL`;
const FREE = `${USER} ALL=(root) NOPASSWD: /bin/sh`;
const free = (...defaults: string[]): SudoSetup => ({ sudoers: [...defaults, FREE] });
const asks = (...defaults: string[]): SudoSetup => ({ sudoers: [...defaults, ALL] });
const AS_PRINTED = /\/etc\/sudoers\.d\/pulumi-acrn: operator-7 ALL=\(root\) NOPASSWD: \/bin\/sh/;

/** What sudoers(5) and PAM can make of us; each against read and write. */
export const ROWS: readonly SudoRow[] = [
  { title: "NOPASSWD: ALL", setup: { sudoers: [`${USER} ALL=(ALL) NOPASSWD: ALL`] }, end: "works" },
  { title: "the very line that our error prints", setup: free(), end: "works" },
  { title: "the same, and a password that nobody asks for", setup: free(), password: PASSWORD, end: "works" },
  { title: "the right password", setup: asks(), password: PASSWORD, end: "works" },
  { title: "no password where one is wanted", setup: asks(), end: "sudo.refused", says: AS_PRINTED },
  { title: "a wrong password", setup: asks(), password: "wrong horse", end: "sudo.password" },
  {
    title: "a wrong password, with insults",
    setup: asks("Defaults insults"),
    password: "wrong horse",
    end: "sudo.password",
  },
  ...["-n leading", 'it\'s "quoted" $(x) `y` \\n %s', "p\u00e4ssw\u00f6rd \u65e5\u672c", " blanks ", "%p%u"].map(
    (password) => ({
      title: `the password ${password}`,
      setup: { ...asks(), password },
      password,
      end: "works",
    }),
  ),
  { title: "use_pty", setup: free("Defaults use_pty"), end: "works" },
  { title: "use_pty and a password", setup: asks("Defaults use_pty"), password: PASSWORD, end: "works" },
  { title: "requiretty", setup: free("Defaults requiretty"), end: "works" },
  { title: "requiretty and a password", setup: asks("Defaults requiretty"), password: PASSWORD, end: "works" },
  {
    title: "requiretty and a password that nobody asks for",
    setup: free("Defaults requiretty"),
    password: PASSWORD,
    end: "works",
  },
  {
    title: "requiretty, a password, and sudo remembers nothing",
    setup: asks("Defaults requiretty, timestamp_timeout=0"),
    password: PASSWORD,
    end: "works",
  },
  { title: "requiretty and use_pty", setup: free("Defaults requiretty, use_pty"), end: "works" },
  {
    title: "requiretty, use_pty and a password",
    setup: asks("Defaults requiretty, use_pty, lecture=always"),
    password: PASSWORD,
    end: "works",
  },
  {
    title: "requiretty and a wrong password",
    setup: asks("Defaults requiretty"),
    password: "wrong horse",
    end: "sudo.password",
  },
  { title: "requiretty and no password", setup: asks("Defaults requiretty"), end: "sudo.refused", says: AS_PRINTED },
  {
    title: "requiretty where sshd gives none",
    setup: { ...free("Defaults requiretty"), sshd: ["PermitTTY no"] },
    end: "sudo.tty",
    says: /PermitTTY/,
  },
  { title: "!authenticate", setup: asks("Defaults !authenticate"), end: "works" },
  { title: "lecture=always", setup: asks("Defaults lecture=always"), password: PASSWORD, end: "works" },
  {
    title: "secure_path",
    setup: asks('Defaults secure_path="/usr/sbin:/usr/bin:/sbin:/bin"'),
    password: PASSWORD,
    end: "works",
  },
  { title: "passwd_tries=1", setup: asks("Defaults passwd_tries=1"), password: PASSWORD, end: "works" },
  {
    title: "passwd_tries=1 and a wrong one",
    setup: asks("Defaults passwd_tries=1"),
    password: "wrong horse",
    end: "sudo.password",
  },
  { title: "log_output", setup: free("Defaults log_output"), end: "works" },
  {
    title: "log_output, log_input and a password",
    setup: asks("Defaults log_output, log_input"),
    password: PASSWORD,
    end: "works",
  },
  { title: "log_output and requiretty", setup: free("Defaults log_output, requiretty"), end: "works" },
  { title: "rootpw and root's password", setup: asks("Defaults rootpw"), password: ROOT_PASSWORD, end: "works" },
  {
    title: "targetpw and the user's own",
    setup: asks("Defaults targetpw"),
    password: PASSWORD,
    end: "sudo.password",
    says: /root's password/,
  },
  { title: "not in sudoers", setup: {}, password: PASSWORD, end: "sudo.denied", says: AS_PRINTED },
  { title: "not in sudoers, no password", setup: {}, end: "sudo.refused", says: AS_PRINTED },
  {
    title: "allowed something else",
    setup: { sudoers: [`${USER} ALL=(root) /bin/ls`] },
    password: PASSWORD,
    end: "sudo.denied",
    says: AS_PRINTED,
  },
  {
    title: "allowed something else without a password",
    setup: { sudoers: [`${USER} ALL=(root) NOPASSWD: /bin/ls`] },
    end: "sudo.refused",
    says: AS_PRINTED,
  },
  { title: "no sudo (doas neither)", setup: { shell: "%/no-sudo" }, end: "sudo.missing", says: /install sudo/ },
  { title: "no sudo, with a password", setup: { shell: "%/no-sudo" }, password: PASSWORD, end: "sudo.missing" },
  {
    title: "an expired password (sudo then asks for a new one)",
    setup: { ...asks(), aging: "0:0:99999:7:::" },
    password: PASSWORD,
    end: "sudo.expired",
  },
  {
    title: "an expired password that nobody asks for",
    setup: { ...free(), aging: "0:0:99999:7:::" },
    end: "works",
  },
  { title: "a host name that nobody can resolve", setup: { ...free(), hosts: "127.0.0.1 localhost" }, end: "works" },
  {
    title: "the same with requiretty and a password",
    setup: { ...asks("Defaults requiretty"), hosts: "127.0.0.1 localhost" },
    password: PASSWORD,
    end: "works",
  },
  { title: "a broken sudoers", setup: { sudoers: ["Defaults )(", FREE] }, end: "works" },
  {
    title: "a PAM that talks, and does not ask for a password in the usual words",
    setup: { ...asks(), pam: ["auth optional pam_echo.so Your account has expired. Password:", ...PAM] },
    password: PASSWORD,
    end: "works",
  },
  {
    title: "the same and a wrong password",
    setup: { ...asks(), pam: ["auth optional pam_echo.so Touch the key now.", ...PAM] },
    password: "wrong horse",
    end: "sudo.password",
  },
  {
    title: "a PAM that waits for somebody",
    setup: { ...asks(), pam: ["auth required pam_exec.so /bin/sleep 3", "account required pam_permit.so"] },
    password: PASSWORD,
    end: "host.silent",
    says: /second factor/,
  },
];
