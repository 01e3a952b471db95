# steadymile: everything a person runs. `make demo` and `make test` set themselves up.
PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready

.PHONY: demo test lint types check wheels docs bench bench-line cases filters corpus agreement slow soak fuzz fuzz-whole kills orders disk lock audit invariants mutants lab evidence people people-year screenshots clean help

help: ## lists the targets
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## / \t/' | expand -t 14

$(READY): pyproject.toml constraints.txt
	@echo "Setting up $(VENV) once: Python packages are downloaded and installed, which takes a few minutes."
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e '.[dev]'
	@touch $(READY)

demo: $(READY) ## a simulated beginner's months through the whole pipeline, ending in next week's plan
	@echo "Simulating 17 weeks of a beginner's files, each week planned by the pipeline: about a minute."
	$(BIN)/steadymile demo --home demo-home

test: $(READY) ## the fast tests
	$(BIN)/python -m pytest -m "not slow"

lint: $(READY) ## ruff
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

# mypy follows a folder of links: the packages as they are imported, over the folders as they lie.
TYPES := .types/steadymile
types: $(READY) ## mypy
	mkdir -p $(TYPES)
	for house in ingest models warehouse reports pipelines studies; do ln -sfn ../../$$house $(TYPES)/$$house; done
	for file in steadymile/*.py steadymile/py.typed; do ln -sfn ../../$$file $(TYPES)/$${file##*/}; done
	$(BIN)/mypy

check: lint types test ## all three

wheels: $(READY) ## sdist and wheel built, and the wheel at work outside this folder
	.ci/wheels $(BIN)/python

docs: $(READY) ## writes docs/reference/ again: metrics, policy, schema, words
	$(BIN)/python -m steadymile.studies.reference_docs

BENCH := $(VENV)/.bench
$(BENCH): $(READY)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -e '.[bench]'
	@touch $(BENCH)

bench: $(BENCH) ## speed of readers, metrics, warehouse, app and planning, as ratios in one run (gpsbabel if installed)
	$(BIN)/python -m bench.speed.readers
	$(BIN)/python -m bench.speed.metrics
	$(BIN)/python -m bench.speed.warehouse
	$(BIN)/python -m bench.speed.app
	$(BIN)/python -m bench.speed.plan 1000

bench-line: $(READY) ## ten years of files from folder to plan
	$(BIN)/python -m bench.speed.line

cases: $(READY) ## inputs with a known answer (STEADYMILE_CASES): expected against found
	$(BIN)/python -m bench.real.cases

filters: $(READY) ## what the filters of time and place touch over the corpus, and whether times reconcile
	$(BIN)/python -m bench.real.filters

corpus: $(BENCH) ## the whole corpus of real files (STEADYMILE_CORPUS) through the readers
	$(BIN)/python -m bench.real.corpus

agreement: $(READY) ## our numbers against the devices' own, over the corpus
	$(BIN)/python -m bench.real.agreement

slow: $(READY) ## the slow tests: corpus, kills, long properties
	$(BIN)/python -m pytest -m slow

soak: $(READY) ## nightly runs killed at random instants
	STEADYMILE_KILLS=20 $(BIN)/python -m pytest -m slow tests/pipelines/test_kill.py

FUZZ_MINUTES ?= 10
fuzz: $(READY) ## all readers on broken input for FUZZ_MINUTES minutes (atheris where it is installed)
	$(BIN)/python tests/fuzz/fuzz_readers.py --minutes $(FUZZ_MINUTES)

# These three end after KILLS_MINUTES, if that is set, and say how far they came.
FOR = $(if $(KILLS_MINUTES),--minutes $(KILLS_MINUTES))
KILLS ?= 500
kills: $(READY) ## so many runs killed at random instants: nights, stops, overrides, rebuilds, erasures
	$(BIN)/python tests/fuzz/kills.py --rounds $(KILLS) $(FOR)

ORDERS ?= 100
orders: $(READY) ## commands in so many random orders with kills, against the same orders undisturbed
	$(BIN)/python tests/fuzz/orders.py --rounds $(ORDERS) $(FOR)

disk: $(READY) ## kills at and full disks from chosen system calls of nights, erasures, backups (Linux, C compiler)
	$(BIN)/python tests/fuzz/disk.py $(FOR)

lock: $(READY) ## requirements.txt again: what steadymile needs to run, in the versions of constraints.txt, with hashes
	$(BIN)/python -m pip install --quiet --disable-pip-version-check uv
	$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-annotate --no-header --no-emit-index-url -c constraints.txt pyproject.toml -o requirements.txt

audit: $(READY) ## known weaknesses of the packages that steadymile needs to run (pip-audit asks PyPI's and OSV's services)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check pip-audit
	$(BIN)/python -m pip_audit --strict --disable-pip --require-hashes -r requirements.txt

fuzz-whole: $(READY) ## homes of 200 broken files through two nights and a rebuild for FUZZ_MINUTES minutes
	$(BIN)/python tests/fuzz/whole.py --minutes $(FUZZ_MINUTES)

invariants: $(READY) ## 200,000 random states against the planning invariants
	PYTHONPATH=. $(BIN)/python tests/models/policy_fuzz.py 200000

mutants: $(READY) ## broken formulas that no test notices
	$(BIN)/python -m bench.mutants

lab: $(READY) ## policies compared on virtual athletes
	$(BIN)/steadymile lab

evidence: $(READY) ## docs/results/evidence.md and its pictures again
	$(BIN)/python -m steadymile.studies.evidence

screenshots: $(READY) ## the pictures of the app in docs/images, from a demo home (needs Chromium)
	$(BIN)/python -m bench.screenshots

people: $(READY) ## several simulated people through the pipeline for a quarter of a year, in minutes: out/people.md
	mkdir -p out
	$(BIN)/python -m steadymile.studies.people out/people.md 13

people-year: $(READY) ## docs/results/people.md again: a year of them, about a quarter of an hour
	$(BIN)/python -m steadymile.studies.people docs/results/people.md

clean: ## removes the environment and what the demo made
	rm -rf $(VENV) demo-home
