# SPDX-License-Identifier: GPL-2.0
#
# Out of the syntax tree of a script, as shfmt --to-json prints it: a line
# "function NAME" for each that it defines and "call NAME" for each program that it calls,
# as far as the name stands there.

# The text of a word, or null when it is only known at run time.
def text:
	if .Type == "Lit" or .Type == "SglQuoted" then .Value
	elif .Type == "DblQuoted" or .Type == null then
		[(.Parts // [])[] | text] | if any(. == null) then null else add // "" end
	else null end;

# Those that call what comes behind them, and its options and assignments.
def prefixes: ["command", "env", "exec", "nice", "nohup", "setsid", "stdbuf", "sudo", "taskset", "time",
	"timeout", "xargs"];

# Not the name of a program: an option, its value in digits or an assignment
def is_argument: . == "" or test("^[-+\\\\]|^[0-9]|=");

# called: the programs of a command, an array of words
def called:
	.[0] as $first
	| $first,
	  if ($first != null) and any(prefixes[]; . == $first) then
		(.[1:] | . as $rest | (map(. == null or (is_argument | not)) | index(true)) as $i
		| if $i == null then empty else $rest[$i:] | called end)
	  elif $first == "tap_test" or $first == "tap_relay_of" then .[2:] | called
	  else empty end;

.. | objects
| if .Type == "FuncDecl" then "function " + .Name.Value
  elif .Type == "CallExpr" and .Args != null then
	[.Args[] | text] | called | select(. != null) | ltrimstr("\\") | "call " + .
  else empty end
