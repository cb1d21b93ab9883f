# Two commands matter: `make demo` and `make test`. Each does all set-up in .venv first.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt

.PHONY: demo test verify browser prove fuzz real crews lint types wheel site constraints rivals fixtures profiles tour clean

demo: $(VENV)/.run
	$(BIN)/labelcast demo --out out/demo

test: $(VENV)/.dev
	$(BIN)/python -m pytest -n 2 --dist worksteal --ignore=tests/packaging

verify: $(VENV)/.dev
	$(BIN)/python -m pytest -n 2 --dist worksteal -m verify

# Pages for readers and the studio, in Debian's Chromium (.ci/packages installs it).
browser: $(VENV)/.dev
	$(BIN)/python -m pytest -n 0 -m browser tests/readers tests/studio

# The long proof: writes docs/verification.md, docs/equality.md, docs/recovery.md, docs/answers.md, docs/search-proof.md, docs/promises.md
# and, of label quality, docs/quality.md, which needs the sets in GOLD and the rivals. SIZE: times the replications of `make verify`.
SIZE ?= 4
EXPERIMENTS ?= 1000
GOLD ?= ../shared/data/gold
prove: $(VENV)/.dev rivals
	PYTHONPATH=tests $(BIN)/python -m theory.prove --size $(SIZE) --experiments $(EXPERIMENTS)
	PYTHONPATH=tests $(BIN)/python -m both.prove
	PYTHONPATH=tests $(BIN)/python -m recovery.prove
	PYTHONPATH=tests $(BIN)/python -m answering.prove --experiments $(EXPERIMENTS)
	PYTHONPATH=tests $(BIN)/python -m searching.prove
	PYTHONPATH=tests $(BIN)/python -m promises.prove
	$(BIN)/python benchmarks/quality.py --gold $(GOLD)

# Calibration on real exports, which lie beside the project; where they are not, each test says so and is skipped.
real: $(VENV)/.dev
	$(BIN)/python -m pytest -n 2 -m real tests/real tests/calibration

# Processes, local clusters and commands, some killed on the way.
crews: $(VENV)/.dev
	$(BIN)/python -m pytest -n 2 -m crews tests/search tests/door

# Exports spoiled at random, then by number for every reader: about 20 ms of processor time each.
CASES ?= 100000
SEED ?= 1
fuzz: $(VENV)/.dev
	$(BIN)/python -m pytest -n 2 -m fuzz tests/calibration
	PYTHONPATH=tests $(BIN)/python -m fuzzing.prove --cases $(CASES) --seed $(SEED)

lint: $(VENV)/.dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/lint-imports

types: $(VENV)/.dev
	$(BIN)/mypy

wheel: $(VENV)/.dev
	rm -rf dist
	$(BIN)/python -m build --wheel --no-isolation --outdir dist .
	$(BIN)/python -m pytest -n 0 tests/packaging

# The pages of docs/ as a site in out/site, and every command that they tell to type. A broken link or any other warning fails.
site: $(VENV)/.docs
	$(BIN)/python docs/tools/assemble.py out/pages
	NO_MKDOCS_2_WARNING=1 $(BIN)/mkdocs build --strict
	$(BIN)/python -m pytest -n 2 -m docs tests/pages tests/site tests/tour

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "labelcast needs Python 3.11 or newer; this is " + sys.version.split()[0] + ". Say which to use: make PYTHON=python3.12 ...")'
	$(PYTHON) -m venv $(VENV)

$(VENV)/.run: pyproject.toml constraints.txt | $(BIN)/python
	@echo "Installing labelcast into $(VENV) (a minute or two the first time) ..."
	$(PIP) -e .
	@touch $@

$(VENV)/.dev: pyproject.toml constraints.txt | $(BIN)/python
	@echo "Installing labelcast and its test tools into $(VENV) (a minute or two the first time) ..."
	$(PIP) -e ".[dev]"
	@touch $@ $(VENV)/.run

$(VENV)/.docs: pyproject.toml constraints.txt | $(VENV)/.dev
	$(PIP) -e ".[docs]"
	@touch $@

# Writes constraints.txt anew from the newest versions that pyproject.toml admits.
constraints:
	rm -rf .venv-constraints && $(PYTHON) -m venv .venv-constraints
	.venv-constraints/bin/python -m pip install --quiet --upgrade -e ".[dev,docs]"
	.venv-constraints/bin/python -m pip freeze --exclude-editable --exclude pip --exclude setuptools > constraints.txt
	rm -rf .venv-constraints

# The libraries that labels, agreement and selection are held against, in an environment of their own (benchmarks/rival_python.py).
rivals: .venv-rivals/.made

.venv-rivals/.made: benchmarks/rivals.txt
	$(PYTHON) -m venv .venv-rivals
	.venv-rivals/bin/python -m pip install --quiet --disable-pip-version-check -r $<
	@touch $@

# Starts a real Label Studio on this machine, records the export that tests of its reader use, and pulls from it.
fixtures: .venv-servers/.made $(VENV)/.dev
	PYTHONPATH=tests .venv-servers/bin/python -m servers.record
	$(BIN)/python -m pytest -n 0 tests/servers

.venv-servers/.made: tests/servers/label_studio.txt pyproject.toml
	$(PYTHON) -m venv .venv-servers
	.venv-servers/bin/python -m pip install --quiet --disable-pip-version-check -r $< -c $< -e ".[label-studio]"
	@touch $@

# Fits the sets in SETS anew and writes the profiles that come with labelcast.
SETS ?= ../shared/data/annotation
profiles: $(VENV)/.dev
	$(BIN)/python -m labelcast.scenarios.ship $(SETS)

# Runs docs/tour.ipynb and keeps what its cells show.
tour: $(VENV)/.dev
	PYTHONPATH=tests $(BIN)/python -m tour.write

clean:
	rm -rf $(VENV) .venv-rivals .venv-servers out dist build .mypy_cache .pytest_cache .ruff_cache
