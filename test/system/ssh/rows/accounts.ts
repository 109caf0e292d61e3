import { PASSWORD } from "../support/accounts";
import { accept, type Row, refuse, status } from "../support/row";

const AUTH = "ssh.auth";
const WRONG = "an entirely wrong password";

/** Passwords and accounts. */
const ROWS: Row[] = [
  { name: "a password", door: "password", keys: [], password: PASSWORD, expected: accept },
  { name: "a wrong password", door: "password", keys: [], password: WRONG, expected: refuse(AUTH, /tried: password/) },
  {
    name: "a password after a refused key",
    door: "password",
    keys: ["stranger"],
    password: PASSWORD,
    expected: accept,
  },
  {
    name: "a password where only keys are accepted",
    keys: [],
    password: PASSWORD,
    expected: refuse(AUTH, /accepts publickey/),
  },
  {
    name: "PasswordAuthentication no",
    door: "password",
    keys: [],
    password: PASSWORD,
    lines: () => ["PasswordAuthentication no"],
    expected: refuse(AUTH, /login/),
  },
  { name: "key and password in a row", door: "two", password: PASSWORD, expected: accept },
  {
    name: "key and wrong password in a row",
    door: "two",
    password: WRONG,
    expected: refuse(AUTH, /more is asked for/),
  },
  {
    name: "key and password in a row, the key in an agent",
    door: "two",
    keys: [],
    agent: "right",
    password: PASSWORD,
    expected: accept,
  },
  { name: "key and password in a row, no password at hand", door: "two", expected: refuse(AUTH, /set `password`/) },
  { name: "keyboard-interactive", door: "pam", keys: [], password: PASSWORD, expected: accept },
  {
    name: "keyboard-interactive with a wrong password",
    door: "pam",
    keys: [],
    password: WRONG,
    expected: refuse(AUTH, /keyboard-interactive/),
  },
  { name: "key and keyboard-interactive in a row", door: "pamTwo", password: PASSWORD, expected: accept },
  {
    name: "KbdInteractiveAuthentication no",
    door: "pam",
    keys: [],
    password: PASSWORD,
    lines: () => ["KbdInteractiveAuthentication no"],
    expected: refuse(AUTH, /login/),
  },
  { name: "a locked account without PAM", user: "locked", expected: refuse(AUTH, /refused/) },
  { name: "a locked account with PAM", user: "locked", door: "pam", expected: accept },
  { name: "an account that has expired", user: "gone", door: "pam", expected: refuse(AUTH, /login/) },
  {
    name: "a password that has expired",
    user: "stale",
    door: "pamPassword",
    keys: [],
    password: PASSWORD,
    expected: status(1),
  },
  { name: "an account without a shell", user: "shellless", expected: status(1) },
  { name: "root", user: "root", expected: accept },
  { name: "PermitRootLogin no", user: "root", door: "noRoot", expected: refuse(AUTH, /PermitRootLogin/) },
  { name: "PermitRootLogin prohibit-password, by key", user: "root", door: "rootByKey", expected: accept },
  {
    name: "PermitRootLogin forced-commands-only, plain key",
    user: "root",
    door: "rootForced",
    expected: refuse("ssh.lost", /broke/),
  },
  {
    name: "PermitRootLogin forced-commands-only, forced command",
    user: "root",
    door: "rootForced",
    keys: ["forced"],
    expected: status(5),
  },
];

/** All of them need users and passwords that the machine does not have. */
export const ACCOUNT_ROWS = ROWS.map((row): Row => ({ ...row, accounts: true }));
