# raftviz: `make run` and look; `make test` and trust; `make help` lists the rest.
.DEFAULT_GOAL := help
.PHONY: help setup run test check format bench vendor clean

HOST ?= $(or $(RAFTVIZ_HOST),127.0.0.1)
PORT ?= $(or $(RAFTVIZ_PORT),5000)
OPEN ?= $(or $(RAFTVIZ_OPEN),auto)
ARGS ?=
JOBS ?= 2

BIN = $(firstword $(wildcard .venv/bin) $(wildcard .venv/Scripts) .venv/bin)

help: ## List the commands
	@sed -n 's/^\([a-z]*\):.*## \(.*\)/make \1#\2/p' $(firstword $(MAKEFILE_LIST)) | awk -F'#' '{printf "  %-12s %s\n", $$1, $$2}'

setup: ## Install everything that a developer needs into .venv and node_modules
	@scripts/environment.sh dev
	@scripts/node_modules.sh optional

run: ## Start the server (HOST=, PORT=, OPEN=auto|yes|no) and open the page
	@scripts/environment.sh run
	@RAFTVIZ_HOST=$(HOST) RAFTVIZ_PORT=$(PORT) RAFTVIZ_OPEN=$(OPEN) exec $(BIN)/python app.py

test: ## Run all tests, in a real browser too (ARGS="-k name" to choose, JOBS=4 for more at once)
	@scripts/environment.sh test
	@$(BIN)/python scripts/find_browser.py --install
	@$(BIN)/python -m pytest -n $(JOBS) --dist loadfile --no-loadscope-reorder $(ARGS)

check: ## Lint and type-check everything, and run the JavaScript unit tests (needs Node)
	@scripts/environment.sh dev
	@scripts/node_modules.sh required
	@scripts/check.sh

format: ## Rewrite the Python files in the house style
	@scripts/environment.sh dev
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

bench: ## Measure speed and size, and print them beside what is aimed at
	@scripts/environment.sh test
	@$(BIN)/python scripts/find_browser.py --install
	@$(BIN)/python -m bench $(ARGS)

vendor: ## Copy the pinned npm packages that the page uses into static/vendor
	@scripts/node_modules.sh required
	node scripts/vendor.mjs

clean: ## Remove everything that these commands made
	rm -rf .venv node_modules .mypy_cache .pytest_cache .ruff_cache .hypothesis test-output
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
