# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
# Building for a kernel of the lab: initramfs, module and tool, all in the
# cache. Sourced by run, after lib.sh, lib-apt.sh, lib-chroot.sh and lib-root.sh.

# The modules that the initramfs needs before the root is there.
BOOT_MODULES='virtio_pci 9pnet_virtio 9p overlay'

# For find: what a build in the repository itself leaves there.
NOT_BUILT=(-not -name '*.o' -not -name '*.d' -not -name '*.a' -not -name '*.ko'
	-not -name '*.mod' -not -name '*.mod.c' -not -name '*.cmd'
	-not \( -name sharestat -perm /111 \))

# Changes when a file is added, removed or written.
fingerprint()
{
	find "$@" -type f "${NOT_BUILT[@]}" -printf '%p %s %T@\n' | sort | cksum
}

unchanged()
{
	[ -e "$1" ] && [ "$(cat "$1")" = "$2" ]
}

# In the order of loading, as insmod resolves no dependencies.
boot_module_files()
{
	local module

	for module in $BOOT_MODULES; do
		modprobe -d "$K_DIR/root" -S "$(kernel_release)" -D "$module"
	done | sed -n 's/^insmod \([^ ]*\).*/\1/p' | awk '!seen[$0]++'
}

guest_busybox()
{
	local busybox

	if is_foreign; then
		echo "$(root_folder)/bin/busybox"
		return
	fi
	busybox=$(command -v busybox) || die "no busybox; run tests/lab/packages"
	! ldd "$busybox" >/dev/null 2>&1 ||
		die "$busybox is not static; tests/lab/packages installs busybox-static"
	echo "$busybox"
}

build_initramfs()
{
	local now busybox folder

	busybox=$(guest_busybox)
	now=$(cat "$LAB/guest/initramfs-init" "$busybox" "$K_DIR/release" | cksum)
	! unchanged "$K_DIR/initramfs.stamp" "$now" || return 0
	folder=$(mktemp -d "$K_DIR/initramfs.XXXXXX")
	mkdir "$folder/bin" "$folder/modules"
	cp "$busybox" "$folder/bin/busybox"
	cp "$LAB/guest/initramfs-init" "$folder/init"
	boot_module_files | while read -r file; do
		cp "$file" "$folder/modules/"
		echo "${file##*/}" >>"$folder/modules/order"
	done
	(cd "$folder" && find . | busybox cpio -o -H newc 2>/dev/null) >"$K_DIR/initramfs.new"
	mv "$K_DIR/initramfs.new" "$K_DIR/initramfs"
	rm -rf "$folder"
	echo "$now" >"$K_DIR/initramfs.stamp"
}

# A farm of symbolic links to the sources: objects land in the cache, one
# farm a kernel and repository, and the repository stays clean.
farm_folder()
{
	echo "$CACHE/build/$K_NAME${GCOV:+-gcov}-$(printf %s "$REPO" | cksum | cut -d' ' -f1)"
}

farm_sources()
{
	# Of the tree's root only what a build reads: it leaves its own files there.
	(cd "$REPO" && echo Kbuild && find module userspace -type f "${NOT_BUILT[@]}")
}

plant_farm()
{
	local farm=$1 file

	find "$farm" -xtype l -delete
	farm_sources | while read -r file; do
		[ -L "$farm/$file" ] || {
			mkdir -p "$(dirname "$farm/$file")"
			ln -s "$REPO/$file" "$farm/$file"
		}
	done
}

# quiet_make LOG WHAT MAKE...: run it quietly; when it fails show its errors,
# when it warns its warnings.
quiet_make()
{
	local log=$1 status=0

	progress "building $2"
	shift 2
	"$@" --no-print-directory -j"$(nproc)" >"$log" 2>&1 || status=$?
	progress_end
	grep -E -A 3 'warning:|error:|undefined|\*\*\* ' "$log" | head -n 30 >&2 || true
	[ "$status" = 0 ] || say "all that make said is in $log"
	return "$status"
}

cross_triplet()
{
	local prefix

	prefix=$(cross_prefix)
	echo "${prefix%-}"
}

# What the names of the tools begin with that build for the kernel's
# architecture: nothing on a machine of the same.
cross_prefix()
{
	is_foreign || return 0
	case $K_ARCH in
	amd64) echo x86_64-linux-gnu- ;;
	arm64) echo aarch64-linux-gnu- ;;
	*) die "the lab cannot build for $K_ARCH" ;;
	esac
}

# The make that builds for a kernel of the lab, as far as its row differs.
module_make()
{
	if has_quirk chroot; then
		build_chroot
		echo in_chroot
	fi
	echo make
	if [ -n "$(cross_prefix)" ]; then
		echo "CROSS_COMPILE=$(cross_prefix)"
	fi
	if has_quirk no-btf; then
		echo CONFIG_DEBUG_INFO_BTF_MODULES=
	fi
	if has_quirk kasan; then
		echo UBSAN_SANITIZE=y
	fi
	if [ -n "${GCOV-}" ]; then
		echo GCOV_PROFILE=y
	fi
}

build_module()
{
	local farm=$1 now headers
	local -a make

	now=$(fingerprint "$REPO/Kbuild" "$REPO/module" "$K_DIR/release")
	! unchanged "$farm/module.stamp" "$now" || return 0
	headers=$K_DIR/root/usr/src/linux-headers-$(kernel_release)
	plant_farm "$farm"
	rm -f "$farm/module.stamp"
	mapfile -t make < <(module_make)
	quiet_make "$farm/module.log" sharestat.ko "${make[@]}" -C "$headers" \
		M="$farm" CC="$(cross_prefix)$K_COMPILER" modules ||
		die "sharestat.ko does not build for $(kernel_release); --no-module boots without it"
	echo "$now" >"$farm/module.stamp"
}

# What make needs to build a program for the guest.
program_make()
{
	local root

	is_foreign || return 0
	root=$(root_folder)
	echo "CC=$(cross_prefix)$K_COMPILER --sysroot=$root -DPAGE_BYTES=$(page_bytes)"
	echo "PKG_CONFIG=env PKG_CONFIG_SYSROOT_DIR=$root PKG_CONFIG_LIBDIR=$root/usr/lib/$(cross_triplet)/pkgconfig:$root/usr/share/pkgconfig pkg-config"
}

build_tool()
{
	local farm=$1 now
	local -a variables

	now=$(fingerprint "$REPO/userspace" "$REPO/module/uapi")
	! unchanged "$farm/tool.stamp" "$now" || return 0
	plant_farm "$farm"
	rm -f "$farm/tool.stamp"
	mapfile -t variables < <(program_make)
	quiet_make "$farm/tool.log" "the tool sharestat" \
		make -C "$farm/userspace" sharestat "${variables[@]}" ||
		die "the tool sharestat does not build; --no-tool boots without it"
	echo "$now" >"$farm/tool.stamp"
}
