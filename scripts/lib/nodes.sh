# Sourced: three Zonebook nodes on loopback, for measurements. Wants $zonebook, $bench and $folder.
# shellcheck shell=bash

processes=()

# Ports 771N, 772N and 773N.
start_zonebook() {
    local node member
    for node in 1 2 3; do
        {
            printf 'cluster = "bench"\nnode = %s\ndata = "%s"\napi = "127.0.0.1:%s"\npeer = "127.0.0.1:%s"\nhttp = "127.0.0.1:%s"\n' \
                $node "$folder/node-$node" $((7710 + node)) $((7720 + node)) $((7730 + node))
            for member in 1 2 3; do
                printf '[[members]]\nnode = %s\npeer = "127.0.0.1:%s"\napi = "127.0.0.1:%s"\n' \
                    $member $((7720 + member)) $((7710 + member))
            done
        } >"$folder/node-$node.toml"
        "$zonebook" serve --config "$folder/node-$node.toml" 2>"$folder/node-$node.log" &
        processes+=($!)
    done
}

stop_zonebook() {
    kill "${processes[@]}"
    wait "${processes[@]}" 2>/dev/null || true
    processes=()
}

# shellcheck disable=SC2046
measure() {
    "$bench" --server 127.0.0.1:7711,127.0.0.1:7712,127.0.0.1:7713 --seconds "$seconds" \
        --data "$folder/node-1" --data "$folder/node-2" --data "$folder/node-3" \
        $(printf -- '--process %s ' "${processes[@]}") "$@"
}

# Memory that each node holds now, in MiB.
memory_of_nodes() {
    local process
    for process in "${processes[@]}"; do
        awk '/^VmRSS/ { printf "%d ", $2 / 1024 }' "/proc/$process/status"
    done
    echo
}
