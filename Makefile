# Two commands suffice: `make run` starts the platform, `make test` proves it.
# The others: lint, lock, bench, soak, changelog, coverage-of-law.

HOST ?= localhost
PORT ?= 8000
export HOST PORT

PYTHON_HERE := .venv/bin/python

.PHONY: run test lint lock bench soak changelog coverage-of-law developing

run:
	@scripts/bootstrap requirements.lock
	@$(PYTHON_HERE) scripts/prepare.py
	@exec $(PYTHON_HERE) manage.py serve

test: developing
	@$(PYTHON_HERE) scripts/run_tests.py

lint: developing
	@$(PYTHON_HERE) scripts/run_lint.py

bench: developing
	@$(PYTHON_HERE) scripts/run_tests.py --campaign bench -- -s

soak: developing
	@$(PYTHON_HERE) scripts/run_tests.py --campaign soak

# Resolves pyproject.toml anew into the two lock files; `make lock UPGRADE=1` looks for newer versions.
lock:
	@python3 scripts/lock.py $(if $(UPGRADE),--upgrade)

changelog: developing
	@$(PYTHON_HERE) -m towncrier build --draft

# Where each of the 184 obligations lives, and which test proves it.
coverage-of-law: developing
	@$(PYTHON_HERE) scripts/coverage_of_law.py

developing:
	@scripts/bootstrap requirements-dev.lock
