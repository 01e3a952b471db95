# steadymile: everything a person runs. `make demo` and `make test` set themselves up.
PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready

.PHONY: demo test lint types check bench corpus agreement lab fuzz soak people mutants evidence clean help

help: ## what there is
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## / \t/' | expand -t 14

$(READY): pyproject.toml constraints.txt
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e '.[dev]'
	@touch $(READY)

demo: $(READY) ## a made beginner's months through the whole line, ending in next week's plan
	$(BIN)/steadymile demo --home demo-home

test: $(READY) ## the fast tests
	$(BIN)/python -m pytest -m "not slow"

lint: $(READY) ## ruff
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: $(READY) ## mypy
	$(BIN)/mypy

check: lint types test ## all three

clean: ## removes the environment and what the demo made
	rm -rf $(VENV) demo-home
