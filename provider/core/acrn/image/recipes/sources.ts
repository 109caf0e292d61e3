import { shellQuote } from "../../../text/shell-quote";
import type { Recipe } from "./types";

/**
 * Shell text that tells which source it is: `source TEXT`, `refused TEXT`, `unmet TEXT`. Whatever a build reads and we can name is in it: of a git tree its
 * commit, the hash of what changed and that of untracked files (but those it ignores); of a tree without git that of its files; of a command its
 * text and the inputs that it names. safe.directory, because the tree may be another user's (git-config(1): honoured from the command line).
 */
export function sourceText(recipe: Recipe): string {
  switch (recipe.how) {
    case "command":
      return commandText(recipe.command, recipe.inputs ?? []);
    case "prebuilt":
      return `p="$ROOT"${shellQuote(recipe.path)}\n${PREBUILT}${recipe.trustUnverified ? "" : BARE}`;
    default:
      return `s="$ROOT"${shellQuote(recipe.source)}\n${TREE}${recipe.how === "debian" ? DEBIAN : ""}`;
  }
}

function commandText(command: string, inputs: readonly string[]): string {
  const text = `c=$(printf %s ${shellQuote(command)} | sha256sum | head -c 64)\n`;
  if (inputs.length === 0) return `${text}echo "source command $c"`;
  return `${text}${INPUTS}inputs ${[...inputs].sort().map(shellQuote).join(" ")}`;
}

/** A folder by all its files, where its links lead, and nothing of git's or Python's own in it. */
const INPUTS = `files() {
  find . -name .git -prune -o -type f ! -name '*.pyc' -exec sha256sum {} + &&
    find . -name .git -prune -o -type l -exec sh -c 'for f do echo "$f -> $(readlink "$f")"; done' links {} +
}
inputs() {
  l=
  for p do
    if [ -d "$ROOT$p" ]; then
      h=$(cd "$ROOT$p" && files) || { echo "refused $p has files that cannot be read"; return; }
      h=$(printf %s "$h" | LC_ALL=C sort | sha256sum)
    else
      h=$(sha256sum <"$ROOT$p") || { echo "refused there is no $p that can be read, one of its inputs"; return; }
    fi
    l="$l$p $h
"
  done
  echo "source command $c inputs $(printf %s "$l" | sha256sum | head -c 16)"
}
`;

/** One file by its hash; of a folder also the tables and the configuration that come along (collect.ts). */
const PREBUILT = `if [ -d "$p" ]; then
  set -- "$p/acrn.bin" "$p"/acpi/ACPI_VM*.bin "$p"/ACPI_VM*.bin "$p"/configs/allocation.xml "$p"/configs/config.mk "$p"/configs/misc_cfg.h "$p"/configs/scenarios/*/misc_cfg.h
else
  set -- "$p"
fi
if [ -s "$1" ]; then
  l=
  for f do [ ! -s "$f" ] || l="$l$(sha256sum <"$f" | head -c 64) "; done
  case \${l#* } in '') l=\${l% } ;; *) l=$(printf %s "$l" | sha256sum | head -c 64) ;; esac
  echo "source file $l"
else
  echo "refused there is no $1"
fi
`;

const BARE = `k=
for f do case $f in */misc_cfg.h) [ ! -s "$f" ] || k=1 ;; esac; done
[ "$k" ] || [ ! -s "$1" ] || echo 'refused it came without configs/misc_cfg.h, so nobody can see what it was built from. Name the folder of a build (build/hypervisor), or say in \`build\` that it is to be believed: trustUnverified: true'
`;

/** v2.0 to v2.3 write what they generate into the source, wherever the output goes [Makefile: TARGET_DIR]; v2.4 says that this is over. */
const TREE = `# only looks: no lock or index is written, and nothing that the tree's own configuration names is run
git_() { GIT_OPTIONAL_LOCKS=0 git -c safe.directory='*' -c core.fsmonitor=false -c core.hooksPath=/dev/null -C "$s" "$@"; }
untracked() { git_ ls-files --others --exclude-standard --exclude '*.pyc' -z 2>/dev/null; }
if [ ! -f "$s/Makefile" ] || [ ! -d "$s/hypervisor" ]; then
  echo "refused $s is not a source tree of ACRN"
else
  if grep -q '^TARGET_DIR' "$s/Makefile" || grep -q 'TARGET_DIR=xxx' "$s/Makefile"; then
    echo 'refused this ACRN is older than v2.4: its make writes what it generates into the source tree. Use a command of your own, or a prebuilt image'
  fi
  v=$(git_ describe --always --tags --abbrev=12 2>/dev/null)
  if [ "$v" ]; then
    d=$(git_ status --porcelain --untracked-files=no 2>/dev/null)
    [ -z "$d" ] || v="$v changed $(git_ diff --no-ext-diff --no-textconv HEAD 2>/dev/null | sha256sum | head -c 16)"
    [ "$(untracked | wc -c)" = 0 ] || v="$v untracked $({ untracked; cd "$s" && untracked | xargs -0 sha256sum -- 2>/dev/null; } | sha256sum | head -c 16)"
    echo "source git $v"
  elif [ -f "$s/VERSION" ]; then
    v=$(sed -n 's/^\\(MAJOR\\|MINOR\\|EXTRA\\)_VERSION=//p' "$s/VERSION" | tr -d '\\n"' | head -c 40)
    h=$(cd "$s" && find . -type f ! -path './build/*' ! -name '*.pyc' -exec sha256sum {} + 2>/dev/null | LC_ALL=C sort | sha256sum | head -c 16)
    echo "source tree $v $h"
  fi
fi
`;

const DEBIAN = `if [ ! -f "$s/debian/debian_build.sh" ]; then
  echo "refused $s has no debian/debian_build.sh: v3.0 was the first with Debian packages"
elif command -v dpkg-checkbuilddeps >/dev/null 2>&1; then
  (cd "$s" && LC_ALL=C dpkg-checkbuilddeps debian/control 2>&1) | sed -n 's/.*[Uu]nmet build dependencies: /unmet /p'
fi
`;
