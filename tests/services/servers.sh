# Sourced by tests/run: a PostgreSQL and a Redis of its own, on free ports of 127.0.0.1, below $tmp.

server_pids=()

# A port below the range that the kernel hands to clients, where nobody listens now. Another process may take it before
# the server does: then the server ends, and the caller tries the next one.
free_port() {
    local port
    while :; do
        port=$((20000 + RANDOM % 10000))
        (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null || break
    done
    echo "$port"
}

# await PID CMD…: until CMD succeeds; fails when the process ended or after 20 s.
await() {
    local pid=$1 i
    shift
    for ((i = 0; i < 200; i++)); do
        kill -0 "$pid" 2>/dev/null || return 1
        "$@" >/dev/null 2>&1 && return
        sleep 0.1
    done
    return 1
}

# postgres_exec CMD…: becomes CMD, as the Debian package's user `postgres` when we are root, which PostgreSQL refuses to be.
# To be called in a subshell; it never forks, so that the subshell's process id is the server's.
postgres_exec() {
    cd / # its user may not read the directory that we are in
    if ((EUID == 0)); then
        exec setpriv --reuid=postgres --regid=postgres --init-groups env HOME="$tmp" "$@"
    else
        exec "$@"
    fi
}

start_postgres() {
    local bin data=$tmp/postgres port pid try
    bin=$(postgres_bin)
    mkdir -p "$data" || return
    ((EUID != 0)) || chown postgres: "$data" || return
    (postgres_exec "$bin/initdb" -D "$data" -U postgres -A trust --encoding=UTF8 --locale=C.UTF-8 --no-sync) \
        >"$tmp/initdb.log" 2>&1 || { cat "$tmp/initdb.log" >&2; return 1; }
    for try in 1 2 3 4 5; do
        port=$(free_port)
        # Its data lives as long as this run: nothing is forced to the disk. Tests open many pools at once.
        (postgres_exec "$bin/postgres" -D "$data" -p "$port" -c listen_addresses=127.0.0.1 \
            -c unix_socket_directories="$data" -c max_connections=300 -c fsync=off -c synchronous_commit=off \
            -c full_page_writes=off -c wal_level=minimal -c max_wal_senders=0 -c timezone=UTC) \
            </dev/null >"$tmp/postgres.log" 2>&1 &
        pid=$!
        if await "$pid" "$bin/pg_isready" -q -h 127.0.0.1 -p "$port" -U postgres; then
            server_pids+=("$pid")
            export TEST_POSTGRES_URL=postgres://postgres@127.0.0.1:$port/postgres
            echo "PostgreSQL: $TEST_POSTGRES_URL"
            return
        fi
        kill -INT "$pid" 2>/dev/null || true
        wait "$pid" 2>/dev/null || true
    done
    cat "$tmp/postgres.log" >&2
    return 1
}

start_redis() {
    local port pid try
    mkdir -p "$tmp/redis" || return
    for try in 1 2 3 4 5; do
        port=$(free_port)
        redis-server --bind 127.0.0.1 --port "$port" --dir "$tmp/redis" --save '' --appendonly no --daemonize no \
            </dev/null >"$tmp/redis.log" 2>&1 &
        pid=$!
        if await "$pid" grep -q "eady to accept connections" "$tmp/redis.log"; then
            server_pids+=("$pid")
            export TEST_REDIS_URL=redis://127.0.0.1:$port/
            echo "Redis: $TEST_REDIS_URL"
            return
        fi
        kill "$pid" 2>/dev/null || true
        wait "$pid" 2>/dev/null || true
    done
    cat "$tmp/redis.log" >&2
    return 1
}

start_servers() {
    start_postgres && start_redis || return
    # A test that finds no server then fails instead of being skipped.
    export CREA_TESTS_REQUIRE_SERVICES=1
}

# PostgreSQL: SIGINT is its fast shutdown, which ends sessions that tests left open. Redis takes it as a normal end.
stop_servers() {
    local pid i
    for pid in "${server_pids[@]}"; do
        kill -INT "$pid" 2>/dev/null || true
    done
    for pid in "${server_pids[@]}"; do
        for ((i = 0; i < 100; i++)); do
            kill -0 "$pid" 2>/dev/null || break
            sleep 0.1
        done
        kill -KILL "$pid" 2>/dev/null || true
        wait "$pid" 2>/dev/null || true
    done
    server_pids=()
}
