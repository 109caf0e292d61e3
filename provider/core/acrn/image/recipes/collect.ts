/**
 * Shell function: what counts of a build's output folder (`build/hypervisor`: acrn.bin, configs/, the tables of pre-launched VMs in acpi/) goes to
 * `$OUT`, under the names that it has beside a staged image [hypervisor/Makefile `install`; scripts/makefile/config.mk HV_CONFIG_DIR;
 * misc_cfg.h lies below configs/scenarios/<scenario>, scripts/genconf.sh].
 */
export const COLLECT = `collect() {
  [ -s "$1/acrn.bin" ] || { echo "pulumi-acrn: the build ended without $1/acrn.bin"; return 1; }
  cp "$1/acrn.bin" "$OUT/acrn.bin" || return 1
  for f in "$1"/configs/allocation.xml "$1"/configs/config.mk "$1"/configs/misc_cfg.h "$1"/configs/scenarios/*/misc_cfg.h; do
    [ ! -s "$f" ] || { mkdir -p "$OUT/configs" && cp "$f" "$OUT/configs/\${f##*/}"; } || return 1
  done
  for f in "$1"/acpi/ACPI_VM*.bin "$1"/ACPI_VM*.bin; do
    [ ! -s "$f" ] || cp "$f" "$OUT/\${f##*/}" || return 1
  done
}
`;

/** What a recipe may leave in `$OUT`. */
export function isResult(name: string): boolean {
  return (
    name === "acrn.bin" ||
    /^ACPI_VM\d{1,2}\.bin$/.test(name) ||
    /^configs\/(allocation\.xml|misc_cfg\.h|config\.mk)$/.test(name)
  );
}
