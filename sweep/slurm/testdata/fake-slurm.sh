#!/bin/bash
# sbatch, squeue, scancel and scontrol without a Slurm, by the name it is called
# with. $FAKE_SLURM is a folder:
#
#   calls          a line for each call, with its arguments
#   refuse         what sbatch says instead of submitting; refuse-N at its N-th call
#   queue          what squeue prints, ID|JOB|STATE|REASON|NODE; scancel takes lines off
#   stubborn       if it exists, what runs ignores signals
#   config         what scontrol show config prints
#   hook           if it exists, sbatch runs it first
name=$(basename "$0")
cd "$FAKE_SLURM" || exit 99
echo "$name $*" >>calls
case $name in
sbatch)
    env | grep -E '^S(LURM|BATCH)_' | sort >environment
    n=$(grep -c '^sbatch' calls)
    [ -f hook ] && . ./hook
    for file in refuse "refuse-$n"; do
        [ -f $file ] && { cat $file >&2; exit 1; }
    done
    [ -f answer ] && { cat answer; exit 0; }
    echo $((100 + n))
    ;;
squeue)
    [ -f refuse-squeue ] && { cat refuse-squeue >&2; exit 1; }
    cat queue 2>/dev/null || true
    ;;
scancel)
    [ -f refuse-scancel ] && { cat refuse-scancel >&2; exit 1; }
    [ -f queue ] || exit 0
    for arg in "$@"; do
        case $arg in
        --signal*) [ -f stubborn ] && exit 0 ;;
        [0-9]*) sed -i -E "/^($arg|[^|]*\|$arg)\|/d" queue ;;
        esac
    done
    ;;
scontrol)
    cat config 2>/dev/null || { echo "slurm_load_ctl_conf error: Unable to contact slurm controller (connect failure)" >&2; exit 1; }
    ;;
esac
