# Footbridge: `make demo` shows it working, `make test` runs every test there is. Both install or name what they need.
# Everything uses the dev profile and the features of the whole workspace, so that nothing compiles twice.

CARGO ?= cargo
ARGS  ?=
SEEDS ?= 20
FIRST_SEED ?= 1

.PHONY: help setup test demo test-long simulate bench build fmt tidy clippy

help:
	@echo "make demo [ARGS=--check]   two organizations, a guest, one synced site"
	@echo "make test                  every test"
	@echo "make test-long             longer simulation and kill tests"
	@echo "make simulate [SEEDS=200 FIRST_SEED=1]   simulated clouds with faults and crashes"
	@echo "make bench [ARGS='--scale 20']   measurements beside rsync; --help lists the rest"
	@echo "make setup                 only install (as root) or name what is needed"

setup:
	@bash scripts/setup.sh

fmt: setup
	$(CARGO) fmt --all --check

tidy: setup
	$(CARGO) xtask tidy

clippy: setup
	$(CARGO) clippy --quiet --workspace --all-targets -- -D warnings

build: setup
	$(CARGO) build --quiet --workspace --bins

# One step after the other, the cheap ones first; the last lines are those of the tests.
test: setup
	$(CARGO) fmt --all --check
	$(CARGO) xtask tidy
	$(CARGO) clippy --quiet --workspace --all-targets -- -D warnings
	$(CARGO) build --quiet --workspace --bins
	$(CARGO) xtask simulate --seeds $(SEEDS)
	$(CARGO) test --workspace

demo: setup
	$(CARGO) build --workspace --bin footbridge --bin footbridge-server --bin footbridge-demo
	$(CARGO) xtask demo $(ARGS)

simulate: SEEDS = 200
simulate: setup
	$(CARGO) xtask simulate --seeds $(SEEDS) --first-seed $(FIRST_SEED)

test-long: test
	$(CARGO) xtask simulate --seeds 2000 --first-seed 100000 --replay-all

# The programs as people get them; `make bench ARGS="--scale 20"` tries it out in a few minutes.
bench: setup
	$(CARGO) build --quiet --release --workspace --bin footbridge --bin footbridge-server --bin footbridge-bench
	$(CARGO) xtask bench $(ARGS)
