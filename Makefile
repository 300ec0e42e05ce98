# The two commands of the README: `make demo` and `make test`.
PYTHON ?= python3
BIN := .venv/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check install --quiet

.PHONY: demo test proofs lint lock

demo: .venv/demo.stamp
	$(BIN)/vangnet demo

test: .venv/dev.stamp
	$(BIN)/python -m pytest -n 2 -m "not slow"

# the proofs that take longer than the rest: kills, races, long chains, several worker processes
proofs: .venv/dev.stamp
	$(BIN)/python -m pytest -n 2 -m slow

lint: .venv/dev.stamp
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

.venv/bin/python:
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Vangnet heeft Python 3.11 of nieuwer nodig: make PYTHON=python3.11 ...")'
	$(PYTHON) -m venv .venv

.venv/demo.stamp: requirements.lock pyproject.toml | .venv/bin/python
	@echo "Installeren; dat duurt ongeveer een minuut."
	$(PIP) --require-hashes -r requirements.lock
	$(PIP) --no-deps --no-build-isolation --editable .
	touch $@

.venv/dev.stamp: requirements-dev.lock pyproject.toml | .venv/bin/python
	@echo "Installeren; dat duurt een tot twee minuten."
	$(PIP) --require-hashes -r requirements-dev.lock
	$(PIP) --no-deps --no-build-isolation --editable .
	touch $@ .venv/demo.stamp

# Resolve anew; both files carry hashes and no address of any index.
COMPILE := uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-annotate --custom-compile-command "make lock" pyproject.toml
lock: .venv/dev.stamp
	$(BIN)/$(COMPILE) --group build --output-file requirements.lock
	$(BIN)/$(COMPILE) --group build --group dev --constraints requirements.lock --output-file requirements-dev.lock
