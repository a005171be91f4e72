# The commands of the course. Everything is installed into .venv; nothing else on the machine is touched,
# but for the browser that `make test` needs (see tests/browser.py).

PYTHON ?= python3
SOLUTIONS ?= show
NOTEBOOKS := $(wildcard index.ipynb chapters/*.ipynb)
NB ?= $(NOTEBOOKS)

PY := .venv/bin/python
READY := .venv/.ready
BOOK := _build/.book
PAGES := $(NOTEBOOKS) $(wildcard *.md chapters/*.md) _config.yml _toc.yml references.bib $(wildcard _ext/* _ext/assets/* scalinglib/checks/*.py scalinglib/checks/chapters/*.py exercises/*.py exercises/chapters/*.py)
# what a build depends on beside files; the file below is touched only when one of them changes
SETTINGS := SOLUTIONS=$(SOLUTIONS) BOOK_REPO_URL=$(BOOK_REPO_URL)

.PHONY: help book serve test notebooks sweep class bench prove browser clean FORCE

help:
	@echo 'make book       build the site into _build/html (SOLUTIONS=hide leaves the solutions out)'
	@echo 'make serve      the same, then serve it on http://localhost:8000'
	@echo 'make test       library, notebooks, and the site in a real browser'
	@echo 'make notebooks  execute all notebooks and write clean outputs back (NB=chapters/... for one)'
	@echo 'make sweep      the recorded sweep again, into _sweep (about an hour; goes on where it stopped)'
	@echo 'make release    student notebooks and binder/ into _release/notebooks (REPO=https://github.com/owner/name)'
	@echo 'make class      an invented class of thirty, graded: the report is what an instructor sees first'
	@echo 'make bench      speed of the fits beside the usual ways'
	@echo 'make prove      the long proofs: intervals, other Pythons, student notebooks, laboratory, capstone, grader'
	@echo 'make clean      delete what was built; rm -r .venv takes the rest'

book: $(BOOK)

serve: book
	$(PY) -m http.server 8000 --directory _build/html

test: browser book
	$(PY) -m pytest -n 2 --dist loadfile -rs --durations=8 --nbval --nbval-current-env --nbval-cell-timeout=300 \
	    --nbval-sanitize-with=tests/nbval_sanitize.cfg tests $(NOTEBOOKS)

notebooks: $(READY)
	$(PY) _ext/notebooks.py $(NB)

sweep: $(READY)
	env -u OPENBLAS_CORETYPE -u OPENBLAS_L2_SIZE $(PY) -m scalinglib.lab.sweep scalinglib/data/sweep_plan.json --out _sweep

# REPO: address of the repository; git's origin where it is not given
release: $(READY)
	$(PY) -m exercises.release $(if $(REPO),--repo $(REPO))

class: $(READY)
	$(PY) -m exercises class

bench: $(READY)
	$(PY) tests/bench_fitting.py
	-$(PY) tests/bench_lab.py

prove: $(READY)
	$(PY) tests/prove_fitting.py
	$(PY) tests/prove_published.py
	$(PY) tests/prove_pythons.py
	$(PY) tests/prove_release.py
	$(PY) tests/prove_lab.py
	$(PY) tests/prove_capstone.py
	$(PY) tests/prove_grading.py

browser: $(READY)
	$(PY) tests/browser.py

clean:
	rm -rf _build _release

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
