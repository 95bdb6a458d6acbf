# Everything one does with this house, one line each; `make` alone lists it.

SHELL := /bin/sh
.DEFAULT_GOAL := help
MAKEFLAGS += --no-print-directory
.DELETE_ON_ERROR:

BIN := .venv/bin
INSTALL = $$(cat .venv/.pip) install --disable-pip-version-check --no-input
# The locks are complete (uv made them so): without looking for more, pip needs two thirds of the time.
LOCKED := --require-hashes --only-binary :all: --no-deps
FIRST := python3.13 python3.12 python3.11 python3
TESTS ?=

# Nothing of the machine that calls may lean into what is installed or tested.
unexport PYTHONPATH PYTHONHOME VIRTUAL_ENV PYTHONDONTWRITEBYTECODE
export PYTHONUTF8 := 1

say = @printf '\n\033[1m── %s\033[0m\n'

##@ Begin here

demo: setup ## the whole thing on your machine: a phone, the console, made-up people; prints one link to open
	@$(BIN)/nakodo demo

test: .venv/.dev ## everything: style, types, arrows, tests on SQLite and PostgreSQL, a real browser where there is one
	@$(BIN)/nakodo ask NPO >/dev/null & $(MAKE) check && wait # beside it, the index that all tests look up in is made
	$(say) 'tests (SQLite, PostgreSQL, browser)'
	@NAKODO_TEST_ENGINES=$${NAKODO_TEST_ENGINES:-$(if $(TESTS),both,one)}; export NAKODO_TEST_ENGINES; $(call browser,$(BIN)/pytest -n auto --dist worksteal $(TESTS))

##@ Use it

setup: .venv/.setup ## make .venv and install what the locks name (the other targets do it by themselves)
	@echo 'ready: $(BIN)/nakodo'

serve: setup ## serve the web, the worker and delivery in one process (settings: README)
	@$(BIN)/nakodo serve

talk: setup ## chat with it in this terminal
	@$(BIN)/nakodo talk

doctor: setup ## say in plain words what is still missing for production
	@$(BIN)/nakodo doctor

##@ Work on it

check: .venv/.dev ## style, types and arrows only
	$(say) 'ruff: style'
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	$(say) 'mypy: types, strict, tests included'
	@$(BIN)/mypy
	$(say) 'import-linter: the arrows of the house'
	@$(BIN)/lint-imports

format: .venv/.dev ## put the code into the house's style
	@$(BIN)/ruff check --fix --exit-zero --quiet .
	@$(BIN)/ruff format .

e2e: .venv/.dev ## the browser tests alone; they must run, so a Chromium must be there
	@NAKODO_REQUIRE_BROWSER=1; export NAKODO_REQUIRE_BROWSER; $(call browser,$(BIN)/pytest -m browser $(TESTS))

bench: .venv/.dev ## measure turns and posts a second, compare with the last figures kept
	@$(BIN)/python -m tests.bench

long: .venv/.dev ## the tests that take minutes
	@$(BIN)/pytest -n auto -m long $(TESTS)

judges: .venv/.dev .judges/.ready ## second judges from npm: LINE's own SDK for Node, its types, and Prism (needs node and npm)
	@$(BIN)/pytest -m judges $(TESTS)

pictures: .venv/.dev ## photograph anew what residents see on every channel, and what deploy/outreach.md shows
	@$(BIN)/python -m tests.browser.camera
	@$(BIN)/python -m tests.browser.outreach_camera

fuzz: .venv/.dev ## the property tests with other made-up values each time
	@$(BIN)/pytest -n auto --hypothesis-profile=roam -m 'hypothesis and not long and not judges' $(TESTS)

coverage: .venv/.dev ## the tests once more, and which lines they never reach
	@$(BIN)/coverage erase
	@$(BIN)/coverage run -m pytest -m 'not bench and not long and not browser and not judges' $(TESTS)
	@$(BIN)/coverage combine -q
	@$(BIN)/coverage report

map: .venv/.dev ## write the map of the house in README anew from the first line of every file
	@$(BIN)/python -m tests.house.map --write

##@ Look after it

lock: ## choose versions anew and write both locks (needs uv)
	$(say) 'locks: newest versions that pyproject.toml allows'
	@uv pip compile pyproject.toml $(LOCK) --extra build -o requirements.lock
	@uv pip compile pyproject.toml $(LOCK) --extra build --extra dev -c requirements.lock -o requirements-dev.lock
	@if grep -En 'https?:|file:' requirements.lock requirements-dev.lock; then echo 'a lock may name no host'; exit 1; fi

LOCK := --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-emit-find-links --no-header --no-annotate --upgrade --quiet

vendor: ## fetch the few browser files we ship, check their sums, put them in place (needs npm)
	@sh deploy/vendor.sh

