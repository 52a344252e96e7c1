# Customer Day. `make run` starts the bot; `make test` runs the tests. Both set up what they need.
PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
# When the tests are repeated, which `tests/instants.py` starts at 09:00 on a working day: in a night, on a Friday, on a
# holiday, in Ramadan, on a leap day, in the last minute of a year.
INSTANTS := 2026-11-24T02:43:00+00:00 2026-11-27T10:00:00+03:00 2026-12-16T10:00:00+03:00 2027-02-20T20:00:00+03:00 \
            2028-02-29T11:00:00+03:00 2027-12-31T23:59:00+03:00
# What is about kills, faults and screens, and takes longest, is at no hour unlike at another.
AT_ANY_HOUR := $(foreach file,crash faults announcement command_lists page,--deselect tests/e2e/test_$(file).py)
PO     := $(wildcard locales/*/LC_MESSAGES/*.po)

.PHONY: run test instants setup check lint format types imports catalogues messages lock bench clean help

help: ## what each target does
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*## /\t/' | expand -t 14

run: setup ## start the bot: the sandbox where no token is set, else Telegram
	@if [ -n "$$CUSTOMER_DAY_TELEGRAM_TOKEN" ] || grep -qsE '^(export )?CUSTOMER_DAY_TELEGRAM_TOKEN=.' .env; \
	then exec $(BIN)/customer-day run; else exec $(BIN)/customer-day sandbox; fi

# The tests start the bot some forty times: what Python compiled once is kept, also where the machine says otherwise.
test: export PYTHONDONTWRITEBYTECODE =
test: $(VENV)/.dev $(VENV)/.messages ## run the tests
	$(BIN)/pytest -n auto --dist worksteal

# One database is enough for what the time changes, and to be killed at random is the same at any hour. What a test that
# starts at an instant of its own has to say, `make test` has said. The tests take turns (`tests/instants.py`): most are
# repeated at two of the instants, those about days and hours at all of them.
instants: export PYTHONDONTWRITEBYTECODE =
instants: $(VENV)/.dev $(VENV)/.messages ## repeat the conversations and the end-to-end tests at other instants
	CUSTOMER_DAY_TESTS_AT="$(strip $(INSTANTS))" $(BIN)/pytest -n auto --dist worksteal tests/conversations tests/e2e \
		$(AT_ANY_HOUR) -m "not starts_at" -k "not postgres and not every_question_fits"

setup: $(VENV)/.runtime $(VENV)/.messages ## prepare .venv with customer-day installed

$(BIN)/python:
	$(PYTHON) -m venv $(VENV)

$(VENV)/.runtime: requirements.txt pyproject.toml | $(BIN)/python
	$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements.txt
	$(BIN)/pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@touch $@

$(VENV)/.dev: requirements-dev.txt $(VENV)/.runtime
	$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.txt
	@touch $@

$(VENV)/.messages: $(PO) $(VENV)/.runtime
	$(BIN)/python -m locales.build compile
	@touch $@

messages: setup ## extract the texts from the code into the catalogues
	$(BIN)/python -m locales.build update
	@$(MAKE) --no-print-directory setup

check: lint types imports catalogues ## everything CI checks before the tests

lint: $(VENV)/.dev ## format and lint
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .

format: $(VENV)/.dev ## format the code
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

types: $(VENV)/.dev ## strict types
	$(BIN)/mypy

imports: $(VENV)/.dev ## which room may import which
	$(BIN)/lint-imports

catalogues: $(VENV)/.dev $(VENV)/.messages ## every text in Arabic and in English, none outside the catalogues
	$(BIN)/python -m locales.build check

bench: $(VENV)/.dev $(VENV)/.messages ## updates per second beside the peers, in one run
	$(BIN)/python -m benchmarks.updates

lock: ## pin every dependency with its hashes
	$(PYTHON) -m venv build/lock && build/lock/bin/pip install --quiet uv
	build/lock/bin/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-emit-find-links --no-header pyproject.toml --group build -o requirements.txt
	build/lock/bin/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-emit-find-links --no-header pyproject.toml --group build --group dev -o requirements-dev.txt

clean: ## remove what the other targets made (the data folder stays)
	rm -rf $(VENV) build dist .mypy_cache .ruff_cache .pytest_cache
