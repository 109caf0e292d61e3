import { accept, type Row, refuse, type Stage, stricter } from "../support/row";

const AUTH = "ssh.auth";
const NO_CERTIFICATES = "ssh2 cannot present a user certificate";

const certificate =
  (name: string) =>
  ({ world }: Stage) => [`CertificateFile ${world.file(`${name}-cert.pub`)}`];

/** ssh-keygen(1), CERTIFICATES. */
export const USER_CERTIFICATE_ROWS: Row[] = [
  {
    name: "a user certificate",
    door: "usercert",
    keys: ["certified"],
    lines: certificate("certified"),
    expected: stricter(NO_CERTIFICATES, AUTH, /certificate.*not supported/s),
  },
  {
    name: "a user certificate beside its key, not named",
    door: "usercert",
    keys: ["certified"],
    expected: stricter(NO_CERTIFICATES, AUTH, /certificate.*not supported/s),
  },
  {
    name: "a user certificate in the agent",
    door: "usercert",
    keys: [],
    agent: "certified",
    expected: stricter(NO_CERTIFICATES, AUTH, /certificate.*not supported/s),
  },
  {
    name: "a user certificate for somebody else",
    door: "usercert",
    keys: ["miscertified"],
    expected: refuse(AUTH, /certificate/),
  },
  {
    name: "a user certificate that the server does not trust",
    keys: ["certified"],
    expected: refuse(AUTH, /certificate/),
  },
  { name: "a user certificate and a key that is let in", keys: ["certified", "ed25519"], expected: accept },
];
