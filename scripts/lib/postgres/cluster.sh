# Sourced: a PostgreSQL primary with one synchronous standby on loopback, in a folder of its own.
# shellcheck shell=bash

postgres_bin() { ls -d /usr/lib/postgresql/*/bin 2>/dev/null | sort -V | tail -n 1; }

# As root PostgreSQL runs under its own account, which the Debian package makes.
as_postgres() { if [ "$(id -u)" = 0 ]; then runuser -u postgres -- "$@"; else "$@"; fi; }

postgres_start() { # FOLDER PORT
    local folder=$1 port=$2 bin
    bin=$(postgres_bin)
    mkdir -p "$folder"
    [ "$(id -u)" != 0 ] || chown postgres "$folder"
    as_postgres "$bin/initdb" -D "$folder/primary" --auth=trust --username=postgres >/dev/null
    as_postgres tee -a "$folder/primary/postgresql.conf" >/dev/null <<CONF
port = $port
listen_addresses = '127.0.0.1'
unix_socket_directories = '$folder'
max_connections = 200
shared_buffers = 1GB
synchronous_commit = on
synchronous_standby_names = 'standby'
max_wal_size = 8GB
checkpoint_timeout = 30min
CONF
    as_postgres "$bin/pg_ctl" -D "$folder/primary" -l "$folder/primary.log" -w start >/dev/null
    as_postgres "$bin/pg_basebackup" -h 127.0.0.1 -p "$port" -U postgres -D "$folder/standby" -R -c fast \
        -d "host=127.0.0.1 port=$port user=postgres application_name=standby"
    as_postgres tee -a "$folder/standby/postgresql.conf" >/dev/null <<<"port = $((port + 1))"
    as_postgres "$bin/pg_ctl" -D "$folder/standby" -l "$folder/standby.log" -w start >/dev/null
}

postgres_stop() { # FOLDER
    local bin
    bin=$(postgres_bin)
    for node in standby primary; do
        as_postgres "$bin/pg_ctl" -D "$1/$node" -m immediate stop >/dev/null 2>&1 || true
    done
}
