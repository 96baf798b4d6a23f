#!/bin/sh
# Mutate the clock's rules and the calendar, run their tests against each mutant, and list the survivors.
#
#   tools/mutate.sh [mutmut arguments, e.g. the name of one mutant]
#
# Works on a copy, so that an editor or another test run never meets a mutant. Takes some minutes.
# The properties run with few, fixed examples here: a mutant must die by the same example each time.
set -eu

root=$(cd "$(dirname "$0")/.." && pwd)
python=${PYTHON:-$root/.venv/bin/python}
copy=$(mktemp -d)
trap 'rm -rf "$copy"' EXIT INT TERM

# The clock and the calendar are pure: these few folders are all they need.
mkdir -p "$copy/src/tinhso/services/rules" "$copy/src/tinhso/services/contracts" "$copy/tests/rooms/services" \
    "$copy/tests/rooms/foundation"
cp "$root/src/tinhso/__init__.py" "$copy/src/tinhso/"
cp -r "$root/src/tinhso/foundation" "$copy/src/tinhso/"
cp "$root/src/tinhso/services/__init__.py" "$copy/src/tinhso/services/"
cp "$root/src/tinhso/services/rules/__init__.py" "$copy/src/tinhso/services/rules/"
cp -r "$root/src/tinhso/services/rules/clock" "$copy/src/tinhso/services/rules/"
cp "$root"/src/tinhso/services/contracts/__init__.py "$root"/src/tinhso/services/contracts/clock.py \
    "$root"/src/tinhso/services/contracts/deadline.py "$copy/src/tinhso/services/contracts/"
cp "$root"/tests/rooms/services/*clock*.py "$copy/tests/rooms/services/"
cp "$root"/tests/rooms/foundation/test_calendar*.py "$copy/tests/rooms/foundation/"

cat >"$copy/tests/conftest.py" <<'PY'
from hypothesis import HealthCheck, settings

settings.register_profile(
    "mutants", max_examples=40, derandomize=True, deadline=None, database=None,
    suppress_health_check=list(HealthCheck),
)
settings.load_profile("mutants")
PY

cat >"$copy/pyproject.toml" <<'TOML'
[tool.pytest.ini_options]
pythonpath = [".", "src"]
addopts = "-q -p no:cacheprovider -p no:django"

[tool.mutmut]
source_paths = ["src"]
only_mutate = ["src/tinhso/services/rules/clock/*.py", "src/tinhso/foundation/calendar/*.py"]
pytest_add_cli_args_test_selection = ["tests"]
pytest_add_cli_args = ["-x"]
use_git_change_detection = false
TOML

cd "$copy"
"$python" -m mutmut run "$@" >mutmut.log 2>&1 || { tail -40 mutmut.log; exit 1; }
"$python" -m mutmut results >results.txt
"$python" -m mutmut export-cicd-stats >/dev/null
"$python" - <<'PY'
import json
import pathlib

stats = json.loads(pathlib.Path("mutants/mutmut-cicd-stats.json").read_text())
dead = stats["killed"] + stats.get("timeout", 0)
print(f"{dead} of {stats['total']} mutants found ({100 * dead / stats['total']:.1f} %); {stats}")
PY
while IFS=: read -r name _; do
    [ -n "$name" ] && "$python" -m mutmut show "$(echo "$name" | tr -d ' ')" || true
done <results.txt
