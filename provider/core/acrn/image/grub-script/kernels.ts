/**
 * Shell functions: the newest kernel in /boot that can be a Service VM's, by its config (CONFIG_ACRN_HSM), its initrd, and how root is named to it.
 * Names and places are those of GRUB's 10_linux and the packages' 25_linux_acrn, so that all three see the same kernels. `V`: the release.
 */
export const KERNELS = `release() {
  V=\${1##*/}
  V=\${V#*-}
}
suitable() {
  release "$1"
  for c in "\${1%/*}/config-$V" "\${1%/*}/config-\${V%.old}" "$R/etc/kernels/kernel-config-$V"; do
    if [ -e "$c" ]; then
      grep -Eqx 'CONFIG_ACRN_HSM=[ym]' "$c" 2>/dev/null
      return
    fi
  done
  return 1
}
# a line each: version, 1 for what an upgrade set aside as .old, path
candidates() {
  for k in "$R"/boot/vmlinuz-* "$R"/boot/vmlinux-* "$R"/vmlinuz-* "$R"/boot/kernel-*; do
    [ -s "$k" ] && grub_file_is_not_garbage "$k" && suitable "$k" || continue
    case $V in *.old) echo "\${V%.old} 1 $k" ;; *) echo "$V 2 $k" ;; esac
  done
}
newest() {
  k=$(candidates | LC_ALL=C sort -V -r | head -n 1)
  k=\${k#* }
  echo "\${k#* }"
}
initrd_of() {
  release "$1"
  for v in "$V" "\${V%.old}"; do
    for i in "initrd.img-$v" "initrd-$v.img" "initrd-$v.gz" "initrd-$v" "initramfs-$v.img" \\
      "initramfs-genkernel-$v" "initramfs-genkernel-x86-$v"; do
      if [ -s "\${1%/*}/$i" ]; then
        echo "\${1%/*}/$i"
        return
      fi
    done
  done
}
# UUID= is read by an initrd, PARTUUID= by the kernel itself [Linux, block/early-lookup.c]; a btrfs may have several devices
root_of() {
  flags=
  case \${GRUB_FS-} in
    btrfs)
      s=$(make_system_path_relative_to_its_root /)
      s=\${s#/}
      [ -z "$s" ] || flags="rootflags=subvol=$s" ;;
    zfs)
      pool=$("$grub_probe" --device "$GRUB_DEVICE" --target=fs_label 2>/dev/null)
      s=$(make_system_path_relative_to_its_root /)
      s=\${s%@}
      echo "root=ZFS=$pool\${s%/} ro"
      return ;;
  esac
  device=\${GRUB_DEVICE-}
  device=\${device%%"$n"*}
  if [ "$1" ] && [ "\${GRUB_DEVICE_UUID-}" ] && [ "\${GRUB_DISABLE_LINUX_UUID-}" != true ] &&
    [ -e "$R/dev/disk/by-uuid/$GRUB_DEVICE_UUID" ] && ! { [ -e "$device" ] && uses_abstraction "$device" lvm; }; then
    device=UUID=$GRUB_DEVICE_UUID
  elif [ -z "$1" ] && [ "\${GRUB_DEVICE_PARTUUID-}" ] && [ "\${GRUB_DISABLE_LINUX_PARTUUID-}" != true ]; then
    device=PARTUUID=$GRUB_DEVICE_PARTUUID
  fi
  echo "root=$device ro\${flags:+ $flags}"
}
`;
