# Every target needs only a Python 3.11 or newer and, for the front-end files, Node 20 or newer (else one from PyPI).
SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := install
VENV := .venv
BIN := $(VENV)/bin
ARGS ?=
FRESH ?=
# Bytecode is kept between starts, whatever the shell says: each start is seconds faster.
export PYTHONDONTWRITEBYTECODE :=

.PHONY: help install demo up test check format e2e screenshot pictures bench clean

help: ## list the targets
	@grep -E '^[a-z0-9]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z0-9]+):.*## /\1\t/' | expand -t 10

install: $(VENV)/.installed ## make the virtual environment, install the locked Python and npm packages, copy the assets

$(BIN)/python:
	@found=; for python in python3.13 python3.12 python3.11 python3; do \
	  if $$python -c 'import sys, venv; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then found=$$python; break; fi; \
	done; \
	if [ -z "$$found" ]; then echo "Jifen needs Python 3.11 or newer with the venv module: none was found on PATH." >&2; exit 1; fi; \
	$$found -m venv $(VENV)

$(BIN)/uv: | $(BIN)/python
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check 'uv>=0.9,<1'

$(VENV)/.installed: pyproject.toml uv.lock package.json package-lock.json platform/jifen/local/assets.py platform/jifen/local/icons.txt | $(BIN)/uv
	@VIRTUAL_ENV= $(BIN)/uv sync --frozen --inexact --quiet --compile-bytecode
	@$(BIN)/python -m jifen.local.assets
	@touch $@

demo: install ## build the demo district and serve it (ARGS="--once --json", FRESH=1 starts over)
	@$(BIN)/jifen demo $(if $(FRESH),--fresh) $(ARGS)

up: install ## start services, web, worker and beat with one merged log
	@$(BIN)/jifen up $(ARGS)

test: install ## run the tests against real PostgreSQL, Valkey and S3, with branch coverage of the rooms that hold the points
	@$(BIN)/python -m pytest -n auto --cov --cov-report=term $(ARGS)

check: install ## format, lint, types, room borders, migrations, Django's own checks
	@$(BIN)/ruff format --check .
	@$(BIN)/ruff check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports
	@$(BIN)/jifen makemigrations --check --dry-run
	@$(BIN)/jifen check

format: install ## put the code into the project's format
	@$(BIN)/ruff format .
	@$(BIN)/ruff check --fix .

e2e: install ## walk the first jobs of all six people in a real browser
	@$(BIN)/python -m pytest $(if $(findstring tests/e2e,$(ARGS)),,tests/e2e) -p no:cacheprovider -o addopts="--import-mode=importlib --strict-markers -ra" $(ARGS)

screenshot: install ## take the README's picture of the overview from the district that `make demo` serves (PORT=8000)
	@JIFEN_E2E_PORT=$(or $(PORT),8000) $(MAKE) --no-print-directory e2e ARGS="tests/e2e/test_district.py -k one_screen -q"
	@mkdir -p docs/images
	@$(BIN)/python -c "from PIL import Image; Image.open('build/screenshots/overview.png').quantize(160).save('docs/images/overview.png', optimize=True)"

pictures: install ## take the pictures of docs/rules from the district that `make demo` serves (PORT=8000)
	@JIFEN_E2E_PORT=$(or $(PORT),8000) $(MAKE) --no-print-directory e2e ARGS="tests/e2e/test_rule_pictures.py -q"
	@mkdir -p docs/images/rules
	@$(BIN)/python -c "from pathlib import Path; from PIL import Image; [Image.open(one).quantize(32).save(Path('docs/images/rules', one.name), optimize=True) for one in Path('build/screenshots/rules').glob('*.png')]"

bench: install ## measure our posting against the bare SQL (ARGS="posting --json")
	@$(BIN)/jifen bench $(if $(ARGS),$(ARGS),posting)

clean: ## stop the embedded services, remove their data and everything made by the other targets
	@if [ -x $(BIN)/jifen ]; then $(BIN)/jifen services --wipe || true; fi
	@rm -rf $(VENV) node_modules platform/jifen/web/static/vendor staticfiles dist build .coverage .coverage.* \
	  .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +
