/** What happened to a machine, for tests and for whoever watches. */
export class EventLog {
  /** In order: `launch X`, `launch X refused: ...`, `power-off X`, `orphan X`, `reset by X`, `reboot`, `dark`, `boot`... */
  readonly events: string[] = [];
  /** Called with each of them, at that moment. */
  readonly listeners = new Set<(event: string) => void>();

  log(event: string): void {
    this.events.push(event);
    for (const listener of this.listeners) listener(event);
  }
}
