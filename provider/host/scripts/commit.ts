import { END } from "./end";
import { ENTRIES } from "./entries";
import { PREPARATION } from "./prepare";
import { SWAP } from "./swap";

/**
 * The steps of a commit, for the runner and for whoever must finish or undo what a dead runner left.
 *
 * Everything up to the journal's line `commit` can be undone by removing our hidden directories; everything after it can be finished from
 * tx/ID and those directories alone, any number of times. `hook`: shell text for tests, after each step, whose name is `$1`.
 */
export const commitText = (hook: string): string => [ENTRIES(hook), PREPARATION, SWAP, END].join("\n");
