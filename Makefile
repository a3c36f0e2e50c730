# Tilannekuva. `make help` lists the commands; each sets up what it needs on first use.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready
MANIFEST := dbt_project/target/manifest.json
LINTED := dbt_project/target/.linted
# `make check` looks at what differs from the merge base with this branch.
BASE ?= main
DBT_FILES := $(shell find dbt_project -type f \( -name '*.sql' -o -name '*.yml' -o -name '*.csv' \) \
               -not -path '*/target/*' -not -path '*/logs/*')
SQL_FILES := $(shell find dbt_project/models dbt_project/tests -type f -name '*.sql' -not -path '*/generic/*')
SQL_STYLE := dbt_project/.sqlfluff dbt_project/.sqlfluffignore dbt_project/lint/__init__.py $(wildcard dbt_project/macros/*.sql)

export DBT_SEND_ANONYMOUS_USAGE_STATS := false
export DO_NOT_TRACK := 1
export GX_ANALYTICS_ENABLED := false
export PYTHONDONTWRITEBYTECODE :=

.DEFAULT_GOAL := help
.PHONY: help setup refresh dev check test bench lint static lock browser clean

help: ## List the commands
	@grep -hE '^[a-z]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z]+):.*## (.*)/  make \1\t\2/' | expand -t 18

setup: $(READY) $(MANIFEST) ## Install the locked packages and parse the dbt project

# A fresh machine has python3 and make, but no uv: pip installs uv (hash-locked), uv the rest.
$(READY): requirements.lock requirements-bootstrap.lock
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
	  || { echo "Tilannekuva needs Python 3.11 or newer; say which with: make PYTHON=python3.12 …"; exit 1; }
	@echo "Setting up $(VENV) (once; about 1.5 GB) …"
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-bootstrap.lock
	@VIRTUAL_ENV=$(CURDIR)/$(VENV) $(BIN)/uv pip sync --quiet --compile-bytecode --require-hashes requirements.lock requirements-bootstrap.lock
	@touch $@

# Dagster reads the manifest; it is built here, never when a module is imported. Parsed for the same
# home and day as the refresh that follows, it need not be parsed again there. The staging models are
# compiled too, without a warehouse: `validate` follows their columns.
$(MANIFEST): $(READY) $(DBT_FILES)
	@echo "Parsing the dbt project …"
	@cd dbt_project && TILANNEKUVA_HOME=$${TILANNEKUVA_HOME:-$(CURDIR)/var} \
	  TILANNEKUVA_TODAY=$${TILANNEKUVA_TODAY:-$$(TZ=Europe/Helsinki date +%F)} \
	  ../$(BIN)/dbt compile --quiet --profiles-dir . --select path:models/staging --no-introspect --no-populate-cache
	@touch $@

refresh: setup ## Ingest every source, build, check and publish
	@$(BIN)/python -m orchestration refresh

dev: setup ## The Dagster UI on port 3000
	@$(BIN)/python -m orchestration dev

test: setup browser ## Every test, real servers and a real browser included
	@$(BIN)/python -m pytest -n 2 --dist loadfile --no-loadscope-reorder

bench: setup ## Readers against others, the engine and the build against their floors
	@$(BIN)/python -m benchmarks readers
	@$(BIN)/python -m benchmarks engine
	@$(BIN)/python -m benchmarks build

check: static ## For daily work: lint, types, definitions, quick tests of what changed
	@$(BIN)/python -m tests.affected $(BASE)

lint: static $(LINTED) ## Style, types, layers, SQL, definitions

static: setup
	@$(BIN)/ruff check . && $(BIN)/ruff format --check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports --no-logo
	@$(BIN)/python -m orchestration validate

# sqlfluff parses what the macros make of a model, half a second of processor time a model and up to
# ten where they write long loops. So a model that has passed is linted again only when it changes;
# after a change of style or macros every model is.
$(LINTED): $(SQL_FILES) $(SQL_STYLE) | $(READY)
	@$(BIN)/sqlfluff lint --nocolor --disable-progress-bar \
	  $(if $(or $(filter $(SQL_STYLE),$?),$(filter-out $(wildcard $@),$@)),dbt_project,$?)
	@mkdir -p $(@D) && touch $@

lock: ## Compile the lock files anew
	@$(BIN)/uv pip compile --universal --python-version 3.11 --generate-hashes --no-annotate \
	  --no-header --upgrade --group dev pyproject.toml --output-file requirements.lock

# The browser tests drive Debian's chromium; they say that they were skipped where there is none.
browser:
	@command -v chromium >/dev/null || { [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null \
	  && { echo "Installing chromium for the browser tests …"; \
	       apt-get update -qq && apt-get install -y -qq --no-install-recommends chromium >/dev/null; }; } || true

clean: ## Remove what was installed and built; the data stay
	rm -rf $(VENV) benchmarks/.venv-peers dbt_project/target dbt_project/logs