clean: ## remove what was made on the spot; data and .venv stay
	@rm -rf build dist htmlcov .coverage .coverage.* .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis .judges
	@find . -name .venv -prune -o -name __pycache__ -type d -prune -exec rm -rf {} +
	@echo 'clean. (`rm -rf .venv` takes the installed packages too.)'

help:
	@awk 'BEGIN { FS = ":.*## " } \
	  /^##@/ { printf "\n\033[1m%s\033[0m\n", substr($$0, 5) } \
	  /^[a-z0-9-]+:.*## / { printf "  \033[36mmake %-9s\033[0m %s\n", $$1, $$2 }' $(firstword $(MAKEFILE_LIST))
	@echo

# ----------------------------------------------------------------------------------------------------------------------
# The environment. A stamp is renewed when what it was made from changes, so a second `make` starts at once.

.venv/.setup: requirements.lock pyproject.toml | .venv/.pip
	$(say) 'installing what requirements.lock names (each file is checked against its hash)'
	@$(INSTALL) $(LOCKED) -r requirements.lock
	@$(ourselves)

.venv/.dev: requirements-dev.lock pyproject.toml | .venv/.pip
	$(say) 'installing what requirements-dev.lock names (each file is checked against its hash)'
	@$(INSTALL) $(LOCKED) -r requirements-dev.lock
	@$(ourselves)
	@touch .venv/.setup # the second lock holds all of the first

.judges/.ready: tests/judges/package.json tests/judges/package-lock.json
	$(say) 'installing what tests/judges/package-lock.json names (each file is checked against its sum)'
	@mkdir -p .judges && cp tests/judges/package.json tests/judges/package-lock.json .judges
	@npm ci --prefix .judges --no-audit --no-fund --loglevel=error
	@touch $@

ourselves = $(INSTALL) --quiet --no-deps --no-build-isolation -e . && touch $@

# How to install into .venv; also for one that somebody made in another way.
.venv/.pip: | $(BIN)/python
	@[ -e $@ ] || { $(BIN)/python -m pip --version || $(BIN)/python -m ensurepip; } >/dev/null 2>&1 && \
	  { [ -e $@ ] || echo '$(BIN)/python -m pip' > $@; }

$(BIN)/python:
	@rm -rf .venv
	@for python in $(PYTHON) $(FIRST); do \
	  $$python -c 'import sys, venv; sys.exit(not (3, 11) <= sys.version_info < (3, 14))' 2>/dev/null || continue; \
	  printf '\n\033[1m── making .venv with %s (%s)\033[0m\n' "$$python" "$$($$python -V)"; \
	  if $$python -c 'import ensurepip' 2>/dev/null; then \
	    $$python -m venv .venv && echo '$(BIN)/python -m pip' > .venv/.pip && exit 0; \
	  elif $$python -m pip --version >/dev/null 2>&1; then \
	    echo 'it has no ensurepip, so its own pip does the installing'; \
	    $$python -m venv --without-pip .venv && echo "$$python -m pip --python $(BIN)/python" > .venv/.pip && exit 0; \
	  fi; \
	  echo 'that one has no pip'; rm -rf .venv; \
	done; \
	echo 'Nakodo needs Python 3.11, 3.12 or 3.13 with pip, and found none of: $(PYTHON) $(FIRST).'; \
	echo 'Debian or Ubuntu: apt-get install python3-venv. Or name one: make PYTHON=/path/to/python3.12 …'; exit 1

# Runs $(1) with the browser tests where a Chromium is found. Where none is, it says so before and after; it refuses to
# go on when NAKODO_REQUIRE_BROWSER is set, as .ci/run does.
define browser
for name in "$$NAKODO_CHROMIUM" chromium-headless-shell chromium chromium-browser google-chrome-stable google-chrome; do \
  [ -n "$$name" ] && found=$$(command -v "$$name") && break; found=; \
done; \
if [ -n "$$found" ]; then echo "browser: $$found"; NAKODO_CHROMIUM="$$found" $(1); exit $$?; fi; \
loud() { printf '\033[1;31m%s\033[0m\n' \
  '########################################################################' \
  '##  NO CHROMIUM HERE: THE BROWSER TESTS DO NOT RUN.                   ##' \
  '##  Phone, private page, console and accessibility are NOT tested.    ##' \
  '##  Debian: apt-get install chromium   or set NAKODO_CHROMIUM=/path   ##' \
  '########################################################################'; }; \
loud; [ -z "$$NAKODO_REQUIRE_BROWSER" ] || { echo 'NAKODO_REQUIRE_BROWSER is set, so this is a failure.'; exit 1; }; \
$(1) -m 'not browser and not bench and not long and not judges'; code=$$?; loud; exit $$code
endef

.PHONY: help setup demo test serve talk doctor check format e2e bench long judges pictures fuzz coverage map lock vendor clean
