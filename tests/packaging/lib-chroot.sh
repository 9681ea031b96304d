# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
# A small Debian to install into. It is made once and stays as it is: each run works
# in a copy of its own. Sourced by run, in a mount namespace of its own.

# shellcheck source=tests/lab/lib.sh
. tests/lab/lib.sh
# shellcheck source=tests/lab/lib-apt.sh
. tests/lab/lib-apt.sh

BASE=$CACHE/packaging/base
# What sharestat and DKMS depend on; libelf1 and pahole are what the kernel's headers
# depend on, which come from the lab and not from a package.
BASE_PACKAGES=dkms,gcc-12,make,kmod,libelf1,pahole,openssl,libsmartcols1,libjson-c5,libncursesw6

build_base()
{
	[ "$(cat "$BASE.packages" 2>/dev/null)" != "$BASE_PACKAGES" ] || return 0
	need_command mmdebstrap
	mkdir -p "${BASE%/*}"
	rm -rf "$BASE"
	source_lines bookworm |
		mmdebstrap --quiet --mode=root --variant=apt --include="$BASE_PACKAGES" \
			--dpkgopt='path-exclude=/usr/share/locale/*' bookworm "$BASE" - >&2 ||
		return 1
	echo "$BASE_PACKAGES" >"$BASE.packages"
}

# copy_root FOLDER: sets ROOT to a root of this run's own. It holds no mount of what
# must not be removed with it, so that a mistake removes a copy only.
copy_root()
{
	ROOT=$1/root
	cp -a "$BASE" "$ROOT" && mkdir -p "$ROOT/packages" &&
		mount --rbind /proc "$ROOT/proc" && mount --rbind /dev "$ROOT/dev"
}

# Nothing is removed through a mount that is still there.
remove_root()
{
	umount -R -l "$1/root/proc" "$1/root/dev" 2>/dev/null
	! grep -qF " $1/" /proc/self/mountinfo && rm -rf "$1"
}

inside()
{
	chroot "$ROOT" env -i PATH=/usr/sbin:/usr/bin LC_ALL=C HOME=/root \
		DEBIAN_FRONTEND=noninteractive "$@"
}

# A kernel of the lab as if its packages of image and headers were installed. Prints
# its release.
install_kernel()
{
	local release headers unpacked

	release=$(tests/lab/path release --kernel "$1") || return 1
	headers=$(tests/lab/path headers --kernel "$1") || return 1
	unpacked=${headers%/usr/src/*}
	mkdir -p "$ROOT/lib/modules/$release" "$ROOT$unpacked"
	cp -a "$unpacked/usr" "$ROOT$unpacked/" || return 1
	cp "$unpacked/lib/modules/$release"/modules.{order,builtin,builtin.modinfo} "$ROOT/lib/modules/$release/"
	ln -s "$headers" "$ROOT/lib/modules/$release/build"
	depmod -b "$ROOT" "$release"
	echo "$release"
}

# The files of the root, without logs, caches, what dpkg says of itself, and the key
# that DKMS makes for whatever it builds.
listing()
{
	(cd "$ROOT" && find . \( -path ".$CACHE" -o -path ./var/log -o -path ./var/cache -o -path ./tmp \
		-o -path ./packages -o -path ./run -o -path ./proc -o -path ./dev -o -path ./var/lib/dpkg \
		-o -path ./var/lib/apt -o -path './var/lib/dkms/mok.*' \) -prune -o -not -type d -print) |
		LC_ALL=C sort
}
