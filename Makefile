# `make run` shows the product, `make test` proves it. Everything lives in .venv and .local.
PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
STAMP  := $(VENV)/.installed

.PHONY: install run dev test histories fuzz mutants conformance stack-test browser-test screenshots catalogues lint format bench clean

install: $(STAMP)

$(STAMP): requirements.txt requirements-dev.txt
	$(PYTHON) -m venv $(VENV)
	$(BIN)/pip install --quiet --no-compile --disable-pip-version-check -r requirements-dev.txt
	touch $(STAMP)

# Local AWS, the Stripe sandbox, the packaged template, a demo brand's day; ONCE=1 ends after the statement.
run: install
	$(BIN)/python -m infra.local run $(if $(ONCE),--once)

dev: install
	$(BIN)/python -m infra.local dev

test: install
	$(BIN)/python -m pytest -n 2 --dist worksteal -m "not dynamodb_local and not stack and not browser"

# The same tests about money on the engine by AWS (needs Java and npm).
conformance: install
	$(BIN)/python -m tests.conformance

# The simulator against its second implementation, on thousands of random histories; the live system against the
# simulator, on a few dozen.
histories: install
	HISTORIES=$(or $(HISTORIES),600) $(BIN)/python -m pytest -n 2 --dist worksteal tests/commissions/second
	LIVE_HISTORIES=$(or $(LIVE_HISTORIES),2) LIVE_LENGTH=30 LIVE_SEED=$(or $(LIVE_SEED),100) \
	  $(BIN)/python -m pytest -n 2 --dist worksteal tests/live
	HEADS_EXAMPLES=20 $(BIN)/python -m pytest tests/leaders/test_heads_properties.py

# Random tests with examples that nobody has seen yet, FUZZ times over; each prints its seed.
fuzz: install
	@for round in $$(seq $(or $(FUZZ),3)); do seed=$$(od -An -N4 -tu4 /dev/urandom | tr -d ' '); echo "seed $$seed"; \
	  $(BIN)/python -m pytest -n 2 --dist worksteal --hypothesis-seed=$$seed \
	    -m "hypothesis and not dynamodb_local and not stack and not browser" || exit 1; done

# What if a rule were a little different: which test says no? Takes an hour or more; ONLY='*.rules.refund.*' for a part.
mutants: install
	$(BIN)/python -m tests.mutants $(if $(ONLY),'$(ONLY)')

# The deployed template on local AWS, with the Stripe sandbox; workers and drivers are killed.
stack-test: install
	$(BIN)/python -m pytest -m stack

# The story by clicking, and every page looked at, in Debian's Chromium (needs it, and npm for axe-core).
browser-test: install
	$(BIN)/python -m pytest -n 2 --dist worksteal -m browser tests/browser

# Every page as it looks at 390 and 1280 pixels, into .local/screenshots.
screenshots: install
	SCREENSHOTS=.local/screenshots $(BIN)/python -m pytest -n 2 --dist worksteal -m browser tests/browser/test_pages.py

# The table of characters for Traditional Chinese anew; prints where a converter would write our texts otherwise.
catalogues: install
	$(BIN)/python -m infra.traditional

lint: install
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

format: install
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

bench: install
	$(BIN)/python -m tests.bench

clean:
	rm -rf .local .mypy_cache .pytest_cache .ruff_cache .hypothesis
