# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
#
# Debian's Prometheus and node_exporter for tests/web/collect: fetched, started,
# asked. Sourced after tests/lab/lib.sh; wants $dir and $monitoring.

tools=$CACHE/web/usr/bin

# Unpacked and not installed: a package of a server would start it.
get_tools()
{
	local part=$CACHE/web.part download deb

	[ ! -x "$tools/promtool" ] || return 0
	download=$(mktemp -d) || return
	# apt drops its privileges to _apt for a download.
	[ "$(id -u)" != 0 ] || chown _apt "$download" 2>/dev/null
	(
		hold_lock web
		rm -rf "$part"
		cd "$download" &&
			apt-get -qq download prometheus prometheus-node-exporter >&2 || exit
		for deb in *.deb; do
			dpkg -x "$deb" "$part" || exit
		done
		rm -rf "$CACHE/web"
		mv "$part" "$CACHE/web"
	)
	local status=$?
	rm -rf "$download"
	return $status
}

free_port()
{
	local port

	while :; do
		port=$((RANDOM % 20000 + 20000))
		(exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null || break
	done
	echo "$port"
}

# shellcheck disable=SC2154 # dir and monitoring are the caller's
# As export does it: whole or not at all.
put_file()
{
	cp "$1" "$dir/textfile/.new" && mv "$dir/textfile/.new" "$dir/textfile/sharestat.prom"
}

# shellcheck disable=SC2154
write_configuration()
{
	cat >"$dir/prometheus.yml" <<END
global:
  scrape_interval: 1s
  evaluation_interval: 1s
rule_files:
  - $monitoring/alerts.yml
scrape_configs:
  - job_name: node
    static_configs:
      - targets: ['127.0.0.1:$node_port']
END
}

start_servers()
{
	node_port=$(free_port)
	prometheus_port=$(free_port)
	mkdir "$dir/textfile"
	put_file "$dir/first.prom"
	write_configuration
	"$tools/prometheus-node-exporter" --collector.disable-defaults --collector.textfile \
		--collector.textfile.directory="$dir/textfile" \
		--web.listen-address="127.0.0.1:$node_port" >"$dir/node.log" 2>&1 &
	pids+=($!)
	"$tools/prometheus" --config.file="$dir/prometheus.yml" --storage.tsdb.path="$dir/data" \
		--web.listen-address="127.0.0.1:$prometheus_port" >"$dir/prometheus.log" 2>&1 &
	pids+=($!)
}

end_all()
{
	local pid

	for pid in "${pids[@]}"; do
		kill "$pid" 2>/dev/null
		wait "$pid" 2>/dev/null
	done
	pids=()
}

# wait_for SECONDS COMMAND...: until it succeeds
wait_for()
{
	local tries=$(($1 * 4))

	shift
	while ! "$@"; do
		((tries-- > 0)) || return 1
		sleep 0.25
	done
}

# api PATH OPTION...: an answer of Prometheus
api()
{
	curl -sS -G --max-time 10 "${@:2}" "http://127.0.0.1:$prometheus_port/api/v1/$1" 2>&1
}

query()
{
	api query --data-urlencode "query=$1"
}

# result EXPRESSION: the value of its one sample
result()
{
	query "$1" | jq -r '.data.result | if length == 1 then .[0].value[1] else "\(length) samples" end' \
		2>/dev/null
}

# result_is VALUE EXPRESSION; true stands for a comparison that holds
result_is()
{
	local value

	value=$(result "$2")
	[ "$value" = "$1" ] || { [ "$1" = true ] && [ "$value" = 1 ]; }
}

has_samples()
{
	query "$1" | jq -e '.status == "success" and (.data.result | length > 0) and
		([.data.result[].value[1]] | any(. != "NaN"))' >/dev/null 2>&1
}

# metric_names FILE: of its samples, sorted
metric_names()
{
	sed -n 's/^\([a-z_]*\)[{ ].*/\1/p' "$1" | sort -u
}
