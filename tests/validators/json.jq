# SPDX-License-Identifier: GPL-2.0
#
# Holds each value against json-shapes.json. A shape is
#
#	"number", "string", "boolean", "any"; with | between alternatives and ? for null
#	"@NAME"		the shape of that name in "define"
#	["SHAPE"]	a list of these
#	{ ... }		an object with these keys and no others: "KEY?" may be missing, "*"
#			is any other key, "@" also the keys of that one of "define"
#	"rows"		the same rows once more: the children of a tree
#
# Of a table, any columns may have been chosen, but each row has the same.

def define($name): $shapes[0].define[$name] // error("json-shapes.json: no \($name)");

# All keys of an object's shape.
def keys_of: if .["@"] then (define(.["@"]) | keys_of) + del(.["@"]) else . end;

def finding($path; $what): "\($path): \($what)";

def look($path; $shape):
	. as $value | type as $type |
	if ($shape | type) == "array" then
		if $type != "array" then finding($path; "\($type), not a list")
		else to_entries[] | .key as $i | .value | look("\($path)[\($i)]"; $shape[0]) end
	elif ($shape | type) == "object" then
		if $type != "object" then finding($path; "\($type), not an object")
		else ($shape | keys_of) as $known |
			(keys_unsorted[] | . as $key |
				($known[$key] // $known[$key + "?"] // $known["*"]) as $inner |
				if $inner == null then finding($path; "key \($key) is not in json-shapes.json")
				else ($value[$key] | look("\($path).\($key)"; $inner)) end),
			($known | keys_unsorted[] | select(endswith("?") or . == "*" | not) |
				select(in($value) | not) | finding($path; "key \(.) is missing"))
		end
	elif $shape | endswith("?") then
		if $type == "null" then empty else look($path; $shape[:-1]) end
	elif $shape | startswith("[") then look($path; [$shape[1:-1]])
	elif $shape | startswith("@") then look($path; define($shape[1:]))
	elif $shape == "any" or ($shape | split("|") | index($type)) then empty
	else finding($path; "\($type) \(tojson), not \($shape)") end;

def look_at_rows($path; $shape):
	if type != "array" then finding($path; "\(type), not a list")
	else
		(map(select(type == "object") | del(.children) | keys_unsorted) | unique |
			select(length > 1) | finding($path; "rows have different columns: \(tojson)")),
		(to_entries[] | .key as $i | .value | "\($path)[\($i)]" as $here |
			if type != "object" then finding($here; "\(type), not an object")
			else to_entries[] | .key as $key | .value |
				if $shape[$key] == null then finding($here; "key \($key) is not in json-shapes.json")
				elif $shape[$key] == "rows" then look_at_rows("\($here).\($key)"; $shape)
				else look("\($here).\($key)"; $shape[$key]) end
			end)
	end;

def look_at_content:
	if (keys | length) == 1 and (keys[0] | in($shapes[0].tables)) then
		keys[0] as $name | .[$name] | look_at_rows(".\($name)"; $shapes[0].tables[$name] | keys_of)
	else
		(. as $value | [$shapes[0].documents | keys_unsorted[] | select(in($value))][0]) as $kind |
		if $kind == null then finding("."; "nobody knows a document with the keys \(keys | tojson)")
		else look(""; $shapes[0].documents[$kind]) end
	end;

def look_at_document:
	if type != "object" then finding("."; "\(type), not an object")
	elif .schema != 1 then finding(".schema"; "\(.schema | tojson), not 1")
	else del(.schema) | look_at_content end;

# Values that hold no other: in the text $written.
def leaves: [.. | select(type != "object" and type != "array" or length == 0)] | length;

reduce inputs as $value ({ count: 0, leaves: 0, findings: [] };
	.count += 1 | .leaves += ($value | leaves) | .findings += [$value | look_at_document]) |
if .leaves != $written then .findings += ["two keys of one object are equal"] else . end |
if .count == 0 then "there is no JSON value\n" | halt_error(1)
elif .findings != [] then (.findings[:20] | join("\n")) + "\n" | halt_error(1)
else empty end
