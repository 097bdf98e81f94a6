# The two commands of the README are `make demo` and `make test`. Both set up all they need in .venv.

PYTHON ?= $(shell for p in python3.13 python3.12 python3.11 python3; do \
	$$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && { command -v $$p; break; }; done)
VENV := .venv
BIN := $(VENV)/bin

.PHONY: demo test lint reference screenshots soak bench mutants clean

demo: $(VENV)/demo.stamp ## One real order decided and explained, in Chinese and English
	@$(BIN)/csflow demo

test: $(VENV)/dev.stamp lint ## Everything CI runs
	$(BIN)/python -m pytest -n 2

lint: $(VENV)/dev.stamp
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-cache

reference: $(VENV)/dev.stamp ## The documents that are made: of the pages of tests/spec/language, the catalogue, the packs
	$(BIN)/python -m tests.spec.language.generate
	$(BIN)/python -m tests.spec.checks.generate
	$(BIN)/python -m tests.spec.packs.generate

screenshots: $(VENV)/dev.stamp ## Pictures of printed handbooks, to be looked at; needs Chromium and fonts for Chinese
	$(BIN)/python -m tests.looking.screenshots build/screenshots

soak: $(VENV)/dev.stamp ## The same properties at volume; takes long
	CSFLOW_SOAK=1 $(BIN)/python -m pytest -n 2 tests/soundness tests/laws tests/unit tests/security tests/agreement tests/domain tests/spec/mistakes

bench: $(VENV)/dev.stamp ## Figures, as ratios or beside bare Python in the same run
	$(BIN)/python benchmarks/imports.py
	$(BIN)/python benchmarks/decide.py
	$(BIN)/python benchmarks/settle.py
	$(BIN)/python benchmarks/step.py
	$(BIN)/python benchmarks/mistakes.py

# CI=true: Hypothesis without deadlines and by a fixed seed, so that no mutant dies of a slow machine.
mutants: $(VENV)/dev.stamp ## What no test would notice if it were changed, in the arithmetic of money; takes long
	$(BIN)/python -m pip install --quiet --disable-pip-version-check mutmut==3.8.1
	CI=true CSFLOW_SPLITS=400 CSFLOW_ORDERS=20 CSFLOW_EXAMPLES=25 $(BIN)/mutmut run --max-children 1
	$(BIN)/mutmut results

clean:
	rm -rf $(VENV) dist build mutants .mypy_cache .pytest_cache .ruff_cache .hypothesis

$(VENV)/bin/python:
	@test -n "$(PYTHON)" || { echo "csflow needs Python 3.11 or later"; exit 2; }
	$(PYTHON) -m venv $(VENV)

$(VENV)/demo.stamp: $(VENV)/bin/python pyproject.toml
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -e .
	@touch $@

$(VENV)/dev.stamp: $(VENV)/bin/python pyproject.toml
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -e ".[dev]"
	@touch $@ $(VENV)/demo.stamp
