# make run     the whole service with its demo region, at http://127.0.0.1:8000/ (PORT= and DATABASE_URL= are honoured)
# make test    everything is tested, in a real browser too (ARGS="-k inbox" for a part, JOBS=1 for one after the other)
# make check   style, types, the direction between the apps, templates, translations
# make bench   the performance bars, side by side
# make docs    the pages that are generated from the code
# make setup   what all of them do first; seconds when nothing changed
# make lock    write the lock files anew from pyproject.toml

PYTHON ?= python3
ARGS ?=
JOBS ?= 2
BIN := .venv/bin
.DEFAULT_GOAL := run
.PHONY: run test check bench docs setup setup-dev lock

run: setup
	@exec $(BIN)/kotisatama serve

setup:
	@$(PYTHON) tools/setup.py

setup-dev:
	@$(PYTHON) tools/setup.py --dev

test:
	@$(PYTHON) tools/setup.py --dev --browser
	@$(BIN)/python -m pytest -n $(JOBS) --dist worksteal $(ARGS)

check: setup-dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/lint-imports
	$(BIN)/mypy
	$(BIN)/djlint kotisatama --lint --quiet
	$(BIN)/kotisatama makemigrations --check --dry-run
	$(BIN)/kotisatama check --fail-level WARNING

bench: setup-dev
	@$(BIN)/python -m bench $(ARGS)

docs: setup-dev
	@$(BIN)/python tools/docs.py

COMPILE = $(BIN)/pip-compile --quiet --generate-hashes --strip-extras --no-emit-index-url --no-emit-find-links \
	--no-emit-trusted-host --no-header --no-annotate

lock: setup-dev
	$(COMPILE) $(ARGS) -o requirements/run.txt pyproject.toml
	$(COMPILE) $(ARGS) --extra dev -c requirements/run.txt -o requirements/dev.txt pyproject.toml
	@sed -i.old '/^# The following packages are considered/,$$d' requirements/dev.txt requirements/run.txt
	@rm -f requirements/*.old
