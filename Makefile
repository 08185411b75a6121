# Everything a person does with Huiyin. `make` alone prints this list.
# Written for GNU Make 3.81 (macOS) and plain sh.

PYTHON ?= python3
BIN := .venv/bin
NPM := $(BIN)/python dev/npm.py
RESET ?=
NAME ?=
UPGRADE ?=

# The tests and benchmarks start some hundred processes: each would compile every module anew.
unexport PYTHONDONTWRITEBYTECODE

.DEFAULT_GOAL := help
.PHONY: api help setup demo test test-data fuzz audit sbom check fmt lint walk pictures bench lock console console-dev clean

help: ## print this list
	@awk 'BEGIN { FS = ":.*## " } /^[a-z-]+:.*## / { printf "  make %-12s %s\n", $$1, $$2 }' Makefile

setup: ## 安装 · install everything into .venv and build the console
	@$(PYTHON) dev/bootstrap.py

demo: setup ## 演示 · fill a demo company and open the console (RESET=1 starts it afresh)
	@$(BIN)/huiyin demo $(if $(RESET),--reset)

test: setup ## 测试 · run the tests, all but those marked data and long
	@$(BIN)/python -m pytest

test-data: setup ## 数据测试 · run the tests over HUIYIN_DATA=/folder
	@if [ -z "$$HUIYIN_DATA" ]; then \
	  echo "跳过 / skipped: HUIYIN_DATA is not set. Use: make test-data HUIYIN_DATA=/folder"; \
	elif [ ! -d "$$HUIYIN_DATA" ]; then \
	  echo "HUIYIN_DATA=$$HUIYIN_DATA 不是文件夹 / is not a folder" >&2; exit 1; \
	else \
	  $(BIN)/python -m pytest -m data --timeout 600; \
	fi

fuzz: setup ## 模糊测试 · 25 times more made-up requests, frames and texts than `make test` sends
	@HUIYIN_FUZZ=25 $(BIN)/python -m pytest -m "not data" -n 0 --timeout 3600 tests/walks/test_schema.py tests/walks/test_frames.py

audit: setup ## 依赖核查 · known weaknesses of the locked packages, of Python and of the console
	@$(BIN)/python dev/advisories.py

sbom: setup ## 物料清单 · write docs/sbom.json (CycloneDX): every locked package with its hashes
	@$(BIN)/python dev/sbom.py

check: setup lint ## 检查 · everything CI runs: lint, types, floors, all tests but those marked data
	@$(BIN)/python -m pytest -m "not data"

fmt: setup ## 排版 · format the Python sources and apply the safe fixes
	@$(BIN)/ruff check --fix-only --quiet .
	@$(BIN)/ruff format .

lint: setup ## 静态检查 · ruff, mypy, floors, own rules, console types and lint; no tests
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/python -m lint
	@$(BIN)/lint-imports
	@$(BIN)/mypy
	@$(NPM) run check
	@$(NPM) run lint
	@$(NPM) run test

walk: setup ## 走一遍 · play one message from the shop to the statement, printing every event
	@$(BIN)/huiyin walk

pictures: setup ## 截图 · take the pictures of README anew, from a demo of its own
	@$(BIN)/python dev/pictures.py

bench: setup ## 测速 · run one benchmark: make bench NAME=…
	@if [ -z "$(NAME)" ]; then echo "Use: make bench NAME=…; these exist:"; $(BIN)/huiyin bench --help; exit 2; fi
	@$(BIN)/huiyin bench $(NAME)

lock: setup ## 锁定依赖 · write requirements.lock, package-lock.json, docs/licences.md anew (UPGRADE=1)
	@$(BIN)/python dev/relock.py $(if $(UPGRADE),--upgrade)
	@$(PYTHON) dev/bootstrap.py
	@$(BIN)/python dev/licences.py

api: setup ## 接口类型 · write openapi.json and the console's types from the code
	@$(BIN)/huiyin openapi openapi.json
	@$(NPM) run api-types

console: setup ## 控制台 · build the console if its sources changed
	@echo "src/huiyin/web/static/ is current"

console-dev: setup ## 控制台开发 · serve the console with live reload, proxied to a running server
	@$(NPM) run dev

clean: ## 清理 · remove what was built and installed; the data stays
	rm -rf .venv console/node_modules src/huiyin/web/static build dist
	rm -rf .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache
