import { timingSafeEqual } from "node:crypto";
import { type AuthContext, type AuthenticationType, utils } from "ssh2";
import type { LabHostSpec, LabUser } from "./types";

/** Decides one login attempt of a lab host: real signatures, real passwords. Holds the state of one connection. */
export class LoginDesk {
  private keyAccepted = false;

  constructor(private readonly spec: LabHostSpec & { users: Readonly<Record<string, LabUser>> }) {}

  decide(context: AuthContext): void {
    const user = Object.hasOwn(this.spec.users, context.username) ? this.spec.users[context.username] : undefined;
    if (context.method === "publickey") this.publicKey(context, user);
    else if (context.method === "password" && !this.spec.keyboardInteractive)
      this.password(context, user, context.password);
    else if (context.method === "keyboard-interactive" && this.spec.keyboardInteractive) this.prompt(context, user);
    else context.reject(this.methods(user));
  }

  /** As for somebody whose key and password are no longer good. */
  refuse(context: AuthContext): void {
    const { username } = context;
    context.reject(this.methods(Object.hasOwn(this.spec.users, username) ? this.spec.users[username] : undefined));
  }

  private publicKey(context: AuthContext & { method: "publickey" }, user: LabUser | undefined): void {
    const allowed = user && (user.authorizedKeys ?? this.spec.authorizedKeys ?? []);
    const key = allowed?.map(parse).find((candidate) => candidate?.getPublicSSH().equals(context.key.data));
    const { signature, blob } = context;
    if (!key || (signature && blob && !key.verify(blob, signature, context.hashAlgo))) {
      context.reject(this.methods(user));
    } else if (!signature || !this.spec.twoFactor) {
      context.accept(); // without signature it only asks whether the key would do (RFC 4252, section 7)
    } else {
      this.keyAccepted = true;
      context.reject(["password"], true);
    }
  }

  private password(context: AuthContext, user: LabUser | undefined, given: string): void {
    const expected = user && (user.password ?? this.spec.password);
    const right = expected !== undefined && equal(given, expected);
    if (right && (this.keyAccepted || !this.spec.twoFactor)) context.accept();
    else context.reject(this.methods(user));
  }

  private prompt(context: AuthContext & { method: "keyboard-interactive" }, user: LabUser | undefined): void {
    context.prompt([{ prompt: "Password: ", echo: false }], (answers) =>
      this.password(context, user, answers[0] ?? ""),
    );
  }

  private methods(user: LabUser | undefined): AuthenticationType[] {
    if (this.spec.twoFactor) return [this.keyAccepted ? "password" : "publickey"];
    const secret = (user?.password ?? this.spec.password) !== undefined;
    return [
      "publickey",
      ...(secret ? ([this.spec.keyboardInteractive ? "keyboard-interactive" : "password"] as const) : []),
    ];
  }
}

function parse(text: string) {
  const key = utils.parseKey(text);
  return key instanceof Error ? undefined : key;
}

function equal(given: string, expected: string): boolean {
  const [a, b] = [Buffer.from(given), Buffer.from(expected)];
  return a.length === b.length && timingSafeEqual(a, b);
}
