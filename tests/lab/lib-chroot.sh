# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
# A small Debian of its own in the cache, for kernels whose build tools need a
# newer libc than this machine's. Sourced after lib.sh and lib-apt.sh.

chroot_folder()
{
	echo "$CACHE/chroot/$(release_of "$K_SUITE")-$(dpkg --print-architecture)"
}

# What objtool, modpost and a compiler of that release need; libelf and libdw
# are objtool's; without pahole the kernel's Makefile warns.
chroot_packages()
{
	echo "make,$K_COMPILER,pahole,libelf1t64,libdw1t64,libssl3t64,libzstd1"
}

build_chroot()
{
	local folder now

	folder=$(chroot_folder)
	now=$(chroot_packages)
	[ "$(cat "$folder/lab-packages" 2>/dev/null)" != "$now" ] || return 0
	[ "$(id -u)" = 0 ] || die "building for $K_NAME needs a chroot, and that needs root"
	command -v mmdebstrap >/dev/null 2>&1 ||
		die "building for $K_NAME needs a chroot: apt-get install mmdebstrap"
	progress "making a chroot with Debian $K_SUITE"
	mkdir -p "${folder%/*}"
	rm -rf "$folder"
	source_lines "$(release_of "$K_SUITE")" |
		mmdebstrap --quiet --mode=root --variant=essential \
			--include="$now" --aptopt='Acquire::Check-Valid-Until "false"' \
			--dpkgopt='path-exclude=/usr/share/doc/*' \
			--dpkgopt='path-exclude=/usr/share/locale/*' \
			--dpkgopt='path-exclude=/usr/share/man/*' \
			"$(release_of "$K_SUITE")" "$folder" - >&2 ||
		die "mmdebstrap could not make a chroot of Debian $K_SUITE"
	echo "$now" >"$folder/lab-packages"
	progress_end
}

# in_chroot COMMAND...: as root there, the repository and the cache at their
# own paths. Without /proc objtool fails. The mounts end with the command.
in_chroot()
{
	local folder

	folder=$(chroot_folder)
	mkdir -p "$folder$REPO" "$folder$CACHE"
	# shellcheck disable=SC2016 # expanded by the shell inside
	unshare --mount --propagation private bash -euc '
		root=$1
		shift
		for mounted in "$1" "$2" /proc /dev; do
			mount --rbind "$mounted" "$root$mounted"
		done
		shift 2
		exec chroot "$root" env -i PATH=/usr/bin:/usr/sbin HOME=/ LC_ALL=C "$@"
	' in_chroot "$folder" "$REPO" "$CACHE" "$@"
}
