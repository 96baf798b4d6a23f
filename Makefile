# Tỉnh Số: the verbs of building. `make help` lists them.

SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
.ONESHELL:
MAKEFLAGS += --no-print-directory

HOME_DIR := $(CURDIR)
VENV := $(HOME_DIR)/.venv
PY := $(VENV)/bin/python
export PYTHONPATH := $(HOME_DIR)/src:$(HOME_DIR)
# Without bytecode each start of Django takes three times as long.
unexport PYTHONDONTWRITEBYTECODE

PORT ?= 8000
WORKERS ?= 2

.PHONY: help
help: ## this menu
	@awk -F':.*## ' '/^[a-z-]+:.*## /{printf "  make %-10s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

$(VENV)/.run: requirements/run.txt tools/venv.sh
	@tools/venv.sh run

$(VENV)/.dev: requirements/run.txt requirements/dev.txt tools/venv.sh
	@tools/venv.sh dev

.PHONY: run
run: $(VENV)/.run ## set everything up and serve the demonstration province at http://127.0.0.1:8000
	@TINHSO_HOME="$${TINHSO_HOME:-$(HOME_DIR)/var/demo}" exec $(PY) -m tinhso.site.command run --demo --port $(PORT) $(ARGS)

.PHONY: setup
setup: $(VENV)/.dev ## what tests and linters need, Debian's packages included
	@tools/debian.sh

.PHONY: test
test: setup lint ## everything that proves the code: form, then tests on SQLite and on PostgreSQL
	@echo "— tests on SQLite"
	$(PY) -m pytest tests -n $(WORKERS) --dist loadgroup
	echo "— tests on PostgreSQL"
	$(PY) -m tests.fixtures.postgres -- $(PY) -m pytest tests -n $(WORKERS)

.PHONY: lint
lint: $(VENV)/.dev ## form: ruff, types, templates, import contracts
	@status=0
	step() { echo "— $$1"; shift; "$$@" || status=1; }
	step "ruff check" $(VENV)/bin/ruff check src tests tools bench
	step "ruff format" $(VENV)/bin/ruff format --check --quiet src tests tools bench
	step "mypy" $(PY) -m mypy
	step "djlint" $(VENV)/bin/djlint --lint --quiet src
	step "import contracts" $(VENV)/bin/lint-imports --no-logo
	exit $$status

.PHONY: format
format: $(VENV)/.dev ## write code the way `make lint` wants it
	@$(VENV)/bin/ruff check --fix --quiet src tests tools bench || true
	$(VENV)/bin/ruff format --quiet src tests tools bench

.PHONY: oracle
oracle: $(VENV)/.dev ## checks against reference data outside the repository, where it is there
	@if [ ! -d ../shared ]; then echo "no reference data beside the repository: nothing to check"; exit 0; fi
	echo "no checks against reference data yet"

.PHONY: bench
bench: $(VENV)/.dev ## measure; each figure with the machine's own beside it
	@for file in bench/*.py; do
		case "$$file" in */_*) continue ;; esac
		echo "— $$file"
		$(PY) "$$file"
	done

.PHONY: docs
docs: $(VENV)/.dev ## write the generated pages and build the documentation into site/
	@$(PY) -m tools.docs_events
	DISABLE_MKDOCS_2_WARNING=true $(PY) -m mkdocs build --quiet --strict
	echo "site/index.html"

.PHONY: messages
messages: $(VENV)/.dev ## bring the catalogue of screen texts in line with the code, and compile it
	@$(PY) -m tools.messages extract
	$(PY) -m tools.messages compile

.PHONY: lock
lock: ## lock every dependency by hash, for every platform (needs uv)
	@tools/lock.sh

.PHONY: sbom
sbom: $(VENV)/.dev ## write the list of what is shipped (CycloneDX) from the lock
	@$(PY) -m tools.sbom

.PHONY: wheel
wheel: $(VENV)/.dev ## build the wheel into dist/
	@$(PY) -m hatchling build -t wheel

.PHONY: clean
clean: ## remove what was built; data under var/ stays
	@rm -rf $(VENV) dist site .mypy_cache .ruff_cache .import_linter_cache .hypothesis mutants
