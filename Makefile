# Two commands matter: make run, make test. `make help` lists the rest.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check --no-input
# Every package is pinned and hashed in the lock, so pip has nothing to resolve.
INSTALL := $(PIP) install --quiet --no-deps --require-hashes
OURS := bootstrap.py wsgi.py benchmarks bot bureau core handlers knowledge migrations ops sandbox tests web

.DEFAULT_GOAL := help
.PHONY: help run test check bench lock format venv venv-dev assets clean
.SUFFIXES:
MAKEFLAGS += --no-builtin-rules --no-print-directory

help: ## 列出全部目标 · this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-8s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

run: venv assets ## 启动整套系统（沙盒手机、网页、后台、Redis）· the whole house; Ctrl-C stops it
	@exec $(BIN)/python -m ops.embedded --follow-parent

test: venv-dev assets ## 全部测试；不能运行的部分最后列出 · every test; parts not run are named at the end
	@sh .ci/machine
	@$(BIN)/python -m tests.everything

check: venv-dev ## 格式、规则、类型、快速测试（一分钟内）· format, lint, types, quick tests
	@$(BIN)/ruff format --check $(OURS)
	@$(BIN)/ruff check $(OURS)
	@$(BIN)/mypy
	@$(BIN)/python -m pytest -q -n 2 -p tests.parts -m "not slow and not browser and not thorough"

bench: venv-dev ## 性能测试，结果写入 DATA_DIR/bench · benchmarks, JSON into DATA_DIR/bench
	@$(BIN)/python -m benchmarks

format: venv-dev ## 整理格式 · format and sort imports
	@$(BIN)/ruff format $(OURS)
	@$(BIN)/ruff check --fix $(OURS)

lock: venv ## 由 *.in 重新生成锁定文件 · requirements.txt from requirements.in
	@test -x $(VENV)/lock/bin/uv || { $(PYTHON) -m venv $(VENV)/lock && $(VENV)/lock/bin/pip install -q uv; }
	@for name in requirements requirements-dev; do $(VENV)/lock/bin/uv pip compile -q --universal --python-version 3.11 \
	  --generate-hashes --no-annotate --no-header $$name.in -o $$name.txt || exit 1; done

clean: ## 删除 .venv 与缓存（不动 DATA_DIR）· remove .venv and caches, never DATA_DIR
	@rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache .hypothesis web/static/vendor

# --- steps of the targets above ---

$(BIN)/pip:
	@$(PYTHON) -c 'import sys; v = sys.version_info[:2]; sys.exit(0 if (3, 11) <= v <= (3, 13) else \
	  f"需要 Python 3.11–3.13，{sys.executable} 是 {v[0]}.{v[1]}。用 make run PYTHON=python3.12 指定。 (needs Python 3.11-3.13)")'
	@echo "正在建立 .venv … making .venv"
	@$(PYTHON) -m venv $(VENV) || { echo "不能建立 .venv：请安装系统软件包 python3-venv (install python3-venv)" >&2; exit 1; }

venv: $(BIN)/pip
	@cmp -s requirements.txt $(VENV)/installed.txt || { \
	  echo "正在安装依赖 … installing the lock" && $(INSTALL) -r requirements.txt && cp requirements.txt $(VENV)/installed.txt; }

venv-dev: venv
	@cmp -s requirements-dev.txt $(VENV)/installed-dev.txt || { \
	  echo "正在安装测试依赖 … installing the test lock" && $(INSTALL) -r requirements-dev.txt && cp requirements-dev.txt $(VENV)/installed-dev.txt; }

assets: venv
	@$(BIN)/python -m ops.assets
