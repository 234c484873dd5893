#!/usr/bin/env bash
# The cost of the service before it is used: the time from start to ready, the memory at rest, the size.
# Needs bash, curl and a release build: `cargo build --release && benches/start.sh [BINARY]`.
set -euo pipefail

binary=$(realpath "${1:-$(dirname "$0")/../target/release/svc}")
rounds=20
address=127.0.0.1:${PORT:-18000}
folder=$(mktemp -d)
service=
trap '[ -z "$service" ] || kill "$service"; rm -rf "$folder"' EXIT

# Starts the service in $folder and sets $took to the time until it is ready, in microseconds.
start() {
  local begun=${EPOCHREALTIME/./}
  (cd "$folder" && exec env -i SVC_SERVER__LISTEN="$address" "$binary" serve --quiet) &
  service=$!
  until curl -fs -o /dev/null "http://$address/health/ready"; do
    kill -0 "$service"
  done
  took=$((${EPOCHREALTIME/./} - begun))
}

stop() {
  kill "$service"
  wait "$service"
  service=
}

post() {
  curl -fs -o /dev/null "http://$address/api/v1/auth/$1" -H 'Content-Type: application/json' \
    -d '{"email": "ada@example.com", "password": "correct horse battery"}'
}

# Prints the median of the numbers on standard input.
median() { sort -n | sed -n "$(((rounds + 1) / 2))p"; }

milliseconds() { awk '{ printf "%.0f ms\n", $1 / 1000 }'; }
mebibytes() { awk '{ printf "%.1f MiB\n", $1 / 1024 }'; }
resident() { awk '/^VmRSS/ { print $2 }' "/proc/$service/status"; }

first=() again=() rested=() used=()
for ((round = 0; round < rounds; round++)); do
  rm -rf "$folder/data"
  start
  first+=("$took")
  stop
  start
  again+=("$took")
  rested+=("$(resident)")
  post register
  post login
  used+=("$(resident)")
  stop
done

row() { printf '| %-36s | %9s |\n' "$1" "$2"; }
row "figure (median of $rounds)" value
echo '|---|---|'
row "first start to ready" "$(printf '%s\n' "${first[@]}" | median | milliseconds)"
row "later start to ready" "$(printf '%s\n' "${again[@]}" | median | milliseconds)"
row "resident memory when ready" "$(printf '%s\n' "${rested[@]}" | median | mebibytes)"
row "resident memory after one log-in" "$(printf '%s\n' "${used[@]}" | median | mebibytes)"
row "size of the binary" "$(($(stat -c %s "$binary") / 1024)) KiB"
