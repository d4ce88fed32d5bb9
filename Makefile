# Two commands do most of it: `make start` and `make test`. `make` alone lists the others.
# VENV and PYTHON choose another environment: make test VENV=.venv313 PYTHON=python3.13

PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin
ARGS ?=
INSTALL = $(BIN)/uv pip install --quiet --python $(BIN)/python --compile-bytecode --constraint requirements.lock

.DEFAULT_GOAL := help
.PHONY: help setup start demo test lint build bench lock clean

help: ## list what can be made
	@awk -F ':.*## ' '/^[a-z]+:.*## / {printf "  make %-8s %s\n", $$1, $$2}' Makefile

setup: $(VENV)/ready ## set up $(VENV) with the kit command in it

start: setup ## open JupyterLab on your own copy of the exercises; ARGS="--no-browser --port 8899 --dir PATH"
	@$(BIN)/kit start $(ARGS)

demo: setup ## play a whole class through, without a person, to a class report
	@$(BIN)/kit demo $(ARGS)

test: $(VENV)/ready-dev ## run the whole suite; ARGS="-k feeds" runs a part
	@$(BIN)/python -m pytest -n 2 $(ARGS)

lint: $(VENV)/ready-dev ## check style and types
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy

build: setup ## make all notebooks anew from their reviewed text
	@$(BIN)/kit build

bench: $(VENV)/ready-dev ## measure; the figures are in CHANGELOG.md
	@$(BIN)/python -m tests.benchmarks

lock: $(VENV)/ready-dev ## renew requirements.lock from pyproject.toml
	@$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --all-extras --upgrade \
		--generate-hashes --no-emit-index-url --no-annotate --no-header pyproject.toml -o requirements.lock

clean: ## remove the environment and what was made while running
	rm -rf $(VENV) .pytest_cache .mypy_cache .ruff_cache .hypothesis

# uv itself comes first, from its own lines of the lock; the lock's checksums hold for all.
$(VENV)/ready: pyproject.toml requirements.lock
	@$(PYTHON) -c 'import sys; sys.exit(None if sys.version_info >= (3, 11) else "The kit needs Python 3.11 or newer, and %s is Python %d.%d. Install a newer one and name it: make setup PYTHON=python3.12" % ((sys.executable,) + sys.version_info[:2]))'
	@echo "Setting up $(VENV): about half a minute, longer where packages must be fetched first."
	@$(PYTHON) -m venv $(VENV)
	@sed -n '/^uv==/,/[^\\]$$/p' requirements.lock > $(VENV)/uv.txt
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r $(VENV)/uv.txt
	@$(INSTALL) --editable .
	@touch $@

$(VENV)/ready-dev: $(VENV)/ready
	@$(INSTALL) --editable '.[dev]'
	@touch $@
