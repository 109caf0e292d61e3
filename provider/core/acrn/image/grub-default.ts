import { BOOT_IMAGES, PROMOTED_PATH } from "./paths";

/**
 * Text of `/etc/default/grub.d/zz-pulumi-acrn.cfg`, always the same: grub-mkconfig sources it under `set -e`, so nothing in it may fail, and whatever
 * it uses is gone after it. Only a confirmed image that is whole in /boot becomes the default.
 */
export function grubDefaultText(): string {
  return `# Written by pulumi-acrn (HypervisorImage): the confirmed hypervisor image is what boots by default.
# Without ${PROMOTED_PATH} this does nothing.
pulumi_acrn_id=
if [ -r "\${PULUMI_ACRN_ROOT-}${PROMOTED_PATH}" ]; then
  IFS= read -r pulumi_acrn_id <"\${PULUMI_ACRN_ROOT-}${PROMOTED_PATH}" || :
fi
case $pulumi_acrn_id in
  '' | *[!0-9a-f]*) ;;
  *)
    if [ -s "\${PULUMI_ACRN_ROOT-}${BOOT_IMAGES}/$pulumi_acrn_id/acrn.bin" ]; then
      GRUB_DEFAULT="pulumi-acrn-$pulumi_acrn_id"
    fi ;;
esac
unset pulumi_acrn_id
`;
}
