# Two commands are all a newcomer needs: `make run` and `make test`.

SWIFT ?= swift
PYTHON ?= python3
PREFIX ?= /usr/local
RUNTIME := .runtime
CODEX := $(RUNTIME)/codex_cli_bin/bin/codex
RELEASE := .build/release/sre-agent
# One file that needs no Swift on the machine, and starts faster. Exclusive access to memory is proved or checked at
# run time in every debug build and test; the checks at run time cost a fifth of a message's way and are left out here.
# Lines are known for descriptions of crashes; variables' types and places, a quarter of the program's size, are not.
RELEASE_FLAGS := -c release --static-swift-stdlib -Xswiftc -enforce-exclusivity=unchecked -Xswiftc -gline-tables-only
PRODUCTS := sre-agent sre-agent-gate
BUILD_RELEASE = for product in $(PRODUCTS); do $(SWIFT) build $(RELEASE_FLAGS) --product $$product || exit 1; done
VENV := .venv
LINT := .venv-lint
PAGE := Sources/Edge/Page

.PHONY: run start dev demo setup build test unit e2e soak bench bench-instructions docs-api page lint protocol check-protocol recording upgrade-codex sanitize install clean help

run: setup build          ## set up, build and start the server
	@$(RELEASE) serve $(ARGS)

start: $(RELEASE) $(CODEX) ## start what is built, for production
	@$(RELEASE) serve $(ARGS)

demo: setup build         ## as run, with the built-in demo model
	@$(RELEASE) serve --demo $(ARGS)

dev: setup                ## rebuild and restart on changes; the page reloads itself
	@scripts/dev $(ARGS)

setup: platform libraries $(CODEX)  ## fetch the pinned codex runtime

.PHONY: platform libraries
platform:
	@scripts/check-platform

libraries:
	@scripts/install-packages libsqlite3-dev

$(CODEX): requirements/codex.txt scripts/install-codex
	@scripts/install-codex $(RUNTIME) requirements/codex.txt

build:                    ## release build
	@$(BUILD_RELEASE)

$(RELEASE):
	@$(BUILD_RELEASE)

test: setup lint check-protocol unit page e2e ## every test, real codex and real browser included

lint: $(LINT)/ready       ## formatting, linters, and that documents and version agree with what is there
	@scripts/install-packages shellcheck tsc
	$(SWIFT) format lint --strict --recursive Package.swift Sources Tests
	$(LINT)/bin/ruff check --quiet --cache-dir .cache/ruff .
	shellcheck --severity=warning $$(grep -lE '^#!.*bash' scripts/* Benchmarks/* .ci/* 2>/dev/null)
	tsc --project $(PAGE)/jsconfig.json
	@scripts/check-docs
	@scripts/check-version

unit:                     ## Swift tests, and those of the scripts; builds everything, warnings are errors
	$(PYTHON) -m unittest discover --quiet --start-directory Tests/Scripts
	$(SWIFT) build --build-tests --explicit-target-dependency-import-check error
	$(SWIFT) test --skip-build --skip AccessTests
	@# They wait for the kernel's word while others keep every core busy.
	$(SWIFT) test --skip-build --filter AccessTests

page:                     ## the page's own tests, without a browser
	@scripts/install-packages node
	node --test Tests/Page/

e2e: $(VENV)/ready        ## real codex, real browser
	@scripts/install-packages tmux chromium
	CODEX_BIN=$(abspath $(CODEX)) scripts/run-suite $(VENV)/bin/python Tests/EndToEnd -n 2 --dist loadfile
	CODEX_BIN=$(abspath $(CODEX)) scripts/run-suite $(VENV)/bin/python Tests/Browser

soak: $(VENV)/ready $(CODEX) ## random clients, cuts and kills for MINUTES=30; SEED=n to repeat one
	$(SWIFT) build
	CODEX_BIN=$(abspath $(CODEX)) $(VENV)/bin/python Tests/Soak/soak.py --minutes $(or $(MINUTES),30) $(if $(SEED),--seed $(SEED))

bench: setup build        ## beside a C relay and other servers; ARGS=--quick for a short run
	$(SWIFT) build $(RELEASE_FLAGS) --product hot-path
	Benchmarks/bench $(ARGS)

$(LINT)/ready: requirements/lint.txt
	@scripts/install-packages python3-venv
	$(PYTHON) -m venv $(LINT)
	$(LINT)/bin/pip install --quiet --disable-pip-version-check --no-deps --require-hashes --only-binary :all: \
		--requirement requirements/lint.txt
	@touch $@

$(VENV)/ready: requirements/tests.txt
	@scripts/install-packages python3-venv
	$(PYTHON) -m venv $(VENV)
	$(VENV)/bin/pip install --quiet --disable-pip-version-check --requirement requirements/tests.txt
	@touch $@

# The rules, which programs of others can use as well.
DOCUMENTED := JSON JSONRPC CodexProtocol Policy ExecGate PrometheusMetrics AuditRecord Session ConnectorState Settings Access RulesFile

docs-api: libraries       ## documentation of the pure targets' declarations, into .build/docs-api; no warnings
	rm -rf .build/docs-api && mkdir -p .build
	DOCC=1 $(SWIFT) package --allow-writing-to-directory .build generate-documentation \
		$(addprefix --target ,$(DOCUMENTED)) --warnings-as-errors \
		--enable-experimental-combined-documentation --output-path .build/docs-api

bench-instructions: libraries ## instructions of the parts of a message's way, which repeat
	$(SWIFT) build $(RELEASE_FLAGS) --product hot-path
	Benchmarks/instructions

protocol: $(CODEX)        ## write the generated protocol types anew from the pinned codex
	@scripts/generate-protocol Sources

check-protocol: $(CODEX)  ## fail when the checked-in protocol differs from the pinned codex's
	@scripts/check-protocol

recording: $(CODEX)       ## record the session of CodexProtocolFullTests anew with the pinned codex
	$(SWIFT) build --product scripted-model
	scripts/record-session Tests/CodexProtocolFullTests/Recordings/session.txt

upgrade-codex: $(CODEX)   ## pin codex VERSION=x.y.z: hashes, protocol, recording, and what to look at again
	@scripts/install-packages pip
	@scripts/upgrade-codex $(VERSION)

sanitize: $(VENV)/ready $(CODEX) ## under ThreadSanitizer and AddressSanitizer, which takes most of an hour
	CODEX_BIN=$(abspath $(CODEX)) SWIFT=$(SWIFT) scripts/sanitize thread $(abspath $(VENV))/bin/python
	CODEX_BIN=$(abspath $(CODEX)) SWIFT=$(SWIFT) scripts/sanitize address $(abspath $(VENV))/bin/python

install: $(RELEASE) $(CODEX) ## install below PREFIX, symbols beside the programs, with a systemd unit
	@scripts/install-packages objcopy
	scripts/install $(PREFIX)

clean:                    ## what was built, downloaded and cached goes
	rm -rf .build .build-* $(VENV) $(LINT) .cache

help:                     ## this list
	@grep -E '^[a-z0-9-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:[^#]*##/	/'
