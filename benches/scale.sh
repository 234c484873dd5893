#!/usr/bin/env bash
# The cost of every statement on a large database: fills its own PostgreSQL server, runs the service, its
# worker and the command line on it, and prints the time of each statement as measured by the server. Fails if
# a statement exceeds its limit.
#
# Needs bash, curl, psql and PostgreSQL's server with its contrib modules. `benches/scale.sh [BINARY] [USERS]
# [EVENTS]`; the default is target/release/svc, 1,000,000 and 10,000,000, which takes about 15 GB. PLANS=FILE
# keeps the plans.
set -euo pipefail

cd "$(dirname "$0")/.."
binary=$(realpath "${1:-target/release/svc}")
users=${2:-1000000} events=${3:-10000000}
postgres=$(ls -d /usr/lib/postgresql/*/bin | sort -V | tail -n 1)
folder=$(mktemp -d "${TMPDIR:-/tmp}/svc-scale.XXXXXX")
port=${PORT:-$((20000 + RANDOM % 10000))}
api=127.0.0.1:$((port + 1))
as_owner=()
if [ "$(id -u)" = 0 ]; then # PostgreSQL refuses to run as root.
  chown postgres "$folder"
  as_owner=(setpriv --reuid postgres --regid postgres --clear-groups)
fi
running=()
finish() {
  for process in "${running[@]}"; do kill "$process" 2>/dev/null || true; done
  wait "${running[@]}" 2>/dev/null || true
  (cd "$folder" && "${as_owner[@]}" "$postgres/pg_ctl" -D "$folder/db" -m immediate stop >/dev/null 2>&1) || true
  rm -rf "$folder"
}
trap finish EXIT

(cd "$folder" && "${as_owner[@]}" "$postgres/initdb" -D "$folder/db" -U postgres -A trust >/dev/null)
cat >>"$folder/db/postgresql.conf" <<END
port = $port
listen_addresses = '127.0.0.1'
unix_socket_directories = ''
shared_buffers = 1GB
max_wal_size = 8GB
maintenance_work_mem = 512MB
shared_preload_libraries = 'pg_stat_statements, auto_explain'
pg_stat_statements.track_utility = off
pg_stat_statements.track_planning = on
END
(cd "$folder" && "${as_owner[@]}" "$postgres/pg_ctl" -D "$folder/db" -l "$folder/log" -w start >/dev/null)
sql() { psql -qAt -v ON_ERROR_STOP=1 "postgres://postgres@127.0.0.1:$port/${1}" "${@:2}"; }
sql postgres -c 'CREATE DATABASE svc'
sql svc -c 'CREATE EXTENSION pg_stat_statements'

# Must run in a subshell, which it replaces.
become() {
  cd "$folder" && exec env -i SVC_DATABASE__URL="postgres://postgres@127.0.0.1:$port/svc" SVC_SERVER__LISTEN="$api" \
    SVC_SERVER__METRICS_LISTEN=off SVC_LOG__LEVEL=warn SVC_LIMITS__ENABLED=false SVC_CACHE__URL=off: \
    SVC_RETENTION__EVENTS=6d SVC_RETENTION__SESSIONS=1h SVC_RETENTION__AUDIT=6d \
    SVC_SECURITY__SECRET_KEY=8b8e1b1c7c0f4f5f9d1b5f4a3c2d1e0f99aa88bb77cc66dd "$binary" "$@"
}
svc() { (become "$@"); }
background() { become "$@" & running+=($!); }
stop() { kill "${running[@]}"; wait "${running[@]}" || true; running=(); }

svc migrate >/dev/null
echo "filling: $users users, $events events" >&2
sql svc -c "SET svc.users = $users; SET svc.events = $events" -f tests/scale/fill.sql >/dev/null
sql svc -c 'VACUUM (ANALYZE)'
sql svc -c "ALTER DATABASE svc SET auto_explain.log_min_duration = 0; ALTER DATABASE svc SET auto_explain.log_analyze = on;
  ALTER DATABASE svc SET auto_explain.log_buffers = on; ALTER DATABASE svc SET auto_explain.log_nested_statements = on"
printf '%s users, %s events, %s\n\n' "$users" "$events" "$(sql svc -c 'SELECT pg_size_pretty(pg_database_size(current_database()))')"

over=0
# Prints the statements since the last call, the slowest first, and counts those whose time exceeds the limit
# in milliseconds: for statements of requests, which run often, the mean counts; for others the longest run.
# Both include planning; the longest run is the longest execution and the longest planning together.
report() {
  echo "| $1 ($3 at most $2 ms) | calls | mean ms | of it planning | longest ms | rows | pages |"
  echo '|---|---|---|---|---|---|---|'
  local mean='((total_exec_time + total_plan_time) / calls)' longest='(max_exec_time + max_plan_time)'
  local kept="FROM pg_stat_statements AS s JOIN pg_database AS d ON d.oid = s.dbid
    WHERE d.datname = 'svc' AND calls > 0 AND query ~* '^(select|insert|update|delete|with)' AND query !~ 'pg_stat|pg_type|_sqlx'"
  sql svc -c "SELECT '| \`' || left(regexp_replace(replace(query, '|', '\\|'), '\s+', ' ', 'g'), 110) || '\` | ' || calls || ' | '
    || round($mean::numeric, 2) || ' | ' || round((total_plan_time / calls)::numeric, 2) || ' | ' || round($longest::numeric, 2)
    || ' | ' || rows / calls || ' | ' || (shared_blks_hit + shared_blks_read) / calls || ' |' $kept ORDER BY $mean DESC"
  echo
  over=$((over + $(sql svc -c "SELECT count(*) $kept AND ${!3} > $2")))
  sql svc -c 'SELECT pg_stat_statements_reset()' >/dev/null
}

post() { curl -fsS "http://$api/api/v1/$1" -H 'Content-Type: application/json' "${@:3}" -d "$2"; }
get() { curl -fsS -o /dev/null "http://$api/api/v1/$1" -H "Authorization: Bearer $2"; }
member() { grep -o "\"$1\":\"[^\"]*\"" | cut -d '"' -f 4; }

background serve --quiet
until curl -fs -o /dev/null "http://$api/health/ready"; do kill -0 "${running[0]}"; sleep 0.1; done
until [ "$(sql svc -c 'SELECT count(*) FROM outbox WHERE relayed_at IS NULL')" = 0 ]; do sleep 0.1; done
printf 'correct horse battery' | svc create-user --email root@example.org --role admin --password-stdin >/dev/null
admin=$(post auth/login '{"email": "root@example.org", "password": "correct horse battery"}' | member access_token)
sql svc -c 'SELECT pg_stat_statements_reset()' >/dev/null
for round in {1..20}; do
  account="{\"email\": \"new$round@example.org\", \"password\": \"correct horse battery\"}"
  post auth/register "$account" >/dev/null
  tokens=$(post auth/login "$account")
  access=$(member access_token <<<"$tokens") refresh=$(member refresh_token <<<"$tokens")
  get users/me "$access"
  get auth/sessions "$access"
  post auth/refresh "{\"refresh_token\": \"$refresh\"}" >/dev/null
  curl -fsS -o /dev/null -X PATCH "http://$api/api/v1/users/me" -H "Authorization: Bearer $access" \
    -H 'Content-Type: application/json' -d '{"name": "New"}'
  post auth/password/forgot "{\"email\": \"user$((round * 37))@example.com\"}" >/dev/null
  for query in '' 'role=admin' 'status=locked' 'role=user&status=active' "email=user$round@example.com"; do
    get "users?limit=200&$query" "$admin"
  done
  post auth/logout-all '' -H "Authorization: Bearer $access"
done
report 'statements of requests, and of the relay beside them' 5 mean

stop
background consume --quiet
# Every job is due at the start; the jobs are done when none is claimed and none is due.
until [ "$(sql svc -c "SELECT count(*) FROM jobs WHERE claim IS NULL AND due_at > now()")" -ge 11 ]; do sleep 1; done
report 'statements of handlers and jobs' 200 longest
stop

svc event stats >/dev/null
for selected in '--since 1h' '--since 6d' '--since 1s' '--type user.locked' '--type user.deleted' '--user user5@example.com' \
  '--type user.locked --since 2d' '--type user.registered --user user5@example.com'; do
  # shellcheck disable=SC2086
  for list in 'event list' 'event dead' 'audit list'; do svc $list $selected >/dev/null; done
done
svc event replay --since 2h --dry-run >/dev/null
svc event replay --since 6d --dry-run >/dev/null
svc event replay --since 10m --yes >/dev/null
svc event replay --dead --yes >/dev/null
report 'statements of the command line' 200 longest

[ -z "${PLANS:-}" ] || cp "$folder/log" "$PLANS"
echo "statements over their limit: $over" >&2
[ "$over" = 0 ]
