import { accept, type Row, refuse, stricter } from "../support/row";

const AUTH = "ssh.auth";

const hop =
  (name: string, door: string, ...lines: string[]): NonNullable<Row["after"]> =>
  (stage) => [
    `Host ${name}`,
    ...lines,
    "HostName 127.0.0.1",
    `Port ${stage.servers.port(door)}`,
    `User ${stage.world.user}`,
    `IdentityFile ${stage.world.file("ed25519")}`,
    "IdentityAgent none",
    `UserKnownHostsFile ${stage.world.write(`known.${name}`, `[127.0.0.1]:* ${stage.world.publicKey("host_ed25519")}\n`)}`,
    "GlobalKnownHostsFile none",
  ];
const hops =
  (...all: NonNullable<Row["after"]>[]): NonNullable<Row["after"]> =>
  (stage) =>
    all.flatMap((one) => one(stage));
const through = (jumps: string) => () => [`ProxyJump ${jumps}`];

/** ProxyJump, and the one thing that only a command can do. */
export const JUMP_ROWS: Row[] = [
  { name: "through a jump host", lines: through("bastion"), after: hop("bastion", "jump"), expected: accept },
  {
    name: "through two jump hosts",
    lines: through("gate,bastion"),
    after: hops(hop("bastion", "jump"), hop("gate", "second")),
    expected: accept,
  },
  {
    name: "through a jump host that has one itself",
    lines: through("bastion"),
    after: hops(hop("bastion", "jump", "ProxyJump gate"), hop("gate", "second")),
    expected: accept,
  },
  {
    name: "ProxyJump user@host:port",
    lines: ({ world, servers }) => [`ProxyJump ${world.user}@127.0.0.1:${servers.port("jump")}`],
    after: (stage) => ["Host 127.0.0.1", ...hop("unused", "jump")(stage).slice(4)],
    expected: accept,
  },
  {
    name: "ProxyJump ssh://host:port",
    lines: ({ servers }) => [`ProxyJump ssh://127.0.0.1:${servers.port("jump")}`],
    after: (stage) => ["Host 127.0.0.1", ...hop("unused", "jump")(stage).slice(3)],
    expected: accept,
  },
  { name: "ProxyJump none", lines: through("none"), expected: accept },
  {
    name: "a jump host with an unknown key",
    lines: through("bastion"),
    after: hop("bastion", "jump", "UserKnownHostsFile none"),
    expected: refuse("ssh.host-key.unknown", /via jump bastion: .*unknown host key/),
  },
  {
    name: "a jump host that refuses the key",
    lines: through("bastion"),
    after: ({ ...stage }) => hop("bastion", "allow")(stage),
    expected: refuse(AUTH, /via jump bastion: .*refused/),
  },
  {
    name: "a jump host that forwards nothing",
    lines: through("bastion"),
    after: hop("bastion", "caged"),
    expected: refuse("ssh.connect.unreachable", /AllowTcpForwarding/),
  },
  {
    name: "a jump host that is down",
    lines: through("bastion"),
    after: hop("bastion", "jump", "Port 1"),
    expected: refuse("ssh.connect.refused", /via jump bastion: .*refused/),
  },
  {
    name: "a target that is down behind the jump host",
    door: "closed",
    lines: through("bastion"),
    after: hop("bastion", "jump"),
    expected: refuse("ssh.connect.refused", /bastion/),
  },
  {
    name: "a target with an unknown key behind the jump host",
    known: () => "",
    lines: through("bastion"),
    after: hop("bastion", "jump"),
    expected: refuse("ssh.host-key.unknown", /\(via bastion\): .*unknown/),
  },
  {
    name: "a target that refuses the key behind the jump host",
    keys: ["stranger"],
    lines: through("bastion"),
    after: hop("bastion", "jump"),
    expected: refuse(AUTH, /\(via bastion\): .*refused/),
  },
  {
    name: "an agent for the target alone",
    keys: [],
    agent: "right",
    lines: through("bastion"),
    after: hop("bastion", "jump"),
    expected: accept,
  },
  {
    name: "ProxyCommand",
    lines: (stage) => [`ProxyCommand busybox nc 127.0.0.1 ${stage.servers.port("plain")}`],
    expected: stricter("no command of a configuration file is run", "ssh.config.unsupported", /ProxyJump/),
  },
];
