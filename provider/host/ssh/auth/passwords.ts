import type { KeyboardInteractiveAuthMethod } from "ssh2";
import type { ResolvedConnection } from "../spec";
import type { Candidate } from "./candidate";

/** The login password, by both ways in which servers ask for it; none if none was given. */
export function passwords({ user: username, password }: ResolvedConnection): Candidate[] {
  if (password === undefined) return [];
  return [
    { kind: "password", name: "password", method: { type: "password", username, password } },
    { kind: "keyboard-interactive", name: "password (keyboard-interactive)", method: interactive(username, password) },
  ];
}

/** PAM asks for the password this way: one prompt that is not echoed. Nothing else gets it, and it is given once. */
function interactive(username: string, password: string): KeyboardInteractiveAuthMethod {
  let given = false;
  return {
    type: "keyboard-interactive",
    username,
    prompt(_name, _instructions, _language, prompts, finish) {
      const asked = prompts.length === 1 && prompts[0]?.echo !== true && !given;
      given ||= asked;
      finish(prompts.map(() => (asked ? password : "")));
    },
  };
}
