import assert from "node:assert/strict";
import { guestSpec } from "../../provider/converge/guest-spec";

const host = {
  host: "cell",
  user: "root",
  privateKeyFile: "~/k",
  password: "p",
  sshConfig: "/c",
  agent: false,
} as const;
const here = { sshConfig: "/c", agent: false };

/** How a guest is named, how the host is reached, and how the guest is reached then. */
const rows: [string, Parameters<typeof guestSpec>[0], Parameters<typeof guestSpec>[1], object][] = [
  ["an address", "192.168.1.10", "cell", { host: "192.168.1.10", jump: "cell" }],
  ["user and port", "rt@10.0.0.2:2222", "cell", { host: "10.0.0.2", user: "rt", port: 2222, jump: "cell" }],
  ["an IPv6 address", "root@[fe80::1]:22", "cell", { host: "fe80::1", user: "root", port: 22, jump: "cell" }],
  ["a bare IPv6 address", "fe80::1", "cell", { host: "fe80::1", jump: "cell" }],
  ["an alias, of the host's ssh_config", "rt", host, { host: "rt", jump: host, ...here }],
  ["a connection with a way of its own", { host: "rt", jump: "gate" }, "cell", { host: "rt", jump: "gate" }],
  [
    "its own ssh_config",
    { host: "rt", sshConfig: false },
    host,
    { host: "rt", sshConfig: false, agent: false, jump: host },
  ],
  ["a folder for a host", "rt", { root: "/image" }, { host: "rt" }],
];

describe("activation: how a guest is reached", () => {
  for (const [name, guest, to, wanted] of rows)
    it(name, () => {
      const spec = guestSpec(guest, to);
      assert.deepEqual(spec, wanted);
      assert.equal(spec.password, undefined, "the host's password never goes to the guest");
    });
});
