import type { AnyAuthMethod } from "ssh2";
import type { LoginMethod } from "../spec";

/** One way to log in. */
export interface Candidate {
  kind: LoginMethod;
  /** For messages; without secrets. */
  name: string;
  method: AnyAuthMethod;
}
