# make run: the bot. make test: its tests. make check: everything CI asks for.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
# Nothing of a developer's machine (a user site, a pip configuration's constraints) gets in the way.
export PYTHONNOUSERSITE := 1
export PIP_DISABLE_PIP_VERSION_CHECK := 1

.PHONY: run test check format lint types contracts knowledge coverage lock audit clean

run: $(VENV)/.installed-run
	@trap : INT; $(BIN)/majlis run || [ $$? = 130 ]  # Ctrl-C is no error

test: $(VENV)/.installed-check
	$(BIN)/python -m pytest -n auto

check: format lint types contracts knowledge coverage

format: $(VENV)/.installed-check
	$(BIN)/ruff format --check .

lint: $(VENV)/.installed-check
	$(BIN)/ruff check .

types: $(VENV)/.installed-check
	$(BIN)/mypy

contracts: $(VENV)/.installed-check
	$(BIN)/lint-imports

knowledge: $(VENV)/.installed-check
	$(BIN)/majlis check

coverage: $(VENV)/.installed-check
	$(BIN)/python -m pytest -n auto --cov --cov-report=term --cov-fail-under=90

# Rewrites the lock files from pyproject.toml; needs uv (pip install uv).
lock:
	uv pip compile pyproject.toml --universal --generate-hashes --no-annotate --custom-compile-command "make lock" -o requirements/run.txt
	uv pip compile pyproject.toml --extra postgres --universal --generate-hashes --no-annotate --custom-compile-command "make lock" -c requirements/run.txt -o requirements/postgres.txt
	uv pip compile pyproject.toml --group check --universal --generate-hashes --no-annotate --custom-compile-command "make lock" -c requirements/run.txt -o requirements/check.txt
	uv pip compile requirements/build.in --universal --generate-hashes --no-annotate --custom-compile-command "make lock" -o requirements/build.txt

# Asks PyPI for known holes in what the lock files name; needs uv. What can't be asked about fails.
audit:
	uvx pip-audit@2.10.1 --strict --require-hashes --disable-pip $(addprefix --requirement ,$(wildcard requirements/*.txt))

clean:
	rm -rf $(VENV) .coverage .hypothesis .import_linter_cache .mypy_cache .pytest_cache .ruff_cache

# The bot itself is installed in place: an edited file counts at the next start.
$(VENV)/.installed-run: requirements/run.txt requirements/build.txt pyproject.toml | $(VENV)
	@echo "Installing Majlis into $(VENV) (once)…"
	@$(BIN)/pip install --quiet --require-hashes -r requirements/build.txt -r requirements/run.txt
	@$(BIN)/pip install --quiet --no-build-isolation --no-deps --editable .
	@touch $@

$(VENV)/.installed-check: requirements/check.txt $(VENV)/.installed-run
	@echo "Installing what the tests need into $(VENV) (once)…"
	@$(BIN)/pip install --quiet --require-hashes -r requirements/check.txt
	@touch $@

$(VENV):
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Majlis needs Python 3.11 or newer: make run PYTHON=python3.12" >&2; exit 1; }
	@$(PYTHON) -m venv $(VENV)
