import { shellQuote } from "../../../text/shell-quote";
import { COLLECT } from "./collect";
import { type BuildNames, inputNames, type Recipe } from "./types";

/**
 * The shell text of a build, for `sh`. It runs in a folder of its own, which goes afterwards, and finds there: `$IN` with board and scenario, `$OUT` for what
 * it makes, `$WORK` for whatever it likes, `$ROOT` before the machine's paths (empty but in a lab). Nothing else on the machine is written.
 */
export function buildScript(recipe: Recipe, names: BuildNames): string {
  const { board, scenario } = inputNames(names);
  const head = `BOARD_FILE=$IN/${board} SCENARIO_FILE=$IN/${scenario}\nexport BOARD_FILE SCENARIO_FILE OUT WORK\n${COLLECT}`;
  switch (recipe.how) {
    case "command":
      return `${head}sh -c ${shellQuote(recipe.command)} || exit\n[ -s "$OUT/acrn.bin" ] || { echo 'pulumi-acrn: the command ended without $OUT/acrn.bin'; exit 1; }\n`;
    case "make":
      return head + makeText(recipe.source, recipe.release);
    case "debian":
      return head + debianText(recipe.source, recipe.release, names);
    case "prebuilt":
      return head + prebuiltText(recipe.path);
  }
}

/** ACRN's Makefile takes variables of these names out of the environment, as older words for BOARD and SCENARIO, and refuses to be given both. */
const OWN_NAMES = `b=$BOARD_FILE s=$SCENARIO_FILE
unset BOARD_FILE SCENARIO_FILE
`;

const inRoot = (path: string): string => `"$ROOT"${shellQuote(path)}`;

/**
 * `O` names the output folder since v2.0; v2.4 was the first whose generated configuration lies in it too, before that the build wrote into the source
 * [Makefile, TARGET_DIR]. A folder of our own never meets the settings of an older build, which `determine_config` would refuse.
 */
function makeText(source: string, release = false): string {
  return `${OWN_NAMES}make -C ${inRoot(source)} hypervisor BOARD="$b" SCENARIO="$s" O="$WORK/build"${release ? " RELEASE=y" : ""} || exit
collect "$WORK/build/hypervisor"
`;
}

/**
 * In a copy: the script removes debian/changelog, debian/rules builds inside the tree, and the packages land beside it. The packages hold image and tables
 * [debian/rules override_dh_auto_install-arch], the tree the generated configuration.
 */
function debianText(source: string, release = false, { scenario }: BuildNames): string {
  return `${OWN_NAMES}cp -a ${inRoot(source)}/. "$WORK/source" && mkdir "$WORK/config" && cp "$b" "$s" "$WORK/config" || exit
name=$(xmllint --xpath 'string(/acrn-config/@board)' "$b")
[ "$name" ] || { echo 'pulumi-acrn: the board file has no attribute board, by which debian/rules finds it'; exit 1; }
rm -rf "$WORK/source/build"
bash "$WORK/source/debian/debian_build.sh" -c "$WORK/config" -b "$name" -s ${scenario} -r ${release ? "y" : "n"} acrn || exit
for deb in "$WORK"/acrn-hypervisor_*.deb; do dpkg-deb -x "$deb" "$WORK/deb" || exit; done
built=$WORK/deb/usr/lib/x86_64-linux-gnu/acrn/$name/${scenario}
mkdir "$WORK/result" || exit
for f in "$built"/acrn.*.bin; do cp "$f" "$WORK/result/acrn.bin" || exit; done
[ ! -d "$built/acpi" ] || cp -R "$built/acpi" "$WORK/result/acpi" || exit
configs=$WORK/source/build/$name/${scenario}/hypervisor/configs
[ ! -d "$configs" ] || cp -R "$configs" "$WORK/result/configs" || exit
collect "$WORK/result"
`;
}

function prebuiltText(path: string): string {
  return `p=${inRoot(path)}
if [ -d "$p" ]; then
  collect "$p"
elif [ -s "$p" ]; then
  cp "$p" "$OUT/acrn.bin"
else
  echo "pulumi-acrn: there is no $p"
  exit 1
fi
`;
}
