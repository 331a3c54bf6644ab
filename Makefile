# Short names for the commands of CONTRIBUTING.md.
BIN = .venv/bin
T ?= tests/rules
export PATH := $(CURDIR)/$(BIN):$(PATH)

.PHONY: install check test all full bench

install:
	bash install.sh --all

check:
	ruff check .
	ruff format --check .
	lint-imports
	mypy

test:  # make test T=tests/rules/test_arcp.py
	pytest $(T)

all:
	bash .ci/run

full:
	bash .ci/full

bench:
	pipeline-sim bench --quick
