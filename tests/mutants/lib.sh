# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
#
# Planting a fault in the copy of the tree, trying it, and judging what a suite said.
# Sourced by tests/mutants/run, after tap.sh and lab/lib.sh.

MUTANTS=$CACHE/mutants
TREE=$MUTANTS/tree

# Set by run: the folder of this run.
work=
# Set by find_row.
id='' file='' fault='' suite='' programs=''

table_rows()
{
	grep -v -e '^#' -e '^$' tests/mutants/table
}

# find_row ID: set id, file, fault, suite and, for the suite kselftest, programs.
find_row()
{
	local row

	row=$(table_rows | awk -F '\t' -v id="$1" '$1 == id') || return 1
	IFS=$'\t' read -r id file fault suite <<<"$row"
	read -r suite programs <<<"$suite"
	[ -n "$id" ] && [ -n "$suite" ]
}

# What git knows, as it is now; what is the same stays, with its time of writing.
copy_tree()
{
	local path

	mkdir -p "$TREE"
	git ls-files -z >"$MUTANTS/files"
	while IFS= read -r -d '' path; do
		[ -e "$path" ] || continue
		cmp -s "$path" "$TREE/$path" && [ ! -L "$TREE/$path" ] && continue
		mkdir -p "$TREE/$(dirname "$path")"
		cp -P "$path" "$TREE/$path"
	done <"$MUTANTS/files"
	(cd "$TREE" && find . -type f -printf '%P\0') | sort -z |
		comm -z -23 - <(sort -z "$MUTANTS/files") |
		(cd "$TREE" && grep -z -v '^tests/kselftest/build/' | xargs -0 -r rm -f)
}

# Plant the fault of the row. One that changes nothing, or leaves its file where it
# no longer is, is a row to be mended.
plant()
{
	if [ ! -e "$TREE/$file" ]; then
		tap_not_ok "$id: there is no $file"
		return 1
	fi
	sed -i -E -e "$fault" "$TREE/$file"
	if cmp -s "$file" "$TREE/$file"; then
		tap_not_ok "$id: changes nothing in $file"
		return 1
	fi
}

# Written anew, so that make sees it.
take_out()
{
	cp -P "$file" "$TREE/$file"
}

# run_suite LOG: the suite of the row, in the copy
run_suite()
{
	(
		cd "$TREE" || exit 1
		case $suite in
		unit) BUILD=$MUTANTS/unit run_built tests/unit/run ;;
		golden)
			make -s -C userspace O="$MUTANTS/tool" >&2 || { echo "Bail out! no tool" && exit 1; }
			TOOL=$MUTANTS/tool/sharestat tests/golden/run
			;;
		*)
			# shellcheck disable=SC2086 # names of programs
			"tests/$suite/run" $programs
			;;
		esac
	) >"$1" 2>&1
}

run_built()
{
	mkdir -p "$BUILD"
	"$@"
}

survived()
{
	tail -n 5 "$1" | tap_note
	tap_not_ok "$id: $file: nothing of $suite $programs sees it"
}

# judge LOG: the suite ended badly. A fault that does not build is none.
judge()
{
	local failed

	failed=$(grep -c '^not ok' "$1")
	if grep -qE '^Bail out!|^not ok .* builds$' "$1"; then
		grep -E -A 3 'error:|^Bail|builds$' "$1" | head -n 10 | tap_note
		tap_not_ok "$id: does not build"
	elif [ "$failed" -gt 0 ]; then
		tap_ok "$id: $file: seen by $failed: $(sed -n '0,/^not ok/s/^not ok [0-9]* -* *//p' "$1" | head -n 1)"
	elif grep -qE '^1\.\.[0-9]' "$1"; then
		survived "$1"
	elif [ "$suite" = kselftest ] && ! grep -q 'the kernel complained' "$work/guest.err"; then
		# That the lab failed, or its time was up, is no test that sees a fault.
		tail -n 3 "$work/guest.err" | tap_note
		tap_not_ok "$id: the guest ended, and the kernel had no complaint"
	elif [ "$suite" = kselftest ] || grep -qE 'Sanitizer|runtime error:|Assertion|Segmentation|dumped' "$1"; then
		tap_ok "$id: $file: $suite $programs dies of it"
	else
		# Of a full disk, or of what is missing, a suite ends as well.
		tail -n 3 "$1" | tap_note
		tap_not_ok "$id: $suite ended before its last test, and nothing says that the fault did it"
	fi
}

# The module and the tool as the copy has them now, for the lab's first kernel.
build_copy()
{
	(
		set -e
		for part in lib lib-apt lib-chroot lib-root lib-build; do
			# shellcheck source=/dev/null
			. "$TREE/tests/lab/$part.sh"
		done
		select_kernel ""
		farm=$(farm_folder)
		mkdir -p "$farm"
		build_module "$farm"
		build_tool "$farm"
		mkdir -p "$1"
		cp "$farm/sharestat.ko" "$farm/userspace/sharestat" "$1"
	)
}

# Build the fault of the row for the guest.
prepare()
{
	local log=$work/$id.build status=0

	plant || return 1
	build_copy "$work/$id" >"$log" 2>&1 || {
		tail -n 10 "$log" | tap_note
		tap_not_ok "$id: does not build"
		status=1
	}
	[ "$status" != 0 ] || printf '%s\n' "$programs" >"$work/$id/programs"
	take_out
	return "$status"
}

# What the guest said of one fault stands between two lines "mutant ID".
split_by_fault()
{
	awk -v folder="$work" '/^mutant / { close(out); out = folder "/" $2 ".log"; next }
		out { print >out }' "$1"
}

# Boot, try as many as the guest lives for, and again with the rest.
try_in_guest()
{
	local left=("${for_guest[@]}") rest tried

	[ "${#left[@]}" -gt 0 ] || return 0
	while [ "${#left[@]}" -gt 0 ]; do
		(cd "$TREE" && KSELFTEST_GUEST=tests/mutants/guest tests/kselftest/run \
			"$work" "${left[@]}") >"$work/guest" 2>"$work/guest.err"
		split_by_fault "$work/guest"
		rest=() tried=0
		for id in "${left[@]}"; do
			[ -e "$work/$id.log" ] || { rest+=("$id") && continue; }
			tried=1
			find_row "$id" && judge "$work/$id.log"
		done
		if [ "$tried" = 0 ]; then
			tail -n 20 "$work/guest.err" | tap_note
			for id in "${left[@]}"; do
				tap_not_ok "$id: the guest does not try it"
			done
			return
		fi
		left=("${rest[@]}")
	done
}
