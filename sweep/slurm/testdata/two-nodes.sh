#!/bin/bash
# A Slurm of two nodes on this machine, for as long as a command runs:
#
#   unshare -n -p -f --mount-proc bash two-nodes.sh ROOT COMMAND [ARGS ...]
#
# ROOT is an empty directory. The command finds there pid-ctld, pid-n1 and pid-n2:
# to kill -9 the process of a node is to cut its power, since it holds the node's
# process space. All ends with the command, and nothing outside notices: network
# and processes are spaces of their own. Needs root and Debian's slurm-wlm.
set -u
here=$(dirname "$(realpath "$0")")
root=$1
shift
ip link set lo up
# Slurm looks names up with AI_ADDRCONFIG, which wants an address besides 127.0.0.1.
ip addr add 10.99.0.1/32 dev lo
mkdir -p "$root"/{state,log,spool/n1,spool/n2}
sed -e "s|@ROOT@|$root|g" -e "s|@HOST@|$(hostname -s)|g" "$here/slurm.conf.in" >"$root/slurm.conf"
export SLURM_CONF=$root/slurm.conf

waitfor() { # what, command: until the command succeeds
    for _ in $(seq 300); do
        eval "$2" 2>>"$root/log/wait.err" && return
        sleep 0.1
    done
    echo "Slurm did not start: $1" >&2
    tail -n 5 "$root"/log/*.log "$root"/log/*.out >&2
    exit 70
}
slurmctld -D >"$root/log/ctld.out" 2>&1 &
echo $! >"$root/pid-ctld"
waitfor "its controller does not answer" 'scontrol ping | grep -q "is UP"'
for node in n1 n2; do
    unshare -p -f --kill-child=KILL --mount-proc slurmd -D -N $node >"$root/log/$node.out" 2>&1 &
    echo $! >"$root/pid-$node"
done
waitfor "its nodes are not idle" '[ "$(sinfo -h -N -t idle -o %N | sort -u | wc -l)" = 2 ]'
"$@"
