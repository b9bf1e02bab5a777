# make run: the site.  make test: all checks and tests.  docs/installation.md has the Windows equivalents.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin

# A lock is complete: nothing is resolved, so that it installs the same next year. What it lacks,
# `pip check` tells.
INSTALL := python -m pip install --quiet --disable-pip-version-check --no-deps --require-hashes -r
CHECK := python -m pip check --disable-pip-version-check

# What checks the scripts of the site is JavaScript itself, and never served.
JS := tests/js

.PHONY: run test check check-scripts bench peers attack lock train train-page train-rows train-context train-generator train-cats fonts words clean

run: $(VENV)/run
	@$(BIN)/python wsgi.py

# So many tests run at once, more than two cores: many wait for a browser, a disk or a socket.
# Each process has databases and ports of its own.
WORKERS ?= 3

test: check
	$(BIN)/python -m pytest --numprocesses=$(WORKERS) --dist=worksteal \
		--cov --cov-report=term-missing --cov-fail-under=95

check: $(VENV)/dev check-scripts
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	PYTHONPATH=. $(BIN)/lint-imports --no-cache

# ESLint, and TypeScript on the types in JSDoc comments. Only CI insists on npm.
ifneq ($(shell command -v npm),)
check-scripts: $(JS)/node_modules/.installed
	$(JS)/node_modules/.bin/eslint --config $(JS)/eslint.config.js static/js $(JS)
	$(JS)/node_modules/.bin/tsc --project $(JS)/tsconfig.json
else
check-scripts:
	@echo "npm is missing: install it to check the scripts in static/js" >&2 $(if $(CI),&& exit 1)
endif

$(JS)/node_modules/.installed: $(JS)/package-lock.json
	npm ci --prefix $(JS) --ignore-scripts --no-audit --no-fund --silent
	@touch $@

# Reproduces the model that ships (docs/recognition.md says how long it takes). MNIST=folder, if it is there.
train: $(VENV)/run
	$(BIN)/python -m cnn train $(if $(MNIST),--data $(MNIST)) --out cnn/weights/digits-1.dnm \
		--neighbours cnn/weights/neighbours-1.dnm --curves docs/learning-curves.png

# Trains the model that finds digits on pages by its recipe; docs/recognition.md says how what ships differs.
train-page: $(VENV)/run
	$(BIN)/python -m cnn train-page $(if $(MNIST),--data $(MNIST)) --out cnn/weights/page-1.dnm

# Reproduces the model that reads digits that touch.
train-rows: $(VENV)/run
	$(BIN)/python -m cnn train-rows $(if $(MNIST),--data $(MNIST)) --out cnn/weights/row-1.dnm

# Reproduces the model that sees a digit among others.
train-context: $(VENV)/run
	$(BIN)/python -m cnn train-context $(if $(MNIST),--data $(MNIST)) --out cnn/weights/context-1.dnm

# Reproduces the generator of digits that ships (half an hour on two cores).
train-generator: $(VENV)/run
	$(BIN)/python -m cnn train-generator $(if $(MNIST),--data $(MNIST)) --name digit-generator-1 \
		--out cnn/weights/digit-generator-1.dnm

# Draws the digits and letters of all families of fonts again, to learn from and for tests.
FONTS := cnn/synthesis/fonts
fonts: $(VENV)/run
	npm ci --prefix $(FONTS) --ignore-scripts --no-audit --no-fund --silent
	$(BIN)/python -m cnn.synthesis.fonts.render $(FONTS)/node_modules/@fontsource

# Reproduces the example of other pictures (6 minutes on two cores). PICTURES=its folder.
train-cats: $(VENV)/run
	$(BIN)/python -m cnn train --folder $(PICTURES) --size 32 --name cats-dogs-1 --half \
		--out cnn/weights/cats-dogs-1.dnm --curves docs/cats-dogs-curves.png \
		--mistakes docs/cats-dogs-mistakes.png

# Compares this library with PyTorch and ONNX Runtime, which it installs in a folder of their own.
# OPENBLAS_CORETYPE would hold back NumPy's matrix products alone.
bench: $(VENV)/bench
	for program in network networks memory upload; do \
		env -u OPENBLAS_CORETYPE -u OPENBLAS_L2_SIZE \
			$(VENV)/bench/bin/python -m benchmarks.$$program || exit; \
	done

# Compares the reading of digits with that of Tesseract, which has to be there, and of digit-recognizer-py,
# which is installed in a folder of its own with PyTorch (5 GB). MNIST=folder, if it is there.
peers: $(VENV)/peers
	$(VENV)/peers/bin/python -m benchmarks.peers $(MNIST)

# Attacks a server of its own for a quarter of an hour: the figures of docs/security.md.
# PROGRAM=folder attacks another checkout.
attack: $(VENV)/run
	for program in connections heavy pictures memory native native_crowd kill; do \
		$(BIN)/python -m benchmarks.attack.$$program $(if $(PROGRAM),--program $(PROGRAM)) || exit; \
	done

# PyTorch comes in a build for each kind of machine: no hash of it is everybody's.
$(VENV)/bench: requirements/bench.txt
	$(PYTHON) -m venv $@
	$@/bin/$(INSTALL) $<
	$@/bin/python -m pip install --quiet --disable-pip-version-check torch==2.13.0
	$@/bin/$(CHECK)
	@touch $@

$(VENV)/peers: requirements/run.txt
	$(PYTHON) -m venv $@
	$@/bin/$(INSTALL) $<
	$@/bin/python -m pip install --quiet --disable-pip-version-check torch==2.14.1 torchvision==0.29.1 \
		digit-recognizer-py==0.1.0
	@touch $@

# Needs uv; everything else takes what it wrote. `make lock UPGRADE=` adds and removes alone.
UPGRADE := --upgrade
LOCK := uv pip compile pyproject.toml --universal --python-version 3.11 --generate-hashes \
	--no-emit-index-url --no-emit-find-links --custom-compile-command "make lock" --quiet

lock:
	$(LOCK) $(UPGRADE) -o requirements/run.txt
	$(LOCK) $(UPGRADE) --group dev -o requirements/dev.txt
	$(LOCK) $(UPGRADE) --group bench -o requirements/bench.txt

# Brings the files of translations up to date with the code; TO=ko begins the one of Korean.
MESSAGES := $(VENV)/messages.pot

words: $(VENV)/run
	$(BIN)/pybabel -q extract -F pyproject.toml -k mark -k mark_count:1,2 --add-location=file \
		--project=DigitNet -o $(MESSAGES) .
	$(if $(TO),touch app/languages/$(TO).po)
	for file in app/languages/*.po; do \
		test -f $$file || continue; \
		$(BIN)/pybabel -q update --ignore-pot-creation-date -i $(MESSAGES) -o $$file \
			-l $$(basename $$file .po | tr - _) || exit; \
	done

clean:
	rm -rf $(VENV) $(JS)/node_modules

$(VENV)/run: requirements/run.txt
	$(PYTHON) -m venv $(VENV)
	$(BIN)/$(INSTALL) $<
	$(BIN)/$(CHECK)
	@touch $@

$(VENV)/dev: requirements/dev.txt $(VENV)/run
	$(BIN)/$(INSTALL) $<
	$(BIN)/$(CHECK)
	@touch $@
