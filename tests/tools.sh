# Read by the checks that use tools of PyPI and npm: `. tests/tools.sh`, in the root of the repository.
#
# `install_tools NAME REQUIREMENTS [PACKAGE]` installs what the two files list and sets `tools` to the folder:
# `python` has the libraries and `node` the packages, if npm is installed. It stays beside cargo's output,
# named after the requested versions, so that only the first run needs PyPI and npm. Exits with 77 if
# something cannot be installed.
#
# `find_binary` sets SVC_BINARY to the binary that cargo built, unless it is set.

target=$(realpath -m "${CARGO_TARGET_DIR:-target}")

install_tools() {
  tools="$target/$1/$({ cat "${@:2}"; [ $# -lt 3 ] || command -v npm || true; } | cksum | tr ' ' -)"
  [ ! -e "$tools/complete" ] || return 0
  rm -rf "$tools"
  mkdir -p "$tools/node"
  # Into a separate folder: the machine's Python stays unchanged.
  if ! PIP_ROOT_USER_ACTION=ignore python3 -m pip install --quiet --disable-pip-version-check --no-warn-conflicts \
    --target "$tools/python" --requirement "$2"; then
    echo "the libraries in $2 cannot be installed" >&2
    exit 77
  fi
  if [ $# -gt 2 ] && command -v npm >/dev/null; then
    cp "$3" "$tools/node"
    if ! npm install --prefix "$tools/node" --silent --no-audit --no-fund --no-package-lock; then
      echo "the packages in $3 cannot be installed" >&2
      exit 77
    fi
  fi
  touch "$tools/complete"
}

find_binary() {
  # Absolute: the programs run in other folders.
  SVC_BINARY=$(realpath -m "${SVC_BINARY:-$target/debug/svc}")
  export SVC_BINARY
  [ -x "$SVC_BINARY" ] || { echo "there is no binary: run cargo build" >&2; exit 77; }
}
