# make run: the site.  make test: all checks and tests.  The README has the Windows equivalents.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin

.PHONY: run test check bench lock train clean

run: $(VENV)/run
	@$(BIN)/python wsgi.py

test: check
	$(BIN)/python -m pytest --cov --cov-report=term-missing --cov-fail-under=95

check: $(VENV)/dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	PYTHONPATH=. $(BIN)/lint-imports --no-cache

# Reproduces the model that ships (34 minutes on two fast cores). MNIST=folder, if it is there.
train: $(VENV)/run
	$(BIN)/python -m cnn train $(if $(MNIST),--data $(MNIST)) --out cnn/weights/digits-1.dnm \
		--neighbours cnn/weights/neighbours-1.dnm --curves docs/learning-curves.png

# Compares this library with PyTorch and ONNX Runtime, which it installs in a folder of their own.
# OPENBLAS_CORETYPE would hold back NumPy's matrix products alone.
bench: $(VENV)/bench
	for program in network memory upload; do \
		env -u OPENBLAS_CORETYPE -u OPENBLAS_L2_SIZE \
			$(VENV)/bench/bin/python -m benchmarks.$$program || exit; \
	done

$(VENV)/bench: $(VENV)/run
	$(PYTHON) -m venv $@
	$@/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes \
		-r requirements/run.txt
	$@/bin/python -m pip install --quiet --disable-pip-version-check torch==2.13.0 onnx onnxruntime

# Needs uv; everything else takes what it wrote.
lock:
	uv pip compile pyproject.toml --universal --python-version 3.11 --generate-hashes \
		--no-emit-index-url --no-emit-find-links --custom-compile-command "make lock" \
		--quiet --upgrade -o requirements/run.txt
	uv pip compile pyproject.toml --group dev --universal --python-version 3.11 \
		--generate-hashes --no-emit-index-url --no-emit-find-links \
		--custom-compile-command "make lock" --quiet --upgrade -o requirements/dev.txt

clean:
	rm -rf $(VENV)

$(VENV)/run: requirements/run.txt
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r $<
	@touch $@

$(VENV)/dev: requirements/dev.txt $(VENV)/run
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r $<
	@touch $@
