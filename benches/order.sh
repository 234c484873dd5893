#!/usr/bin/env bash
# Checks that several workers handle the events of a user in order, and measures how fast: puts events into
# the outbox of a new database, lets one worker handle them, then several, and counts entries that were
# handled before an earlier one of their user. Fails if there is one, or if several workers are slower than
# one.
#
# Needs bash, psql and a PostgreSQL server, in which it creates a database that it removes: `benches/order.sh
# [BINARY] [EVENTS] [USERS] [WORKERS]`. SERVER names the server.
set -euo pipefail

binary=$(realpath "${1:-$(dirname "$0")/../target/release/svc}")
events=${2:-100000} users=${3:-5000} workers=${4:-3}
server=${SERVER:-postgres://postgres@127.0.0.1:5432}
database=svc_order_$$
folder=$(mktemp -d "${TMPDIR:-/tmp}/svc-order.XXXXXX")
running=()
sql() { PGOPTIONS="-c client_min_messages=warning" psql -qAt -v ON_ERROR_STOP=1 "$server/${1}" -c "$2"; }
stop() {
  for process in "${running[@]}"; do kill "$process" 2>/dev/null || true; done
  for process in "${running[@]}"; do wait "$process" || true; done
  running=()
}
finish() {
  stop
  sql postgres "DROP DATABASE IF EXISTS $database WITH (FORCE)"
  rm -rf "$folder"
}
trap finish EXIT
# Must run in a subshell, which it replaces.
become() {
  cd "$folder" && exec env -i SVC_DATABASE__URL="$server/$database" SVC_SERVER__METRICS_LISTEN=off SVC_LOG__LEVEL=warn \
    SVC_SECURITY__SECRET_KEY=8b8e1b1c7c0f4f5f9d1b5f4a3c2d1e0f99aa88bb77cc66dd "$binary" "$@"
}

status=0 alone=0
echo '| workers | events | users | seconds | events a second | out of order |'
echo '|---|---|---|---|---|---|'
for count in 1 "$workers"; do
  sql postgres "DROP DATABASE IF EXISTS $database WITH (FORCE)"
  sql postgres "CREATE DATABASE $database"
  (become migrate >/dev/null)
  sql "$database" "INSERT INTO outbox (id, type, subject, actor, data, occurred_at)
    SELECT CAST(lpad(to_hex(CAST(extract(epoch FROM now()) * 1000 AS bigint)), 12, '0') || '7' ||
        substr(replace(CAST(gen_random_uuid() AS text), '-', ''), 14) AS uuid), 'svc.session.started.v1', CAST(md5(CAST(n * 7919 % $users AS text)) AS uuid), 'operator',
      '{\"version\": 1}', now() FROM generate_series(1, $events) AS n"
  begun=${EPOCHREALTIME/./}
  for ((worker = 0; worker < count; worker++)); do
    become consume --quiet & running+=($!)
  done
  until [ "$(sql "$database" "SELECT count(*) FROM outbox WHERE relayed_at IS NULL")" = 0 ] &&
    [ "$(sql "$database" "SELECT count(*) FROM inbox WHERE state <> 'done'")" = 0 ]; do sleep 0.2; done
  took=$((${EPOCHREALTIME/./} - begun))
  stop
  late=$(sql "$database" "SELECT count(*) FROM (SELECT done_at, lag(done_at) OVER
    (PARTITION BY handler, subject ORDER BY seq) AS before FROM inbox) AS entries WHERE done_at < before")
  echo "| $count | $events | $users | $((took / 1000000)).$((took / 100000 % 10)) | $((events * 1000000 / took)) | $late |"
  [ "$late" = 0 ] || status=1
  [ "$count" != 1 ] || alone=$took
done
if [ "$took" -gt "$alone" ]; then
  echo "$workers workers are slower than one" >&2
  status=1
fi
exit "$status"
