#!/usr/bin/env bash
# leeway against PyTorch on the same work: gradient, and gradient with one
# Hessian-vector product, of the networks of examples/bench-mlp.yaml and
# bench-cnn.yaml, matrix products, and a step of Adam over 10 million parameters
# (which leeway takes in float64 whatever the type), in float32 and float64.
#
#     bench/compare.sh [ALTERNATIONS] [WORK ...]     # 5; mlp cnn gemm step
#
# The two alternate in one run, so that a change of the machine's speed meets
# both. PyTorch's OpenBLAS takes its AVX-512 kernels only if told so on some
# machines; both settings are tried, the faster counts. Prints medians and how
# many times as fast leeway is. With MINIMUM=x it fails if any ratio is below x.
# THREADS (2), DTYPES ("float32 float64"), REPS (of leeway, its own choice).
# Needs python3 with torch (Debian: python3-torch); PYTHON names another one.
set -euo pipefail
cd "$(dirname "$0")/.."
python=${PYTHON:-/usr/bin/python3}
export THREADS=${THREADS:-2}
export GOMAXPROCS=$THREADS
alternations=${1:-5}
shift || true
works=${*:-mlp cnn gemm step}
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
go build -o "$folder/leeway" ./cmd/leeway
cores=("")
grep -qs avx512f /proc/cpuinfo && cores+=(SkylakeX)

ours() { # WORK DTYPE
    case $1 in
    gemm) "$folder/leeway" bench gemm --threads "$THREADS" --json ;;
    step) "$folder/leeway" bench step --reps "${REPS:-0}" --json ;;
    *) "$folder/leeway" bench "examples/bench-$1.yaml" "objective.dtype=$2" "objective.threads=$THREADS" --no-roof --reps "${REPS:-0}" --json ;;
    esac
}

theirs() { # CORE WORK DTYPE
    if [ -n "$1" ]; then
        OPENBLAS_CORETYPE=$1 "$python" bench/peer.py "$2" "$3"
    else
        env -u OPENBLAS_CORETYPE "$python" bench/peer.py "$2" "$3"
    fi
}

record() { # WHO WORK DTYPE, the JSON object on standard input
    tr -d '\n' | sed "s/^/$1\t$2\t$3\t/; s/\$/\n/" >>"$folder/results"
}

for ((i = 1; i <= alternations; i++)); do
    for work in $works; do
        for dtype in ${DTYPES:-float32 float64}; do
            echo "alternation $i of $alternations: $work $dtype" >&2
            ours "$work" "$dtype" | record leeway "$work" "$dtype"
            for core in "${cores[@]}"; do
                theirs "$core" "$work" "$dtype" | record "torch${core:+ $core}" "$work" "$dtype"
            done
        done
    done
done

"$python" - "$folder/results" "${MINIMUM:-0}" <<'EOF'
import collections, json, statistics, sys

values, order = collections.defaultdict(list), []
for line in open(sys.argv[1]):
    who, work, dtype, text = line.rstrip("\n").split("\t", 3)
    result = json.loads(text)
    for quantity in ("gradient_ms", "hvp_ms", "gemm_gflops", "step_ms"):
        if quantity in result and (quantity == "step_ms") == (work == "step"):
            x = result[quantity]
            key = (work, dtype, quantity)
            values[key, who].append(x[dtype] if isinstance(x, dict) else x)
            if key not in order:
                order.append(key)
peers = sorted({who for _, who in values} - {"leeway"})
print(f"{'work':6}{'type':9}{'quantity':13}{'leeway':>10}" + "".join(f"{p:>16}" for p in peers) + f"{'times as fast':>15}")
worst = float("inf")
for key in order:
    middle = {who: statistics.median(values[key, who]) for who in ["leeway", *peers]}
    rates = key[2] == "gemm_gflops"
    best = (max if rates else min)(middle[p] for p in peers)
    ratio = middle["leeway"] / best if rates else best / middle["leeway"]
    worst = min(worst, ratio)
    print(f"{key[0]:6}{key[1]:9}{key[2]:13}{middle['leeway']:10.4g}" + "".join(f"{middle[p]:16.4g}" for p in peers) + f"{ratio:15.2f}")
if worst < float(sys.argv[2]):
    sys.exit(f"a ratio of {worst:.2f} is below the minimum of {sys.argv[2]}")
EOF
