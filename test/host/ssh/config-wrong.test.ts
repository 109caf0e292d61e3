import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { AcrnError } from "../../../provider/core/errors";
import { resolve } from "../../../provider/host/ssh/resolve";
import { needs } from "../../support/needs";
import { ask, oracleEnvironment } from "./config-oracle";
import { useFolder } from "./support";
import { which } from "./which";

/**
 * What OpenSSH 9.2 knows, so that a refusal is about the arguments. Left out: forwardings, which may name a service
 * (/etc/services) and have no effect here, and RevokedHostKeys, which takes several files since OpenSSH 10.
 */
const KEYWORDS = `
  host match include hostname user port hostkeyalias identityfile identityfile2 certificatefile identityagent ignoreunknown
  bindaddress bindinterface preferredauthentications pkcs11provider smartcarddevice securitykeyprovider xauthlocation
  controlpath kbdinteractivedevices forwardagent controlpersist proxyjump proxycommand knownhostscommand
  localcommand remotecommand userknownhostsfile globalknownhostsfile canonicaldomains canonicalizepermittedcnames logverbose
  permitremoteopen batchmode checkhostip clearallforwardings enablesshkeysign exitonforwardfailure forwardx11
  forwardx11trusted forkafterauthentication gatewayports hashknownhosts hostbasedauthentication identitiesonly
  kbdinteractiveauthentication challengeresponseauthentication nohostauthenticationforlocalhost passwordauthentication
  permitlocalcommand proxyusefdpass stdinnull tcpkeepalive keepalive visualhostkey enableescapecommandline
  canonicalizefallbacklocal streamlocalbindunlink gssapiauthentication canonicalizemaxdots connectionattempts
  numberofpasswordprompts serveralivecountmax requiredrsasize connecttimeout serveraliveinterval forwardx11timeout
  stricthostkeychecking verifyhostkeydns updatehostkeys pubkeyauthentication canonicalizehostname compression
  addressfamily requesttty sessiontype tunnel controlmaster loglevel fingerprinthash escapechar streamlocalbindmask
  syslogfacility ciphers macs kexalgorithms hostkeyalgorithms casignaturealgorithms pubkeyacceptedalgorithms
  hostbasedacceptedalgorithms addkeystoagent rekeylimit ipqos tunneldevice
  sendenv setenv protocol cipher useroaming rsaauthentication compressionlevel nosuchkeyword
`
  .trim()
  .split(/\s+/);

const WORDS = `
  yes no true off ask auto none any maybe always 0 1 -1 22 65536 99999999999 1m 5x 1m30s 010 0888 default 16K 1G 512 a a=b LANG
  !h * h %z %h ~ x:y [::1]:22 8080 localhost:80 u@h:1 @h h,,i md5 sha256 info debug4 user daemon ^A ^ctrl point-to-point
  host all final canonical exec originalhost localuser af21 lowdelay aes128-ctr aes128-ctr,nonesuch +aes128-ctr -* ^x
  hmac-sha1 curve25519-sha256 ssh-ed25519 ssh-* "" "a\\ b" 'x' " ' # \\" b"c"d example.com -bad.com a..b *:* x: forever 0:1
`
  .trim()
  .split(/\s+/);

describe("ssh_config: lines that ssh refuses", function () {
  this.timeout(60_000);
  const folder = useFolder();

  it("are refused here too, in sections that do not apply as well", function () {
    needs(this, which("ssh"), "no ssh");
    const env = oracleEnvironment();
    const counts = { accepted: 0, refused: 0, stricter: 0 };
    const words = fc.array(fc.constantFrom(...WORDS), { maxLength: 3 });
    const line = fc
      .tuple(fc.constantFrom(...KEYWORDS), fc.constantFrom(" ", "=", ' "', "\t"), words)
      .map(([keyword, sign, args]) => `${keyword}${sign}${args.join(" ")}`);
    fc.assert(
      fc.property(fc.boolean(), line, (applies, text) => {
        const file = join(folder(), "wrong");
        writeFileSync(file, `${applies ? "" : "Host other\n"}${text}\n`, { mode: 0o600 });
        const answer = ask(file, ["-l", "me", "-p", "22", "h"]);
        let error: unknown;
        try {
          resolve({ host: "h", user: "me", port: 22, sshConfig: file }, env);
        } catch (thrown) {
          error = thrown;
        }
        assert.ok(error === undefined || error instanceof AcrnError, String(error));
        if (typeof answer === "string") assert.ok(error, `ssh refuses, we do not: ${answer}`);
        counts[error ? (typeof answer === "string" ? "refused" : "stricter") : "accepted"]++;
      }),
      { numRuns: 250 },
    );
    console.log(`        ssh_config lines: ${JSON.stringify(counts)}, looser 0`);
    assert.ok(counts.accepted > 10 && counts.refused > 100, JSON.stringify(counts));
  });
});
