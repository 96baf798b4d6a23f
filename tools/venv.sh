#!/usr/bin/env bash
# Make .venv and install the locked dependencies: `tools/venv.sh run` what serving needs, `tools/venv.sh dev` all.
# With uv where there is one, else with pip; the same lock, the same hashes.
set -euo pipefail
cd "$(dirname "$0")/.."
what=${1:-run}
venv=.venv
unset PYTHONDONTWRITEBYTECODE

find_python() {
  for name in ${PYTHON:-} python3 python3.13 python3.12 python3.11 python; do
    if command -v "$name" >/dev/null && "$name" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
      command -v "$name"
      return
    fi
  done
  {
    echo "Tỉnh Số needs Python 3.11 or newer; found: $(python3 --version 2>/dev/null || echo none)."
    echo "On Debian 12 or Ubuntu 24.04 and newer: apt-get install python3 python3-venv"
    echo "Elsewhere, name one: make run PYTHON=/path/to/python3.12"
  } >&2
  return 1
}

python=$(find_python)
files=(-r requirements/run.txt)
if [ "$what" = dev ]; then files=(-r requirements/dev.txt); fi

if command -v uv >/dev/null; then
  [ -x $venv/bin/python ] || uv venv --quiet --python "$python" $venv
  echo "Installing the locked dependencies with uv…"
  uv pip install --quiet --python $venv/bin/python --require-hashes --compile-bytecode "${files[@]}"
else
  if [ ! -x $venv/bin/pip ]; then
    if ! "$python" -m venv $venv 2>/dev/null; then
      rm -rf $venv
      echo "Python's venv is missing. On Debian or Ubuntu: apt-get install python3-venv" >&2
      exit 1
    fi
  fi
  echo "Installing the locked dependencies with pip (a minute or two; uv would take seconds)…"
  $venv/bin/pip install --quiet --disable-pip-version-check --no-input --require-hashes --no-deps --compile "${files[@]}"
fi

# The code is used where it stands, without building it.
$venv/bin/python - "$PWD" <<'PY'
import compileall, pathlib, sys, sysconfig
root = pathlib.Path(sys.argv[1])
(pathlib.Path(sysconfig.get_path("purelib")) / "tinhso.pth").write_text(f"{root / 'src'}\n")
command = pathlib.Path(sys.executable).with_name("tinhso")
command.write_text(f"#!{sys.executable}\nimport sys\nfrom tinhso.site.command import main\nsys.exit(main())\n")
command.chmod(0o755)
compileall.compile_dir(root / "src", quiet=2, workers=0)
PY
touch $venv/.run
if [ "$what" = dev ]; then touch $venv/.dev; fi
