# The two commands of the README: `make demo` and `make test`.
PYTHON ?= python3
BIN := .venv/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check install --quiet

# each of many programs that the tests start would compile all it imports anew
unexport PYTHONDONTWRITEBYTECODE
# neighbours stay with one worker, which makes what a file of tests shares once; who is done first helps
PYTEST := $(BIN)/python -m pytest -n 2 --dist worksteal

SEMGREP := .venv/semgrep/bin/semgrep scan --metrics=off --disable-version-check
# known: hashes of files of others, the examples of W3C and of AES, and passwords that only tests have
NO_SECRETS := --exclude-files '\.lock$$|/vendor/manifest\.json$$' --exclude-secrets 'een lang en goed wachtwoord|geheim-van-vangnet|0af7651916cd43dd8448eb211c80319c|b7ad6b7169203331|66e94bd4ef8a2c3b884cfa59ca342b2e'

.PHONY: demo test proofs lint semgrep audit lock

demo: .venv/demo.stamp
	$(BIN)/vangnet demo

test: .venv/dev.stamp
	$(PYTEST) -m "not slow"

# the proofs that take longer than the rest: kills, races, long chains, several worker processes
proofs: .venv/dev.stamp
	$(PYTEST) -m slow

lint: .venv/dev.stamp
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/bandit --quiet --recursive --severity-level high features models service experiments
	git ls-files -z | xargs -0 $(BIN)/detect-secrets-hook --no-verify $(NO_SECRETS)

# the rules of this house about safety, each with examples of what it finds and what it leaves alone
semgrep: .venv/semgrep.stamp
	$(SEMGREP) --test .ci/semgrep/
	$(SEMGREP) --config .ci/semgrep/code.yaml --config .ci/semgrep/pages.yaml --error --quiet features models service

# known flaws in what is installed; ends with an error too when PyPI cannot be asked about a package
audit: .venv/dev.stamp
	$(BIN)/pip-audit --strict --disable-pip --require-hashes --progress-spinner off --requirement requirements.lock

.venv/bin/python:
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Vangnet heeft Python 3.11 of nieuwer nodig: make PYTHON=python3.11 ...")'
	$(PYTHON) -m venv .venv

.venv/semgrep.stamp: requirements-semgrep.lock | .venv/bin/python
	@echo "Semgrep installeren, apart."
	$(PYTHON) -m venv .venv/semgrep
	.venv/semgrep/bin/python -m pip --disable-pip-version-check install --quiet --require-hashes -r requirements-semgrep.lock
	touch $@

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
COMPILE := uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-annotate --custom-compile-command "make lock"
lock: .venv/dev.stamp
	$(BIN)/$(COMPILE) pyproject.toml --group build --output-file requirements.lock
	$(BIN)/$(COMPILE) pyproject.toml --group build --group dev --constraints requirements.lock --output-file requirements-dev.lock
	$(BIN)/$(COMPILE) --group semgrep --output-file requirements-semgrep.lock
