#!/bin/sh
# The last step of mmdebstrap, in the finished tree: what an installer does with GRUB, where there is no disk yet.
# $1: the tree; $2: the UUID that its file system will have.
set -e
cd "$1"
uuid=$2

# grub-probe cannot look at a disk that is not there, so while the menu is made one stands in its place that knows the answers. The menu is
# then the one that update-grub writes in the guest (grub-mkconfig_lib and 10_linux say what they ask).
mkdir -p boot/efi boot/grub dev/disk/by-uuid
mv usr/sbin/grub-probe usr/sbin/grub-probe.real
cat >usr/sbin/grub-probe <<PROBE
#!/bin/sh
case " \$* " in
*"=device "*) echo /dev/vda1 ;;
*fs_uuid*) echo $uuid ;;
*partmap*) echo msdos ;;
*"=fs "* | *" fs "*) echo ext2 ;;
*abstraction* | *partuuid* | *compatibility_hint*) ;;
*) exit 1 ;;
esac
PROBE
chmod 755 usr/sbin/grub-probe
touch "dev/disk/by-uuid/$uuid" # 10_linux names the root by its UUID only where that is a device
chroot . grub-editenv /boot/grub/grubenv create
chroot . grub-mkconfig -o /boot/grub/grub.cfg
rm -r dev/disk
mv usr/sbin/grub-probe.real usr/sbin/grub-probe

# What grub-install copies, and the core images that it makes (grub-mkimage(1)); install-boot.ts puts them on the disk.
for target in i386-pc x86_64-efi; do
  mkdir -p "boot/grub/$target"
  cp usr/lib/grub/$target/*.mod usr/lib/grub/$target/*.lst "boot/grub/$target/"
done
cp usr/lib/grub/i386-pc/boot.img boot/grub/i386-pc/
chroot . grub-mkimage -O i386-pc -p '(,msdos1)/boot/grub' -o /boot/grub/i386-pc/core.img biosdisk part_msdos ext2
# shellcheck disable=SC2016 # GRUB's variable
printf 'search.fs_uuid %s root\nset prefix=($root)/boot/grub\n' "$uuid" >tmp/early.cfg
chroot . grub-mkimage -O x86_64-efi -p /boot/grub -c /tmp/early.cfg -o /boot/grub/x86_64-efi/core.efi \
  part_msdos ext2 search_fs_uuid normal configfile

# A third of a boot in software, for nothing that this guest has: waiting for every device, LVM's snapshots, and a systemd of root's own, which
# each login would start again (logind heeds the mask: user_start_service).
for unit in ifupdown-pre e2scrub_reap user@; do
  ln -s /dev/null "etc/systemd/system/$unit.service"
done

# Settings of the build, and of the network of the machine that built it.
rm -f tmp/early.cfg etc/apt/apt.conf.d/99mmdebstrap etc/dpkg/dpkg.cfg.d/99mmdebstrap
chmod 700 root/.ssh
