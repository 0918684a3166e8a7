# Sourced by the scripts: one target directory for all clones, RocksDB compiled once, missing packages installed.
# shellcheck shell=bash

say() { printf '[zonebook] %s\n' "$*" >&2; }

zonebook_cache="${XDG_CACHE_HOME:-$HOME/.cache}/zonebook"
export CARGO_TARGET_DIR="${CARGO_TARGET_DIR:-$zonebook_cache/target}"

# need_packages NAME...: installs Debian packages, or tells who is not root what to install.
need_packages() {
    if [ "$(id -u)" != 0 ] || ! command -v apt-get >/dev/null; then
        say "missing here: $*"
        say "please install them and call again; on Debian: sudo apt-get install -y $*"
        exit 1
    fi
    say "installing $* (apt-get)"
    apt-get install -y -qq "$@" >/dev/null 2>&1 ||
        { apt-get update -qq >/dev/null && apt-get install -y -qq "$@" >/dev/null; }
}

have_libclang() {
    # Not libclang-cpp, which the compiler brings along and bindgen cannot use.
    local folder found
    for folder in "${LIBCLANG_PATH:-/nonexistent}" /usr/lib/llvm-*/lib /usr/lib/*-linux-gnu /usr/lib64 /usr/local/lib; do
        found=$(find "$folder" -maxdepth 1 \( -name 'libclang.so*' -o -name 'libclang-[0-9]*.so*' \) 2>/dev/null)
        [ -z "$found" ] || return 0
    done
    return 1
}

need_toolchain() {
    if ! command -v cargo >/dev/null; then
        say "missing here: Rust (https://rustup.rs)"
        exit 1
    fi
    local missing=()
    command -v cc >/dev/null && command -v c++ >/dev/null || missing+=(g++)
    have_libclang || missing+=(libclang-dev)
    [ ${#missing[@]} = 0 ] || need_packages "${missing[@]}"
}

# The archive of RocksDB's C++ code is kept outside of the target directory, under a name that changes with anything
# that would change its contents. With it in place a build takes the bindings only.
rocksdb_archive() {
    local version compiler
    version=$(sed -n '/^name = "librocksdb-sys"$/{n;s/^version = "\(.*\)"$/\1/p}' Cargo.lock)
    compiler=$(c++ -dumpfullversion 2>/dev/null || c++ -dumpversion)
    echo "$zonebook_cache/rocksdb/$version-$(uname -m)-v2-lz4-zstd-c++$compiler"
}

need_rocksdb() {
    local archive build found
    archive=$(rocksdb_archive)
    if [ ! -f "$archive/librocksdb.a" ]; then
        build="$zonebook_cache/rocksdb-build"
        say "compiling RocksDB once (10 to 25 minutes on two cores); later builds take it from $archive"
        (env -u ROCKSDB_LIB_DIR -u ROCKSDB_STATIC cargo build --locked --quiet -p zonebook-store --lib --target-dir "$build") &
        local pid=$! start=$SECONDS
        while kill -0 $pid 2>/dev/null; do
            sleep 5
            [ $(((SECONDS - start) / 60)) = $(((SECONDS - start - 5) / 60)) ] ||
                say "compiling RocksDB: $(find "$build" -path '*librocksdb-sys*' -name '*.o' 2>/dev/null | wc -l) of about 340 files, $(((SECONDS - start) / 60)) min"
        done
        wait $pid
        found=$(find "$build" -name librocksdb.a | head -n 1)
        [ -n "$found" ] || { say "RocksDB did not compile"; exit 1; }
        mkdir -p "$archive"
        cp "$found" "$archive/librocksdb.a.new"
        mv "$archive/librocksdb.a.new" "$archive/librocksdb.a"
        rm -rf "$build"
    fi
    export ROCKSDB_LIB_DIR="$archive" ROCKSDB_STATIC=1
}
