/** What a guest's system runs on: a VM of a host, or a machine of its own. */
export interface Carrier {
  log(event: string): void;
  /** It goes down: on its own, or because somebody asked, who hears the answer first. */
  goDown(how: "reset" | "off", asked?: Promise<void>): void;
}
