import { ANY, COMMAND, choice, FLAG, fits, LIST, listed, type Rule, seconds, TEXT, TIME } from "./values";

const isTime = (value: string) => seconds(value) !== undefined;
const isFlag = (value: string) => /^(yes|no|true|false)$/i.test(value);

/** The same for each of `min` to `max` words. */
function each(min: number, max: number, form: RegExp, expected: string): Rule {
  const wrong = (value: string) => (form.test(value) ? undefined : `${JSON.stringify(value)} is not ${expected}`);
  return { min, max, wrong };
}

/** `yes`, `ask`, `confirm 5m` or a time alone. */
const ADD_KEYS: Rule = {
  min: 1,
  max: 2,
  wrong(value, index, all) {
    const first = isFlag(value) || /^(ask|confirm)$/i.test(value) || (isTime(value) && all.length === 1);
    const right = index === 0 ? first : /^confirm$/i.test(all[0] ?? "") && isTime(value);
    return right ? undefined : `${JSON.stringify(value)} is neither yes, no, ask, confirm nor a time`;
  },
};

/** Bytes, at least 16, and a time. */
const REKEY: Rule = {
  min: 1,
  max: 2,
  wrong(value, index) {
    const bytes = /^(default|0|1[6-9]|[2-9]\d|[1-9]\d{2,17}|\d{1,9}(\.\d+)?[kmgt])$/i.test(value);
    const right = index === 0 ? bytes : value === "none" || isTime(value);
    return right ? undefined : `${JSON.stringify(value)} is no limit such as 1G 1h`;
  },
};

const PERSIST: Rule = {
  min: 1,
  max: 1,
  wrong: (value) => (/^(yes|no|true|false)$/.test(value) || isTime(value) ? undefined : `${value} is no time`),
};

const END = /^(?:(?:\[[^\]]*\]|[^:/\s]*):)?[\w-]+$|^[^:\s]*\/[^:\s]*$/;
const SERVICE = /^(af[1-4][1-3]|cs[0-7]|ef|le|lowdelay|throughput|reliability|none|0x[\da-f]{1,2}|\d{1,3})$/i;
const FACILITY = /^(daemon|user|auth|authpriv|local[0-7])$/i;

/**
 * Keywords without effect here, and what they take: ssh refuses a file with a wrong line whether or not the line matters, and
 * so do we. docs/ssh.md says why they have none.
 */
export const UNUSED: readonly (readonly [Rule, string])[] = [
  [TEXT, "pkcs11provider securitykeyprovider xauthlocation controlpath kbdinteractivedevices forwardagent"],
  [COMMAND, "localcommand remotecommand versionaddendum"],
  [FLAG, "batchmode clearallforwardings enablesshkeysign exitonforwardfailure forwardx11 forwardx11trusted"],
  [
    FLAG,
    "forkafterauthentication gatewayports hashknownhosts hostbasedauthentication permitlocalcommand proxyusefdpass",
  ],
  [FLAG, "nohostauthenticationforlocalhost stdinnull tcpkeepalive visualhostkey enableescapecommandline"],
  [FLAG, "streamlocalbindunlink gssapiauthentication gssapidelegatecredentials"],
  [TIME, "forwardx11timeout"],
  [LIST, "logverbose channeltimeout"],
  [choice("yes no true false ask"), "verifyhostkeydns updatehostkeys"],
  [choice("yes no true false no-pq-kex"), "warnweakcrypto"],
  [choice("yes no"), "compression"],
  [choice("yes no true false auto force"), "requesttty"],
  [choice("none subsystem default"), "sessiontype"],
  [choice("yes no true false ethernet point-to-point"), "tunnel"],
  [choice("yes no true false auto ask autoask"), "controlmaster"],
  [choice("quiet fatal error info verbose debug debug1 debug2 debug3"), "loglevel"],
  [choice("md5 sha1 sha256 sha384 sha512"), "fingerprinthash"],
  [listed("hostKey"), "casignaturealgorithms hostbasedacceptedalgorithms"],
  [fits(/^(none|.|\^[@-\x7f])$/s, "a character, ^ and a letter, or none"), "escapechar"],
  [fits(/^[0-7]{1,3}$/, "an octal mode"), "streamlocalbindmask"],
  [fits(FACILITY, "a facility such as USER"), "syslogfacility"],
  [fits(/^(any|\d{1,9})(:(any|\d{1,9}))?$/i, "a tunnel device such as 0:1"), "tunneldevice"],
  [fits(END, "[address:]port or a socket"), "dynamicforward"],
  [each(2, 2, END, "[address:]port or a socket"), "localforward"],
  [each(1, 2, END, "[address:]port or a socket"), "remoteforward"],
  [each(1, 2, SERVICE, "a DSCP such as af21"), "ipqos"],
  [each(1, 1, /^(yes|true|no|false|interval:\d+)$/, "yes, no or interval:MILLISECONDS"), "obscurekeystroketiming"],
  [each(1, Number.POSITIVE_INFINITY, /^(any|none|(\[[^\]]*\]|[^:]+):(\*|[\w-]+))$/i, "host:port"), "permitremoteopen"],
  [each(0, Number.POSITIVE_INFINITY, /^[^=]+$/, "the name of a variable"), "sendenv"],
  [each(0, Number.POSITIVE_INFINITY, /=/, "NAME=value"), "setenv"],
  [ADD_KEYS, "addkeystoagent"],
  [REKEY, "rekeylimit"],
  [PERSIST, "controlpersist"],
  // Without effect for years: ssh says so and goes on.
  [
    ANY,
    "protocol cipher fallbacktorsh globalknownhostsfile2 userknownhostsfile2 rhostsauthentication usersh useroaming",
  ],
  [
    ANY,
    "useprivilegedport afstokenpassing kerberosauthentication kerberostgtpassing compressionlevel rsaauthentication",
  ],
  [ANY, "rhostsrsaauthentication"],
  // Of Debian's and Fedora's patches (their ssh_config comes with them), and of Apple's.
  [ANY, "gssapikeyexchange gssapitrustdns gssapiclientidentity gssapiserveridentity gssapirenewalforcesrekey"],
  [ANY, "gssapikexalgorithms protocolkeepalives setuptimeout usekeychain"],
];
