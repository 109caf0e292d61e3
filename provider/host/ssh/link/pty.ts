import type { PseudoTtyOptions } from "ssh2";

/** A terminal that passes bytes as a pipe does, as `stty raw -echo` makes it (opcodes: RFC 4254 section 8). Not every server heeds modes: the far side says stty as well. */
export const RAW_TTY: PseudoTtyOptions = {
  rows: 24,
  cols: 80,
  width: 0,
  height: 0,
  term: "dumb",
  modes: {
    ...{ ECHO: 0, ECHOE: 0, ECHOK: 0, ECHONL: 0, ECHOCTL: 0, ICANON: 0, ISIG: 0, IEXTEN: 0 },
    ...{ IXON: 0, IXOFF: 0, IXANY: 0, ICRNL: 0, INLCR: 0, IGNCR: 0, ISTRIP: 0, INPCK: 0, PARMRK: 0 },
    ...{ OPOST: 0, ONLCR: 0, OCRNL: 0, CS8: 1 },
  },
};
