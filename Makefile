# Everything a contributor types. `make demo` and `make test` install what they need and say what they do.
SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help
.PHONY: help setup demo test lint fetch test-unit test-slow test-docker test-ollama test-prometheus test-loki test-cluster cluster-up cluster-down test-embeddings bench lock clean

export BLISSFUL_CACHE ?= $(or $(XDG_CACHE_HOME),$(HOME)/.cache)/blissful-infra
UV := $(BLISSFUL_CACHE)/uv/bin/uv
BIN := $(CURDIR)/.venv/bin
STAMP := .venv/.installed
export PATH := $(BIN):$(PATH)

help: ## List the targets
	@awk -F':.*## ' '/^[a-z-]+:.*## /{printf "  make %-12s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

setup: $(STAMP) ## Install everything into .venv (uv does it, in seconds)

$(UV):
	@scripts/bootstrap-uv.sh "$(UV)"

$(STAMP): pyproject.toml constraints.txt | $(UV)
	@echo "==> Installing blissful-infra and its tools into .venv"
	@test -x $(BIN)/python || "$(UV)" venv --quiet --python '>=3.11' .venv
	@"$(UV)" pip install --quiet --python $(BIN)/python --compile-bytecode -c constraints.txt -e . --group dev
	@touch $@

demo: $(STAMP) ## Create a service, bring it up, curl it, ask the agent, take it down
	@scripts/demo.sh

lint: $(STAMP) ## Every static check, cheapest first
	@scripts/lint.sh

test: $(STAMP) ## All tests this machine can run; under CI=true, all there are
	@scripts/test.sh

fetch: $(STAMP) ## Fetch what builds inside the tests need, so that they run offline
	@scripts/fetch.sh

test-unit: $(STAMP) ## The tests that need nothing but Python
	@pytest -n 2 -m "not slow and not needs_java and not needs_engine"

test-slow: fetch ## Real servers and builds, without Docker
	@scripts/test-slow.sh

test-docker: fetch ## The tests on a real Docker engine; starts one where none answers (Debian, root)
	@scripts/with-engine.sh docker pytest -m needs_docker

test-ollama: $(STAMP) ## The tests on a real Ollama, built from source on the first run
	@scripts/with-engine.sh ollama pytest -m needs_ollama

test-prometheus: $(STAMP) ## The tests on a real Prometheus, from Debian's package
	@scripts/with-engine.sh prometheus pytest -m needs_prometheus

test-loki: $(STAMP) ## The tests on a real Loki, built from source on the first run
	@scripts/with-engine.sh loki pytest -m needs_loki

test-cluster: $(STAMP) ## The tests on a real Kubernetes: the one KUBECONFIG names, else one made here (Debian, root)
	@scripts/with-engine.sh cluster pytest -m needs_cluster

cluster-up: $(STAMP) ## Start a one-node Kubernetes with registry, git server, metrics, ingress and Argo CD; prints how to reach it
	@tests/cluster/cluster.sh up

cluster-down: ## End that cluster; nothing stays but the cache
	@tests/cluster/cluster.sh down

test-embeddings: $(UV) ## The tests on sentence-transformers, in an environment of its own (torch: several GB)
	@test -x "$(BLISSFUL_CACHE)/embeddings/bin/python" || "$(UV)" venv --quiet --python '>=3.11' "$(BLISSFUL_CACHE)/embeddings"
	@"$(UV)" pip install --quiet --python "$(BLISSFUL_CACHE)/embeddings/bin/python" -c constraints.txt -e '.[embeddings]' --group dev
	@"$(BLISSFUL_CACHE)/embeddings/bin/python" -m pytest -m needs_embeddings

bench: fetch ## The benchmarks, as a table and JSON
	@scripts/bench.sh

lock: $(UV) ## Renew constraints.txt
	@"$(UV)" pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header \
	  --upgrade --extra postgres --group dev pyproject.toml -o constraints.txt

clean: ## Remove what was built here (not the download cache)
	@rm -rf .venv dist build .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache benchmarks/results
