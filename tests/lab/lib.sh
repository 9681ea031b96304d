# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
# What the scripts of the lab have in common. Sourced, never run.

LAB=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd -P)
REPO=$(cd "$LAB/../.." && pwd -P)
CACHE=$(realpath -m "${XDG_CACHE_HOME:-$HOME/.cache}")/sharestat
# A failure of the lab itself, as apart from one of the command: 125, the
# status that env, timeout and docker use for the same.
LAB_FAILED=125

say()
{
	printf 'lab: %s\n' "$*" >&2
}

die()
{
	say "$@"
	exit "$LAB_FAILED"
}

# On a terminal, say what takes long; in a log, one line is enough.
progress()
{
	if [ -t 2 ]; then
		printf '\r\033[Klab: %s' "$*" >&2
	fi
}

progress_end()
{
	if [ -t 2 ]; then
		printf '\r\033[K' >&2
	fi
}

# Neither make nor QEMU can be told of such a name.
case $CACHE in
*[[:space:],:]*) die "the cache folder must have no blank, comma or colon in its name, set XDG_CACHE_HOME: $CACHE" ;;
esac

need_command()
{
	command -v "$1" >/dev/null 2>&1 ||
		die "no $1 here; tests/lab/packages installs what the lab needs"
}

kernel_rows()
{
	sed -e 's/#.*//' -e '/^[[:space:]]*$/d' "${LAB_KERNELS:-$LAB/kernels}"
}

list_kernels()
{
	echo "Kernels of the lab (tests/lab/kernels), the first is the default:"
	kernel_rows | while read -r series arch suite _; do
		printf '  %-10s %-6s of Debian %s\n' "$series" "$arch" "$suite"
	done
}

# Set K_* to the row of one series and, when given, architecture. An empty series
# means the first row.
select_kernel()
{
	local wanted=$1 wanted_arch=${2-} series arch suite image source compiler quirks

	if [ "$wanted" = help ]; then
		list_kernels
		exit 0
	fi
	while read -r series arch suite image source compiler quirks; do
		case $wanted in
		'' | "$series" | "$series-$arch") ;;
		*) continue ;;
		esac
		[ "${wanted_arch:-$arch}" = "$arch" ] || continue
		K_NAME=$series-$arch K_ARCH=$arch K_SUITE=$suite
		K_IMAGE=$image K_SOURCE=$source
		K_COMPILER=$compiler K_QUIRKS=$quirks
		K_DIR=$CACHE/kernels/$K_NAME
		return 0
	done < <(kernel_rows)
	say "no kernel '$wanted'${wanted_arch:+ of $wanted_arch} in the lab"
	list_kernels >&2
	exit "$LAB_FAILED"
}

has_quirk()
{
	[[ ,$K_QUIRKS, = *,$1,* ]]
}

# How large a page of its programs is.
page_bytes()
{
	if has_quirk 16k; then
		echo 16384
	else
		echo 4096
	fi
}

# Is it a kernel with detectors of bugs, built of the source?
is_debug()
{
	has_quirk kasan || has_quirk kcsan
}

# Is the kernel of another architecture than this machine's?
is_foreign()
{
	[ "$K_ARCH" != "$(dpkg --print-architecture)" ]
}

# The release of a fetched kernel, such as 6.1.0-56-amd64.
kernel_release()
{
	cat "$K_DIR/release"
}

# Hold the lock NAME for the rest of this (sub)shell.
hold_lock()
{
	mkdir -p "$CACHE/lock"
	exec {LOCK_FD}>"$CACHE/lock/$1"
	if ! flock -n "$LOCK_FD"; then
		progress "waiting for another run to finish with $1"
		flock "$LOCK_FD"
		progress_end
	fi
}
