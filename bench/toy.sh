#!/usr/bin/env bash
# Adam on the bilinear toy, 5,000 steps: leeway's library calls against PyTorch,
# alternating in one run. Prints both times and their ratio, medians of five.
# Needs python3 with torch (Debian: python3-torch); PYTHON names another one.
set -euo pipefail
cd "$(dirname "$0")/.."
python=${PYTHON:-/usr/bin/python3}
binary=$(mktemp)
trap 'rm -f "$binary"' EXIT
go test -c -o "$binary" ./optim
ours=() theirs=()
for _ in 1 2 3 4 5; do
    ns=$("$binary" -test.run '^$' -test.bench '^BenchmarkAdamToy$' -test.benchtime 0.3s | awk '/ns\/op/ {print $3}')
    ours+=("$ns")
    theirs+=("$("$python" bench/toy_peer.py)")
done
median() { printf '%s\n' "$@" | sort -g | sed -n 3p; }
awk -v ns="$(median "${ours[@]}")" -v ms="$(median "${theirs[@]}")" \
    'BEGIN { printf "leeway %.3f ms, PyTorch %.1f ms: %.0f times as fast\n", ns/1e6, ms, ms*1e6/ns }'
