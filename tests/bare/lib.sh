# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
# A Debian 12 with git, make and ca-certificates and nothing else, and copies of it with
# what tests/lab/packages brings. All are kept in the cache, and packages once downloaded,
# too. Sourced by run, in a mount namespace of its own.

# shellcheck source=tests/packaging/lib-chroot.sh
. tests/packaging/lib-chroot.sh

BARE=$CACHE/bare
BASE=$BARE/base
BASE_PACKAGES=git,make,ca-certificates
INSTALLED=$BARE/installed

# mount_into ROOT: what a container has, too
mount_into()
{
	local folder

	mkdir -p "$1/proc" "$1/dev" "$1/sys" "$BARE/archives/partial"
	for folder in proc dev sys; do
		mount --rbind "/$folder" "$1/$folder" || return 1
	done
	mount --bind "$BARE/archives" "$1/var/cache/apt/archives"
}

# umount_from ROOT: fails when something is left, through which files would be removed
umount_from()
{
	umount -R -l "$1"/{proc,dev,sys,var/cache/apt/archives,tmp,root} 2>/dev/null
	! grep -qF " $1/" /proc/self/mountinfo
}

remove_bare_root()
{
	umount_from "$1" && rm -rf "$1"
}

remove_copy()
{
	umount_from "$1" || return
	umount "$1" 2>/dev/null
	rm -rf "$1" "$1.upper" "$1.work"
}

# in_root ROOT COMMAND...: with the environment of a fresh login. It is the root of a mount
# namespace, as on a machine: in a mere chroot, files that another namespace has mapped
# would have names from outside. The old root stays below, where no path leads: there
# may be no umount to take it away with.
in_root()
{
	# shellcheck disable=SC2016 # for that shell
	unshare --mount --propagation private bash -c 'mount --rbind "$0" "$0" && cd "$0" &&
		pivot_root . . && exec "$@"' "$1" \
		env -i PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin HOME=/root TERM=dumb \
		${XDG_CACHE_IN_ROOT:+XDG_CACHE_HOME="$XDG_CACHE_IN_ROOT"} "${@:2}"
}

# packages_into ROOT [OPTION]: as it is called by make
packages_into()
{
	in_root "$1" bash -s -- "${@:2}" <tests/lab/packages >&2
}

# What a copy was made of: a change of the list makes a new one.
stamp()
{
	cat tests/lab/packages "$BASE.packages" | cksum
}

# build_installed: the copy with what make report and make check install
build_installed()
{
	[ "$(cat "$INSTALLED.stamp" 2>/dev/null)" != "$(stamp)" ] || return 0
	remove_bare_root "$INSTALLED" && rm -f "$INSTALLED.stamp" &&
		cp -a "$BASE" "$INSTALLED" && mount_into "$INSTALLED" && packages_into "$INSTALLED" &&
		umount_from "$INSTALLED" && stamp >"$INSTALLED.stamp"
}

# programs_of ROOT: their names, one a line
programs_of()
{
	local folder

	for folder in usr/local/sbin usr/local/bin usr/sbin usr/bin; do
		find "$1/$folder" -mindepth 1 ! -type d -printf '%f\n'
	done | sort -u
}

# copy_installed ROOT: for a while; where a file system can be laid over another, in no time
copy_installed()
{
	mkdir -p "$1" "$1.upper" "$1.work"
	mount -t overlay -o "lowerdir=$INSTALLED,upperdir=$1.upper,workdir=$1.work" none "$1" 2>/dev/null ||
		cp -a "$INSTALLED/." "$1"
}

# build_programs [OPTION]: leaves in $BARE/programs$1 what there is after tests/lab/packages
# with the option
build_programs()
{
	local list=$BARE/programs${1-} root=$INSTALLED

	[ "$(cat "$list.stamp" 2>/dev/null)" != "$(stamp)" ] || return 0
	if [ -n "${1-}" ]; then
		root=$WORK/option
		copy_installed "$root" && mount_into "$root" && packages_into "$root" "$1" || return
	fi
	programs_of "$root" >"$list" && stamp >"$list.stamp"
	[ -z "${1-}" ] || remove_copy "$root"
}

# clone_into ROOT: the repository, with what is not committed yet, as /root/sharestat
clone_into()
{
	local tree=$1/root/sharestat

	if [ -e .git ]; then
		git clone -q --no-hardlinks . "$tree" || return 1
		git ls-files --deleted | (cd "$tree" && xargs -r -d '\n' rm -f)
	else
		mkdir -p "$tree"
	fi
	list_tree | tar -c --no-recursion -T - | tar -x -C "$tree"
}

# list_tree: the files of the project
list_tree()
{
	{
		git ls-files --cached --others --exclude-standard 2>/dev/null || find . -type f -printf '%P\n'
	} | while IFS= read -r file; do [ ! -f "$file" ] || echo "$file"; done
}
