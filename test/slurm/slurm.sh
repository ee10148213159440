#!/usr/bin/env bash
# A Slurm of its own for tests: munged, slurmctld and one slurmd a node, all on this machine, everything in one folder.
#
#   slurm.sh start FOLDER [NODES]   starts it; SLURM_CONF=FOLDER/slurm.conf is then all that its programs need
#   slurm.sh stop FOLDER            ends what was started, by process number
#   slurm.sh kill-daemon FOLDER NODE kills one node's daemon (n1, n2, …) with SIGKILL; its tasks go on
#   slurm.sh kill-node FOLDER NODE  the same with its tasks and what watches over them, as by a loss of power
#   slurm.sh start-node FOLDER NODE starts it again
#
# Needs the Debian packages slurm-wlm and munge; runs as root or as any user, without systemd and cgroups.
set -euo pipefail
PATH="$PATH:/usr/sbin:/sbin"

start_node() {
    slurmd -c -f "$folder/slurm.conf" -N "$1"
}

# A free port: one that nothing listens on, from a range of our own.
free_port() {
    local port
    while :; do
        port=$((20000 + RANDOM % 20000))
        (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null || { echo "$port"; return; }
    done
}

write_configuration() {
    local user host nodes="" i
    user="$(id -un)"
    host="$(hostname -s)"
    mkdir -p "$folder/state" "$folder/spool" "$folder/log" "$folder/munge"
    chmod 700 "$folder/munge"
    for ((i = 1; i <= $1; i++)); do
        nodes+="NodeName=n$i NodeHostname=$host NodeAddr=127.0.0.1 Port=$(free_port) CPUs=2 RealMemory=4000 State=UNKNOWN"$'\n'
    done
    cat >"$folder/slurm.conf" <<CONF
ClusterName=test
SlurmctldHost=$host(127.0.0.1)
SlurmctldPort=$(free_port)
SlurmUser=$user
SlurmdUser=$user
AuthType=auth/munge
# A requeued job waits for twice cred_expire.
AuthInfo=socket=$folder/munge/munge.socket,cred_expire=3
CredType=cred/munge
StateSaveLocation=$folder/state
SlurmdSpoolDir=$folder/spool/%n
SlurmctldPidFile=$folder/slurmctld.pid
SlurmdPidFile=$folder/slurmd-%n.pid
SlurmctldLogFile=$folder/log/slurmctld.log
SlurmdLogFile=$folder/log/slurmd-%n.log
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
JobAcctGatherType=jobacct_gather/linux
AccountingStorageType=accounting_storage/none
SelectType=select/cons_tres
SelectTypeParameters=CR_Core
SchedulerParameters=sched_interval=1,bf_interval=1,sched_min_interval=0,batch_sched_delay=0
SlurmdParameters=config_overrides
SlurmdTimeout=10
KillWait=5
MinJobAge=600
ReturnToService=2
MpiDefault=none
${nodes}PartitionName=test Nodes=ALL Default=YES MaxTime=INFINITE State=UP
CONF
}

start() {
    local i
    write_configuration "$1"
    head -c 1024 /dev/urandom >"$folder/munge/munge.key"
    chmod 600 "$folder/munge/munge.key"
    munged --force --key-file="$folder/munge/munge.key" --socket="$folder/munge/munge.socket" --pid-file="$folder/munge/munged.pid" \
        --log-file="$folder/log/munged.log" --seed-file="$folder/munge/munged.seed"
    export SLURM_CONF="$folder/slurm.conf"
    slurmctld -c -f "$SLURM_CONF"
    for ((i = 1; i <= $1; i++)); do
        start_node "n$i"
    done
    for ((i = 0; i < 300; i++)); do
        [ "$(sinfo --noheader --Node --format=%t 2>/dev/null | grep -c '^idle$')" -ge "$1" ] && return
        sleep 0.1
    done
    echo "slurm.sh: the nodes did not become idle; see $folder/log" >&2
    stop
    exit 1
}

# Ends one daemon and waits until it is gone.
end() {
    local file="$1" pid i
    [ -s "$file" ] || return 0
    pid="$(cat "$file")"
    kill "$2" "$pid" 2>/dev/null || return 0
    for ((i = 0; i < 100; i++)); do
        kill -0 "$pid" 2>/dev/null || return 0
        sleep 0.1
    done
    kill -KILL "$pid" 2>/dev/null || true
}

# Nobody is left to report the end of a task.
kill_node() {
    local process parent
    end "$folder/slurmd-$1.pid" -KILL
    for process in /proc/[0-9]*; do
        if tr '\0' '\n' <"$process/environ" 2>/dev/null | grep -qx "SLURMD_NODENAME=$1" && tr '\0' '\n' <"$process/environ" | grep -qx "SLURM_CONF=$folder/slurm.conf"; then
            parent="$(awk '$1 == "PPid:" { print $2 }' "$process/status")"
            if grep -q '^slurmstepd' "/proc/$parent/comm" 2>/dev/null; then
                kill -KILL "$parent" || true
            fi
            kill -KILL "${process#/proc/}" 2>/dev/null || true
        fi
    done
}

stop() {
    export SLURM_CONF="$folder/slurm.conf"
    scancel --full --state=RUNNING --user="$(id -un)" 2>/dev/null || true
    scancel --user="$(id -un)" 2>/dev/null || true
    for file in "$folder"/slurmd-*.pid "$folder/slurmctld.pid" "$folder/munge/munged.pid"; do
        end "$file" -TERM
    done
}

[ $# -ge 2 ] || { echo "usage: slurm.sh start|stop|kill-daemon|kill-node|start-node FOLDER [NODES|NODE]" >&2; exit 2; }
mkdir -p "$2"
folder="$(cd "$2" && pwd)"
case "$1" in
start) start "${3:-1}" ;;
stop) stop ;;
kill-daemon) end "$folder/slurmd-$3.pid" -KILL ;;
kill-node) kill_node "$3" ;;
start-node) start_node "$3" ;;
*) echo "slurm.sh: '$1' is no verb" >&2; exit 2 ;;
esac
