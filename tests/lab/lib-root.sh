# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
# A small Debian of another architecture in the cache: the guest's root there,
# and what tool and tests are built against. Its packages are only unpacked, so
# none of its programs has to run here. Sourced after lib.sh and lib-apt.sh.

root_folder()
{
	echo "$CACHE/root/$(release_of "$K_SUITE")-$K_ARCH"
}

# What the guest's init, the tool and the kselftests use; then what is needed to
# build them.
root_packages()
{
	sed 's/ *#.*//' <<'EOF'
base-files
base-passwd
bash
busybox-static     # of the initramfs, too
coreutils
dash
debianutils
diffutils
findutils
grep
gzip
hostname
iproute2
kmod
libc-bin           # the locale C.UTF-8
mawk
mount
ncurses-base
procps
sed
tar
util-linux
util-linux-extra
xz-utils
bpftrace
e2fsprogs
jq
libjson-c5
libncursesw6
libsmartcols1
linux-perf
stress-ng
sysvinit-utils     # pidof
tmux
trace-cmd
libc6-dev
libjson-c-dev
libncurses-dev
libsmartcols-dev
linux-libc-dev
EOF
}

# As the packages' own scripts would have done, which are not run.
finish_root()
{
	local root=$1 name link target

	# What points at /lib/... would be looked for on this machine: a library that
	# is not found so is linked statically, beside a dynamic copy of itself.
	find "$root" -type l -lname '/*' -printf '%p %l\n' |
		while read -r link target; do
			ln -sfrn "$root$target" "$link"
		done
	for name in passwd group; do
		cp "$root/usr/share/base-passwd/$name.master" "$root/etc/$name"
	done
	ln -sf dash "$root/usr/bin/sh"
	ln -sf mawk "$root/usr/bin/awk"
}

unpack_root()
{
	local root=$1 deb folder

	# All packages of this release live in /usr; some still name the old places.
	for folder in bin sbin lib; do
		mkdir -p "$root/usr/$folder"
		ln -s "usr/$folder" "$root/$folder"
	done
	mkdir -p "$root/proc" "$root/sys" "$root/dev" "$root/run" "$root/tmp" "$root/mnt"
	for deb in "$APT_ROOT"/var/cache/apt/archives/*.deb; do
		dpkg-deb --fsys-tarfile "$deb" |
			tar -x -p -C "$root" --keep-directory-symlink \
				--exclude './usr/share/doc/*' --exclude './usr/share/man/*' \
				--exclude './usr/share/locale/*'
	done
}

build_root()
{
	local root now
	local -a packages

	root=$(root_folder)
	now=$(root_packages | cat - "$LAB/lib-root.sh" | cksum)
	! unchanged "$root.stamp" "$now" || return 0
	mapfile -t packages < <(root_packages)
	progress "making a root of Debian $K_SUITE $K_ARCH"
	(
		select_suite
		APT_ROOT=$CACHE/apt/$K_SUITE-$K_ARCH
		[ -e "$APT_ROOT/var/lib/apt/lists/lock" ] || update_lists
		apt-get -qq -y --no-install-recommends --download-only install "${packages[@]}" >&2 ||
			{
				update_lists
				apt-get -qq -y --no-install-recommends --download-only \
					install "${packages[@]}" >&2
			} || die "apt-get could not download the root of Debian $K_SUITE $K_ARCH"
		rm -rf "$root" "$root.new"
		mkdir -p "$root.new"
		unpack_root "$root.new"
		finish_root "$root.new"
		mv "$root.new" "$root"
		apt-get clean
	)
	echo "$now" >"$root.stamp"
	progress_end
}
