# The two commands: make run, make test. Everything else is for people who work on Rahnuma.
.PHONY: run test train eval tune calibrate bench bench-nlu bench-languages lint format environments messages
SHELL := /bin/bash

run: environments train
	@echo "Step 4 of 4: Starting (about 20 seconds)"
	@.venv/bin/python -m rahnuma.launch

test: environments train lint
	@scripts/browser.sh
	@echo "Testing the NLU components"
	@OMP_NUM_THREADS=1 nlu/.venv/bin/python -m pytest -q -p no:cacheprovider -c nlu/pyproject.toml tests/nlu
	@echo "Testing the service"
	@.venv/bin/python -m pytest tests --ignore tests/nlu -m "not browser"
	@echo "Testing the pages in a browser"
	@.venv/bin/python -m pytest tests --ignore tests/nlu -m browser

environments: .venv/.made nlu/.venv/.made

.venv/.made: pyproject.toml uv.lock
	@echo "Step 1 of 4: The service's environment (.venv): about 20 seconds with a warm cache"
	@scripts/environment.sh service
	@touch $@

nlu/.venv/.made: nlu/pyproject.toml nlu/uv.lock
	@echo "Step 2 of 4: The NLU environment (nlu/.venv, 2.5 GB): about a minute with a warm cache"
	@scripts/environment.sh nlu
	@touch $@

train: nlu/.venv/.made
	@echo "Step 3 of 4: The NLU model: trained if its data changed"
	@nlu/.venv/bin/python -m nlu.train

# How good the model is, on the held-out utterances of tests/nlu; trains nothing.
eval: nlu/.venv/.made
	@OMP_NUM_THREADS=1 nlu/.venv/bin/python -m nlu.evaluate --json var/evaluation.json

# Maintainers only: tunes the encoder (under an hour, PyTorch), then finds the settings of config.yml.
tune:
	@scripts/environment.sh tuning
	@nlu/tuning/.venv/bin/python -m nlu.tuning.tune

calibrate: nlu/.venv/.made
	@nlu/.venv/bin/python -m nlu.calibrate

bench: environments train
	@.venv/bin/python -m tests.bench
	@.venv/bin/python -m tests.bench_search
	@.venv/bin/python -m tests.bench_feedback
	@.venv/bin/python -m tests.load.handoff

bench-nlu: nlu/.venv/.made
	@nlu/.venv/bin/python -m nlu.compare

# Language identification beside others, on public data that you have: DATA=file.jsonl
bench-languages: nlu/.venv/.made
	@UV_PROJECT_ENVIRONMENT=.venv $$(command -v uv || echo .tools/bin/uv) sync --quiet --frozen --project nlu --group compare
	@nlu/.venv/bin/python -m nlu.compare.languages $(DATA)

lint: .venv/.made
	@.venv/bin/ruff check .
	@.venv/bin/ruff format --check --quiet .
	@.venv/bin/lint-imports >/dev/null || .venv/bin/lint-imports
	@.venv/bin/rahnuma content check

format: .venv/.made
	@.venv/bin/ruff check --fix .
	@.venv/bin/ruff format .

# Collects the fixed sentences of the code into the catalogues; translators fill in what is new.
messages: .venv/.made
	@.venv/bin/python -m scripts.messages
