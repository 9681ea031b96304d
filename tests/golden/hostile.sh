# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0
#
# shellcheck disable=SC2154 # work is run's
#
# Names that somebody chose to break what shows them. hostile-names has one a line, as the
# module escapes it, and one is empty. Sourced by run.

# hostile_copy FROM TO: the folder of recordings, with those names in the place of all names;
# who had one name has one name in each file
hostile_copy()
{
	cp -rL "$1" "$2"
	find "$2" -type f ! -name '*.bin' -exec awk -v names=hostile-names '
		BEGIN {
			while ((getline name < names) > 0)
				list[count++] = name
			list[count++] = ""
		}
		FNR == 1 {
			close(out)
			out = FILENAME ".new"
			fields = 0
		}
		/^# / && $NF ~ /^(comm|name)$/ {
			fields = NF - 1
			kind = $NF
		}
		fields && !/^#/ {
			tail = $0
			for (i = 1; i < fields; i++)
				sub(/^[^ ]+ /, "", tail)
			head = substr($0, 1, length($0) - length(tail))
			if (!(tail in is))	# a mapping always has a name
				is[tail] = list[known++ % (kind == "name" ? count - 1 : count)]
			$0 = head is[tail]
		}
		{ print > out }' {} +
	find "$2" -name '*.new' -exec sh -c 'for new; do mv "$new" "${new%.new}"; done' _ {} +
}

# safe MEDIUM ARGUMENTS: what is said of hostile names fits the medium, and so does what is
# said on standard error
safe()
{
	local -x WORLD=$work/hostile/world

	is_valid_in_all_modes "$1" "${2//--root /--root \$work/hostile/}" 2>"$work/said" ||
		{ cat "$work/said"; return 1; }
	[ ! -s "$work/said" ] || ../validate text "$work/said" || { echo "standard error: $2"; return 1; }
}

# safe_render MEDIUM ARGUMENTS: a renderer, with each of the names
safe_render()
{
	local name

	while read -r name; do
		NAME=$(printf '%b' "${name//\\/\\0}") is_valid "$1" "$2" || return
	done <hostile-names
}

# The names come back out of JSON as they are, but for bytes that are no characters.
names_survive()
{
	sharestat --root "$work/hostile/recorded" tasks -J -o comm |
		jq '.tasks[].comm // "" | gsub("\ufffd+"; "\ufffd")' | sort -u >"$work/names"
	while read -r name; do
		printf '%b' "${name//\\/\\0}" | jq -Rs 'gsub("\ufffd+"; "\ufffd")'
	done <hostile-names | sort -u >"$work/wanted"
	[ -z "$(comm -13 "$work/names" "$work/wanted")" ] || { diff "$work/wanted" "$work/names"; return 1; }
}

# A recording has each file as it is, and what is said of where it is put is safe.
record_keeps_names()
{
	local -x WORLD=$work/hostile/world
	local folder=$work/$'\033[31mfolder' name

	rm -rf "$work/copy"
	live record "$work/copy" || return
	for name in tasks mms vmas switches_mms frames; do
		diff -q "$WORLD/0/$name" "$work/copy/$name" || return
	done
	mkdir "$folder"
	touch "$folder/full"
	live record "$folder" >"$work/out" 2>&1 && return 1
	live record "$folder/full/copy" >>"$work/out" 2>&1 && return 1
	cat "$work/out"
	[ "$(grep -c 'x1b.31mfolder' "$work/out")" = 2 ] && ../validate text "$work/out"
}

hostile_tests()
{
	local root name medium arguments

	mkdir "$work/hostile"
	for root in small recorded sharing programs arm64 world; do
		hostile_copy "$root" "$work/hostile/$root"
	done
	while IFS='|' read -r name medium arguments; do
		[[ $name = [a-z]* ]] || continue
		medium=${medium// /}
		case $arguments in
		*\ render\ *) tap_test "hostile names, $medium:$arguments" safe_render "$medium" "${arguments# }" ;;
		*) tap_test "hostile names, $medium:$arguments" safe "$medium" "${arguments# }" ;;
		esac
	done <modes
	tap_test "names are in JSON as they are" names_survive
	tap_test "a recording has names as they are, and says its own safely" record_keeps_names
}
