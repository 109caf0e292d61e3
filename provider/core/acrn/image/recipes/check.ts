import { shellQuote } from "../../../text/shell-quote";
import { toolsOf } from "./tools";
import type { Recipe, Tool } from "./types";

/** What a look at the machine that would build says. */
export interface BuildCheck {
  /** For the image's identity; undefined where it cannot be told. */
  source?: string;
  missing: Tool[];
  /** Packages that dpkg-checkbuilddeps misses. */
  unmet: string[];
  /** Why it cannot work, whatever is installed. */
  refused: string[];
}

/**
 * Shell text that only looks: `missing NAME` a tool, `unmet TEXT`, `refused TEXT`, `source TEXT`. A git tree with changes carries their hash, a tree
 * without git that of its files; safe.directory, because the tree may be another user's (git-config(1): honoured from the command line).
 */
export function checkScript(recipe: Recipe): string {
  const looks = toolsOf(recipe).map(({ kind, name }) =>
    kind === "program"
      ? `command -v ${name} >/dev/null 2>&1 || echo 'missing ${name}'`
      : `! command -v python3 >/dev/null 2>&1 || python3 -c 'import ${name}' >/dev/null 2>&1 || echo 'missing ${name}'`,
  );
  return [...looks, sourceText(recipe), ""].join("\n");
}

function sourceText(recipe: Recipe): string {
  switch (recipe.how) {
    case "command":
      return `printf 'source command %s\\n' "$(printf %s ${shellQuote(recipe.command)} | sha256sum | head -c 64)"`;
    case "prebuilt":
      return `p="$ROOT"${shellQuote(recipe.path)}\n${PREBUILT}`;
    default:
      return `s="$ROOT"${shellQuote(recipe.source)}\n${TREE}${recipe.how === "debian" ? DEBIAN : ""}`;
  }
}

/** One file by its hash; of a folder also the tables and the configuration that come along. */
const PREBUILT = `if [ -d "$p" ]; then
  set -- "$p/acrn.bin" "$p"/acpi/ACPI_VM*.bin "$p"/ACPI_VM*.bin "$p/configs/allocation.xml" "$p/configs/misc_cfg.h"
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
fi`;

/** v2.0 to v2.3 write what they generate into the source, wherever the output goes [Makefile: TARGET_DIR]; v2.4 says that this is over. */
const TREE = `# only looks: no lock or index is written, and nothing that the tree's own configuration names is run
git_() { GIT_OPTIONAL_LOCKS=0 git -c safe.directory='*' -c core.fsmonitor=false -c core.hooksPath=/dev/null "$@"; }
if [ ! -f "$s/Makefile" ] || [ ! -d "$s/hypervisor" ]; then
  echo "refused $s is not a source tree of ACRN"
else
  if grep -q '^TARGET_DIR' "$s/Makefile" || grep -q 'TARGET_DIR=xxx' "$s/Makefile"; then
    echo 'refused this ACRN is older than v2.4: its make writes what it generates into the source tree. Use a command of your own, or a prebuilt image'
  fi
  v=$(git_ -C "$s" describe --always --tags --abbrev=12 2>/dev/null)
  if [ "$v" ]; then
    d=$(git_ -C "$s" status --porcelain --untracked-files=no 2>/dev/null)
    [ -z "$d" ] || v="$v changed $(git_ -C "$s" diff --no-ext-diff --no-textconv HEAD 2>/dev/null | sha256sum | head -c 16)"
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

/** Reads what the check script said. Strange lines are passed over: a login shell may say more. */
export function readCheck(recipe: Recipe, lines: readonly string[]): BuildCheck {
  const of = (word: string) =>
    lines.flatMap((line) => (line.startsWith(`${word} `) ? [line.slice(word.length + 1)] : []));
  const missing = new Set(of("missing"));
  const [source] = of("source");
  return {
    ...(source === undefined || source.length > 400 ? {} : { source }),
    missing: toolsOf(recipe).filter(({ name }) => missing.has(name)),
    unmet: of("unmet").flatMap((line) => line.match(/\S+( \([^)]*\))?( \| \S+( \([^)]*\))?)*/g) ?? []),
    refused: of("refused"),
  };
}
