#!/usr/bin/env bash
# Lock the dependencies named in pyproject.toml, every release by hash, for every platform and Python from 3.11.
set -euo pipefail
cd "$(dirname "$0")/.."
command -v uv >/dev/null || { echo "make lock needs uv" >&2; exit 1; }
mkdir -p requirements

compile() { # file, then uv's options
  local file=$1
  shift
  # What is locked stays as it is where it still fits; UPGRADE=1 takes the newest.
  if [ -z "${UPGRADE:-}" ] && [ -f "$file" ]; then cp "$file" "$file.new"; fi
  uv pip compile pyproject.toml --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header \
    --output-file "$file.new" "$@"
  { echo "# Written by \`make lock\` from pyproject.toml."; cat "$file.new"; } >"$file"
  rm "$file.new"
  if grep -nE 'https?://' "$file"; then echo "$file names a host" >&2; exit 1; fi
}

compile requirements/run.txt
compile requirements/dev.txt --group dev --constraint requirements/run.txt
wc -l requirements/*.txt
