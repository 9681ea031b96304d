# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
# Packages of another Debian than this machine's, by an apt with a root of its
# own in the cache: the host's sources and its state are never touched. Sourced
# after lib.sh, with a kernel selected.

KEYRING=/usr/share/keyrings/debian-archive-keyring.gpg

# The release that a suite belongs to: bookworm for bookworm-backports.
release_of()
{
	echo "${1%%-*}"
}

# shellcheck source=/dev/null
host_release()
{
	(. /etc/os-release && echo "${ID-} ${VERSION_CODENAME-}")
}

# Where Debian is, as the host says, in either form of its sources.
mirror()
{
	cat /etc/apt/sources.list /etc/apt/sources.list.d/* 2>/dev/null |
		sed -nE 's|^[^#]*(https?://[^ ]+/debian)/?( .*)?$|\1|p' | head -n 1 |
		grep . || echo http://deb.debian.org/debian
}

source_lines()
{
	local suite=$1 release mirror

	release=$(release_of "$suite")
	mirror=$(mirror)
	for name in "$release" "$release-updates" "$suite"; do
		echo "deb [signed-by=$KEYRING] $mirror $name main"
	done | sort -u
	echo "deb [signed-by=$KEYRING] $mirror-security $release-security main"
}

# Of a release that is no longer maintained the lists are out of date for ever.
write_configuration()
{
	local root=$1

	cat <<CONFIGURATION
Dir "$root";
Dir::State::status "$root/status";
Dir::Etc::trusted "$KEYRING";
APT::Architecture "$K_ARCH";
APT::Architectures { "$K_ARCH"; "$(dpkg --print-architecture)"; };
APT::Sandbox::User "root";
Acquire::Languages "none";
Acquire::Check-Valid-Until "false";
CONFIGURATION
}

make_apt_root()
{
	local root=$1

	mkdir -p "$root/etc/apt/sources.list.d" "$root/etc/apt/apt.conf.d" \
		"$root/etc/apt/preferences.d" "$root/var/lib/apt/lists/partial" \
		"$root/var/cache/apt/archives/partial"
	: >"$root/status"
	write_configuration "$root" >"$root/apt.conf"
	source_lines "$K_SUITE" >"$root/etc/apt/sources.list"
}

# Have apt-get and apt-cache speak of the kernel's suite from here on.
select_suite()
{
	local root=$CACHE/apt/$K_SUITE-$K_ARCH

	if [ "$(host_release)" = "debian $K_SUITE" ] &&
		[ "$(dpkg --print-architecture)" = "$K_ARCH" ]; then
		return 0
	fi
	[ -e "$KEYRING" ] || die "no $KEYRING; install debian-archive-keyring"
	make_apt_root "$root"
	export APT_CONFIG=$root/apt.conf
}

# The lists of this machine's own apt are root's.
update_lists()
{
	progress "reading the package lists of Debian $K_SUITE"
	apt-get -qq update >&2 ||
		{ [ -z "${APT_CONFIG-}" ] && [ "$(id -u)" != 0 ]; } ||
		die "apt-get update failed"
}
