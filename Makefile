# Everything a user or developer does; needs GNU make, git and Python 3.11 or newer, nothing else.
# `make INSTALLER=pip` leaves uv out; `make report REPORT="--municipality Delft"` makes one report.

PYTHON    ?= $(shell command -v python3.11 || command -v python3)
INSTALLER ?= uv
REPORT    ?= --all
TESTS     ?= tests notebooks
PYTHONS   ?= python3.11 python3.12 python3.13
BIN       := .venv/bin
BENCH_CACHE := benchmarks/forecasting/cache
# Made last, so that an interrupted set-up starts again: what reports need is in .venv / so is this project /
# so is what developing needs: tests, JupyterLab, cluster, checks of style.
LOCKED    := .venv/.locked
INSTALLED := .venv/.installed
DEVELOPED := .venv/.developed

# Without bytecode every notebook would compile its imports again.
unexport PYTHONDONTWRITEBYTECODE PYTHONPATH PYTHONHOME
export OPENBLAS_NUM_THREADS ?= 1

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help setup report test test-random same stress notebooks docs gallery wheel lab lint mutants bench bench-forecast bench-completion bench-checks clean

help:
	@echo "make report    set up and make the reports of all municipalities in reports/"
	@echo "make test      set up and run all tests, the notebooks included"
	@echo "make test-random  try other examples than make test, other ones each time; SEED=1 repeats a run"
	@echo "make same      make two sets of reports, of BASE=revision and of what stands here, and name what differs"
	@echo "make stress    kill a run at fifty random moments, and give a thousand spoilt files to every door"
	@echo "make docs      make the documentation as a site in docs/built/"
	@echo "make gallery   run all notebooks for three municipalities and a region, and make the site with them to read"
	@echo "make wheel     build the package and make a report with it in clean environments of PYTHONS"
	@echo "make lab       open JupyterLab on the notebook to start with"
	@echo "make notebooks run the notebooks, keep the outputs of their check cells, and copy code to those in English"
	@echo "make lint      check style and the order of the rooms"
	@echo "make bench     measure how well and fast it forecasts, and how fast the reports are made"
	@echo "make mutants   put forty small faults in the code one by one, and say which no test notices"
	@echo "make clean     remove the environment, the reports and what tools leave behind"

setup: $(INSTALLED)

$(LOCKED): requirements.lock
	@test -n "$(PYTHON)" || { echo "make: no python3 found; install Python 3.11 or newer, or name it: make PYTHON=..." >&2; exit 1; }
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
	  echo "make: $(PYTHON) is older than 3.11; name a newer one: make PYTHON=python3.12" >&2; exit 1; }
	$(PYTHON) -m venv --clear .venv
	@$(call install,$<)
	@touch $@

$(INSTALLED): $(LOCKED) pyproject.toml
	$(BIN)/python -m pip install --quiet --no-deps --no-build-isolation --editable .
	@$(BIN)/python -c "import analyse.runs.preloaded"
	@touch $@

$(DEVELOPED): $(INSTALLED) requirements-dev.lock
	@$(call install,requirements-dev.lock)
	@touch $@

# Install the packages of a lock, with uv where it can be had; the tests that packages bring of themselves are 130 MB.
# Of the bytecode only what a report imports is made ahead: that of everything is 140 MB, and takes longer than the rest.
define install
if [ "$(INSTALLER)" = uv ] && $(BIN)/python -m pip install --quiet --retries 1 uv; then \
  echo "installing the packages of $(1) with uv"; \
  $(BIN)/uv pip install --quiet --python $(BIN)/python --no-deps --require-hashes -r $(1); \
else \
  echo "installing the packages of $(1) with pip"; \
  $(BIN)/python -m pip install --quiet --no-deps --no-compile --require-hashes -r $(1); \
fi && find .venv/lib -path '*/site-packages/*/tests' -type d -prune -exec rm -rf {} +
endef

report: $(INSTALLED)
	$(BIN)/analyse report $(REPORT)

test: $(DEVELOPED)
	$(BIN)/python -m pytest -n 2 $(TESTS)

