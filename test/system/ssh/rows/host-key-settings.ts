import { hashed, line, lines } from "../support/known-lines";
import { accept, type Row, refuse, stricter } from "../support/row";

const UNKNOWN = "ssh.host-key.unknown";
const CHANGED = "ssh.host-key.changed";
const ALWAYS_CHECKED = "a host key is always checked";

/** Host certificates, and the keywords of ssh_config about host keys. */
export const HOST_KEY_SETTING_ROWS: Row[] = [
  {
    name: "a certified host key, its authority known",
    door: "certified",
    known: lines("@cert-authority [127.0.0.1]:* {host_ca}"),
    expected: stricter(
      "ssh2 has no host certificates",
      UNKNOWN,
      /@cert-authority: host certificates are not supported/,
    ),
  },
  {
    name: "a certified host key, its authority and itself known",
    door: "certified",
    known: lines("@cert-authority * {host_ca}", "NAME {host_certified}"),
    expected: accept,
  },
  {
    name: "a certified host key, another authority known",
    door: "certified",
    known: lines("@cert-authority * {host_ca2}"),
    expected: refuse(UNKNOWN, /@cert-authority/),
  },
  {
    name: "a certified host key, its authority revoked",
    door: "certified",
    known: lines("@cert-authority * {host_ca}", "@revoked * {host_ca}"),
    expected: refuse(UNKNOWN, /unknown/),
  },
  {
    name: "an authority known, but the host has no certificate",
    known: lines("@cert-authority * {host_ca}"),
    expected: refuse(UNKNOWN, /@cert-authority/),
  },
  {
    name: "an authority's own key as the host key",
    known: lines("@cert-authority * {host_ed25519}"),
    expected: refuse(UNKNOWN, /unknown/),
  },
  {
    name: "HostKeyAlias",
    known: lines("cell-7 {host_ed25519}"),
    lines: () => ["HostKeyAlias cell-7"],
    expected: accept,
  },
  {
    name: "HostKeyAlias, hashed",
    known: hashed(lines("cell-7 {host_ed25519}")),
    lines: () => ["HostKeyAlias cell-7"],
    expected: accept,
  },
  {
    name: "HostKeyAlias, but noted under the address",
    lines: () => ["HostKeyAlias cell-7"],
    expected: refuse(UNKNOWN, /for cell-7/),
  },
  {
    name: "HostKeyAlias in capitals",
    known: lines("CELL-7 {host_ed25519}"),
    lines: () => ["HostKeyAlias CELL-7"],
    expected: accept,
  },
  {
    name: "HostKeyAlias in capitals, hashed",
    known: hashed(lines("CELL-7 {host_ed25519}")),
    lines: () => ["HostKeyAlias CELL-7"],
    expected: accept,
  },
  {
    name: "HostKeyAlias in capitals, hashed in small letters",
    known: hashed(lines("cell-7 {host_ed25519}")),
    lines: () => ["HostKeyAlias CELL-7"],
    expected: accept,
  },
  { name: "StrictHostKeyChecking yes and known", lines: () => ["StrictHostKeyChecking yes"], expected: accept },
  { name: "StrictHostKeyChecking no and known", lines: () => ["StrictHostKeyChecking no"], expected: accept },
  {
    name: "StrictHostKeyChecking no and unknown",
    known: () => "",
    lines: () => ["StrictHostKeyChecking no"],
    expected: stricter(ALWAYS_CHECKED, UNKNOWN, /unknown host key/),
  },
  {
    name: "StrictHostKeyChecking accept-new and unknown",
    known: () => "",
    lines: () => ["StrictHostKeyChecking accept-new"],
    expected: stricter(ALWAYS_CHECKED, UNKNOWN, /unknown host key/),
  },
  {
    name: "StrictHostKeyChecking accept-new and changed",
    known: line("host_other"),
    lines: () => ["StrictHostKeyChecking accept-new"],
    expected: refuse(CHANGED, /changed/),
  },
  {
    name: "StrictHostKeyChecking no and changed",
    known: line("host_other"),
    lines: () => ["StrictHostKeyChecking no"],
    expected: stricter(ALWAYS_CHECKED, CHANGED, /the host key changed/),
  },
  {
    name: "NoHostAuthenticationForLocalhost and unknown",
    known: () => "",
    lines: () => ["NoHostAuthenticationForLocalhost yes"],
    expected: stricter(ALWAYS_CHECKED, UNKNOWN, /unknown host key/),
  },
  {
    name: "HostKeyAlgorithms without the type that is known",
    lines: () => ["HostKeyAlgorithms rsa-sha2-512"],
    expected: refuse(CHANGED, /ssh-rsa SHA256/),
  },
  {
    name: "HostKeyAlgorithms with the type that is known",
    known: line("host_rsa"),
    lines: () => ["HostKeyAlgorithms rsa-sha2-256"],
    expected: accept,
  },
  {
    name: "an rsa host key shorter than RequiredRSASize",
    known: line("host_rsa"),
    lines: () => ["RequiredRSASize 3072"],
    expected: refuse("ssh.host-key.short", /2048 bits.*RequiredRSASize/s),
  },
];
