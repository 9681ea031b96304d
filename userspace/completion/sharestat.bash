# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
#
# Completion of sharestat for bash. It has no list of its own: commands, options and
# columns are those of --help, claims and classes those that an error names.

# __sharestat_tool ARGUMENT...: what the tool answers; as typed, if that can be run
__sharestat_tool()
{
	local tool=${COMP_WORDS[0]/#\~\//$HOME/}

	type -P "$tool" >/dev/null || tool=sharestat
	"$tool" "$@" </dev/null 2>&1
}

# The functions below read a --help.

__sharestat_commands()
{
	sed -n '/^Commands:/,/^$/s/^  \([a-z]\+\) .*/\1/p'
}

# Lines such as "-p --pid PID[,PID]", an optional argument "- --color [WHEN]".
__sharestat_options()
{
	sed -nE -e 's/^  (-.), (--[a-z-]+)( ([^ ]+)( [^ ]+)*|)  .*/\1 \2 \4/p' \
		-e 's/^      (--[a-z-]+)( ([^ ]+)( [^ ]+)*|)  .*/- \1 \3/p' \
		-e 's/^      (--[a-z-]+)(\[)=([^ ]+)  .*/- \1 \2\3/p'
}

__sharestat_columns()
{
	sed -n '/^Available output columns/,$s/^ [ *]\([A-Z][A-Z0-9_]*\) .*/\1/p'
}

# What the command takes, out of its usage.
__sharestat_operands()
{
	sed -n '1s/^Usage: [^ ]* [^ ]* \[OPTIONS\] \?//p'
}

__sharestat_pids()
{
	local process

	for process in /proc/[0-9]*; do
		printf '%s\n' "${process#/proc/}"
	done
}

# __sharestat_list CURRENT WORD...: the last entry of a list with commas
__sharestat_list()
{
	local current=$1 before='' word

	shift
	if [[ $current = *,* ]]; then
		before=${current%,*},
	elif [[ $current = +* ]]; then
		before=+
	fi
	current=${current#"$before"}
	for word; do
		[[ ${word^^} != "${current^^}"* || ,$before = *,"$word",* ]] || COMPREPLY+=("$before$word")
	done
}

# __sharestat_argument NAME CURRENT: of an option whose help calls its argument NAME
__sharestat_argument()
{
	local -a words

	case $1 in
	DIR) mapfile -t COMPREPLY < <(compgen -d -- "$2") && compopt -o filenames 2>/dev/null ;;
	# A B: the two files of report --compare
	FILE | A) mapfile -t COMPREPLY < <(compgen -f -- "$2") && compopt -o filenames 2>/dev/null ;;
	PID*) mapfile -t words < <(__sharestat_pids) && __sharestat_list "$2" "${words[@]}" ;;
	LIST) mapfile -t words < <(__sharestat_columns <<<"$help") && __sharestat_list "$2" "${words[@]}" ;;
	CLASS*)
		mapfile -t words < <(__sharestat_tool matrix --class '?' | tail -n 1 | tr , '\n')
		__sharestat_list "$2" "${words[@]}"
		;;
	ID*)
		mapfile -t words < <(__sharestat_tool report --claim '?' | sed -n 's/^  \([a-z-]*\)  .*/\1/p')
		__sharestat_list "$2" "${words[@]}"
		;;
	*WHEN*) mapfile -t COMPREPLY < <(compgen -W 'auto always never' -- "$2") ;;
	*'|'*) mapfile -t COMPREPLY < <(compgen -W "${1//|/ }" -- "$2") ;;
	esac
	return 0
}

# __sharestat_operand OPERANDS CURRENT
__sharestat_operand()
{
	case $1 in
	*PID:ADDR*) mapfile -t COMPREPLY < <(compgen -S : -W "$(__sharestat_pids)" -- "$2") && compopt -o nospace 2>/dev/null ;;
	*COMMAND*) mapfile -t COMPREPLY < <(compgen -c -- "$2") ;;
	*) __sharestat_argument "${1//[\[\]]/}" "$2" ;;
	esac
	return 0
}

# Of the words before the current one: sets command, program (of stat, which has
# options of its own) and argument (what the option before it calls its argument).
__sharestat_look()
{
	local index word takes

	command='' program='' argument=''
	for ((index = 1; index < COMP_CWORD; index++)); do
		word=${COMP_WORDS[index]}
		if [ -n "$argument" ]; then
			# bash makes three words of --root=DIR
			[ "$word" = = ] || argument=
		elif [ "$word" = -- ]; then
			program=$((index + 1))
			return
		elif [[ $word = -?* ]]; then
			takes=$(awk -v word="$word" '$1 == word || $2 == word { print $3 }' <<<"$options")
			[[ $takes = \[* && ${COMP_WORDS[index + 1]} != = ]] || argument=$takes
		elif [ -z "$command" ]; then
			command=$word
			help=$(__sharestat_tool "$command" --help)
			options=$(__sharestat_options <<<"$help")
		elif [[ $(__sharestat_operands <<<"$help") = *COMMAND* ]]; then
			program=$index
			return
		fi
	done
}

_sharestat()
{
	local current=${COMP_WORDS[COMP_CWORD]} help options command program argument

	COMPREPLY=()
	[ "$current" != = ] || current=
	help=$(__sharestat_tool --help)
	options=$(__sharestat_options <<<"$help")
	__sharestat_look
	if [ -n "$program" ]; then
		if [ "$program" -eq "$COMP_CWORD" ]; then
			mapfile -t COMPREPLY < <(compgen -c -- "$current")
		else
			mapfile -t COMPREPLY < <(compgen -f -- "$current")
		fi
	elif [ -n "$argument" ]; then
		__sharestat_argument "$argument" "$current"
	elif [[ $current = -* ]]; then
		mapfile -t COMPREPLY < <(compgen -W "$(awk '{ print ($1 == "-" ? "" : $1), $2 }' <<<"$options")" -- "$current")
	elif [ -z "$command" ]; then
		mapfile -t COMPREPLY < <(compgen -W "$(__sharestat_commands <<<"$help")" -- "$current")
	else
		__sharestat_operand "$(__sharestat_operands <<<"$help")" "$current"
	fi
}

complete -F _sharestat sharestat