# Only the tests that hypothesis gives examples; it prints how to repeat one that fails.
test-random: $(DEVELOPED)
	$(BIN)/python -m pytest -n 2 -m hypothesis --hypothesis-profile=random $(SEED:%=--hypothesis-seed=%) tests/unit

# With KEEP=folder the set of the revision stays, with AGAINST=folder instead of BASE it is used again.
same: $(DEVELOPED)
	$(BIN)/python tests/same_reports.py $(BASE) $(if $(AGAINST),--against $(AGAINST)) $(if $(KEEP),--keep $(KEEP)) $(EXPECT:%=--expect %)

stress: $(DEVELOPED)
	ANALYSE_KILLS=50 $(BIN)/python -m pytest tests/unit/runs/test_killed.py
	$(BIN)/python tests/fuzz/fuzz.py --number 1000

notebooks: $(DEVELOPED)
	$(BIN)/python tests/notebooks/store_outputs.py

# The pages of docs/ and the docstrings; a link that leads nowhere is an error.
docs: $(DEVELOPED)
	$(BIN)/python -m sphinx --quiet --fail-on-warning --keep-going -b html docs docs/built

gallery: $(DEVELOPED)
	$(BIN)/python docs/make_gallery.py
	$(MAKE) docs

# Needs these Pythons, and their packages from the network.
wheel: $(DEVELOPED)
	ANALYSE_PYTHONS="$(PYTHONS)" $(BIN)/python -m pytest -n 0 tests/test_wheel.py

lab: $(DEVELOPED)
	$(BIN)/jupyter lab notebooks/00_start.ipynb

lint: $(DEVELOPED)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/lint-imports

mutants: $(DEVELOPED)
	$(BIN)/python benchmarks/mutants.py

bench: $(DEVELOPED) bench-forecast bench-completion
	$(BIN)/python benchmarks/factory.py
	$(BIN)/python benchmarks/country.py
	$(BIN)/python benchmarks/declarations.py
	$(BIN)/python benchmarks/completion/speed.py
	$(BIN)/python benchmarks/scenario_panel.py
	$(BIN)/python benchmarks/expected.py
	$(BIN)/python benchmarks/checks/run.py

# Rivals need an older pandas, so they have an environment of their own.
.venv-bench/.installed: benchmarks/forecasting/requirements.txt
	$(PYTHON) -m venv --clear .venv-bench
	.venv-bench/bin/python -m pip install --quiet --no-deps --require-hashes -r $<
	@touch $@

bench-forecast: $(INSTALLED) .venv-bench/.installed
	.venv-bench/bin/python benchmarks/forecasting/tasks.py $(BENCH_CACHE)
	.venv-bench/bin/python benchmarks/forecasting/rivals.py $(BENCH_CACHE)
	$(BIN)/python benchmarks/forecasting/run.py $(BENCH_CACHE)

# What trusted libraries give is kept in benchmarks/checks/rivals.json; they bring much that the package does without.
.venv-checks/.installed: benchmarks/checks/requirements.txt
	$(PYTHON) -m venv --clear .venv-checks
	.venv-checks/bin/python -m pip install --quiet --no-deps --require-hashes -r $<
	@touch $@

bench-checks: $(INSTALLED) .venv-checks/.installed
	.venv-checks/bin/python benchmarks/checks/rivals.py
	$(BIN)/python benchmarks/checks/run.py

bench-completion: $(INSTALLED) .venv-bench/.installed
	$(BIN)/python benchmarks/completion/tasks.py $(BENCH_CACHE)/completion
	.venv-bench/bin/python benchmarks/completion/rivals.py $(BENCH_CACHE)/completion
	$(BIN)/python benchmarks/completion/run.py $(BENCH_CACHE)/completion
	$(BIN)/python benchmarks/completion/ahead.py $(BENCH_CACHE)/completion
	$(BIN)/python benchmarks/completion/at_end.py

clean:
	rm -rf .venv .venv-bench .venv-checks $(BENCH_CACHE) reports/*/ reports/.[!.]* reports/index.html dist .pytest_cache .hypothesis .ruff_cache .import_linter_cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
