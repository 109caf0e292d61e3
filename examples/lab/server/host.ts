import { type AddressInfo, createServer, type Socket, type Server as TcpServer } from "node:net";
import { join } from "node:path";
import type { Duplex } from "node:stream";
import { type CipherAlgorithm, type Connection, Server } from "ssh2";
import { Accounts } from "./accounts";
import { type Children, HOST_MARK, MARK } from "./children";
import { HostFaults } from "./faults/host-faults";
import type { Faults } from "./faults/types";
import { forward } from "./forward";
import { hostKey, type KeyPair, publicLine } from "./keys";
import { LoginDesk } from "./login";
import { BareMachine } from "./physics/bare";
import type { GuestSystem } from "./physics/guest/parts";
import { Machine } from "./physics/machine";
import { isPhysics, type Physics } from "./physics/physics";
import { NO_PHYSICS } from "./physics/stub-texts";
import type { GuestFront } from "./physics/types";
import { taken } from "./port-taken";
import { type SessionContext, serve } from "./session";
import type { LabHostSpec } from "./types";

const DEFAULT_MAX_SESSIONS = 10;

/** One simulated ACRN host: a folder behind a real SSH server on the loopback address. */
export class LabHost {
  /** What can be made to go wrong; at any time. */
  readonly faults: Faults;
  /** Every command that was sent, in order; every TCP connection, counted. */
  readonly commands: string[] = [];
  connections = 0;
  port = 0;
  private key: KeyPair;
  private ssh: Server;
  private tcp: TcpServer | undefined;
  private readonly sockets = new Set<Socket>();
  private readonly accounts: Accounts;
  private readonly wires: HostFaults;

  /**
   * @param state a folder of the lab's own for this host: key, stub commands, sudo password
   * @param physics the machine that it is the way into, or the stub commands where there is none
   */
  constructor(
    readonly spec: LabHostSpec,
    state: string,
    private readonly children: Children,
    private readonly physics: Physics | Readonly<Record<string, string>> = NO_PHYSICS,
  ) {
    this.wires = new HostFaults(state, spec.delayMs ?? 0, () => this.changeHostKey());
    this.faults = this.wires;
    this.accounts = new Accounts(spec, state, isPhysics(physics) ? physics.stubs() : physics);
    this.engine?.attach(this, () => this.environment("root"));
    this.key = hostKey(join(state, "host_key"));
    this.ssh = this.server();
  }

  get name(): string {
    return this.spec.name;
  }

  get dir(): string {
    return this.spec.dir;
  }

  /** What it is made of beside its files. */
  get machine(): Machine {
    if (this.physics instanceof Machine) return this.physics;
    throw new Error(`the lab host ${this.name} has no physics: its tree has no /dev/acrn_hsm, or it was told so`);
  }

  /** Of a host that is a machine without a hypervisor, by its `os`. */
  get bare(): BareMachine {
    return BareMachine.of(this.physics, this.name);
  }

  /** What boots in it; undefined where nothing does. */
  get os(): GuestSystem | undefined {
    return this.engine?.os;
  }

  /** The operating systems behind it, whether they run now or not. */
  get guests(): { vm: string; address: string; front: GuestFront }[] {
    return this.engine?.guests?.list() ?? [];
  }

  private get engine(): Physics | undefined {
    return isPhysics(this.physics) ? this.physics : undefined;
  }

  /** Who logs in unless told otherwise. */
  get user(): string {
    return this.accounts.first;
  }

  /** `ssh-ed25519 AAAA...`, and those of `extraHostKeys`. */
  get hostKeys(): string[] {
    const extra = (this.spec.extraHostKeys ?? []).map((text) => publicLine(text));
    return [this.key.public, ...extra];
  }

  /** Starts to listen; again on the same port after `down`. */
  async up(): Promise<void> {
    const tcp = createServer((socket) => this.accept(socket));
    await new Promise<void>((settle, reject) => {
      tcp.once("error", (error: NodeJS.ErrnoException) => reject(taken(this.spec, error)));
      tcp.listen(this.port || this.spec.port || 0, "127.0.0.1", settle);
    });
    this.port = (tcp.address() as AddressInfo).port;
    this.tcp = tcp;
  }

  /** Ends every connection and refuses new ones. */
  async down(): Promise<void> {
    const tcp = this.tcp;
    this.tcp = undefined;
    this.faults.release();
    const closed = new Promise<void>((settle) => (tcp ? tcp.close(() => settle()) : settle()));
    this.drop();
    await closed;
  }

  /** Cuts every live connection; new ones are accepted. */
  drop(): void {
    for (const socket of this.sockets) socket.destroy();
  }

  private changeHostKey(): void {
    this.key = hostKey(undefined);
    this.ssh = this.server();
  }

  /** How many TCP connections are open now. */
  get live(): number {
    return this.sockets.size;
  }

  private accept(raw: Socket): void {
    this.connections++;
    this.sockets.add(raw);
    raw.once("close", () => this.sockets.delete(raw));
    raw.on("error", () => {});
    raw.setNoDelay(true);
    // ssh2 asks a stream and an address of it, which a wire has none of
    this.ssh.injectSocket(this.wires.between(this.spec.wire?.(raw) ?? raw) as Duplex as Socket);
  }

  private server(): Server {
    const { ciphers, extraHostKeys = [], banner } = this.spec;
    const hostKeys = [this.key.private, ...extraHostKeys];
    const algorithms = ciphers ? { algorithms: { cipher: ciphers as CipherAlgorithm[] } } : {};
    const config = { hostKeys, ident: "pulumi-acrn-lab", ...(banner !== undefined && { banner }), ...algorithms };
    return new Server(config, (client) => this.client(client));
  }

  private client(client: Connection): void {
    const desk = new LoginDesk({ ...this.spec, users: this.accounts.users });
    let user = "";
    let sessions = 0;
    client.on("error", () => {}); // a client that cuts the line is no news
    client.setMaxListeners(0); // one for each command that runs
    client.on("authentication", (context) => {
      user = context.username;
      if (this.faults.refuseLogin) desk.refuse(context);
      else desk.decide(context);
    });
    client.on("session", (accept, reject) => {
      if (sessions >= (this.spec.maxSessions ?? DEFAULT_MAX_SESSIONS)) return void reject();
      sessions++;
      let open = true;
      serve(accept(), this.context(user, client), () => {
        if (open) sessions--;
        open = false;
      });
    });
    client.on("tcpip", (accept, reject, info) => {
      forward(accept, reject, info, (address, port) => this.engine?.guests?.route(address, port));
    });
  }

  private context(user: string, client: Connection): SessionContext {
    return {
      cwd: this.accounts.home(user),
      env: this.environment(user),
      delayMs: this.faults.delayMs,
      noise: this.spec.noise,
      mayStart: () => !this.children.ended,
      whenGone: (then) => client.once("close", then),
      started: (child) => this.children.add(child),
      executed: (command) => {
        this.commands.push(command);
        this.engine?.look();
      },
    };
  }

  private environment(user: string): NodeJS.ProcessEnv {
    const marks = { [MARK]: this.children.id, [HOST_MARK]: this.name, ...this.engine?.marks() };
    return { ...this.accounts.environment(user), ...marks };
  }
}
