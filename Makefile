# Newcomers need only two commands: `make run` and `make test`.

SWIFT ?= swift
PYTHON ?= python3
PREFIX ?= /usr/local
RUNTIME := .runtime
CODEX := $(RUNTIME)/codex_cli_bin/bin/codex
RELEASE := .build/release/sre-agent
# A single file that needs no Swift on the machine and starts faster. Every debug build and test checks exclusive access
# to memory; the checks at run time take a fifth of a message's processing time, so release builds omit them. Debug
# information contains line numbers for crash reports, but not variables, which would add a quarter to the program's
# size, and none for C, which takes a tenth of the time to compile BoringSSL.
RELEASE_FLAGS := -c release --static-swift-stdlib -Xswiftc -enforce-exclusivity=unchecked -Xswiftc -gline-tables-only -Xcc -g0
PRODUCTS := sre-agent sre-agent-gate
BUILD_RELEASE = for product in $(PRODUCTS); do $(SWIFT) build $(RELEASE_FLAGS) --product $$product || exit 1; done
# Bundles the page beside a built program. Does nothing if the page has not changed.
BUNDLE = scripts/install-packages esbuild brotli && for build in debug release; do \
	[ ! -d .build/$$build/sre-agent_Page.resources ] || scripts/bundle-page .build/$$build/sre-agent_Page.resources || exit 1; done
VENV := .venv
LINT := .venv-lint
PAGE := Sources/Page/Web

.PHONY: page-bundle run start dev demo setup build test unit e2e soak bench bench-instructions docs-api page lint protocol check-protocol recording upgrade-codex sanitize install clean help

run: setup build          ## set up, build and start the server
	@$(RELEASE) serve $(ARGS)

start: $(RELEASE) $(CODEX) ## start the existing build, for production
	@$(RELEASE) serve $(ARGS)

demo: setup build         ## like run, with the built-in demo model
	@$(RELEASE) serve --demo $(ARGS)

dev: setup                ## rebuild and restart on changes; the page reloads itself
	@scripts/dev $(ARGS)

setup: platform libraries $(CODEX)  ## fetch the pinned codex runtime

.PHONY: platform libraries
platform:
	@scripts/check-platform

libraries:
	@scripts/install-packages libsqlite3-dev libssl-dev zlib1g-dev

$(CODEX): requirements/codex.txt scripts/install-codex
	@scripts/install-codex $(RUNTIME) requirements/codex.txt

build:                    ## release build
	@$(BUILD_RELEASE)
	@$(BUNDLE)

$(RELEASE):
	@$(BUILD_RELEASE)
	@$(BUNDLE)

page-bundle:              ## bundle the page beside what swift build has built; the other targets do it by themselves
	@$(BUNDLE)

test: setup lint check-protocol unit page e2e ## all tests, including real codex and a real browser

lint: $(LINT)/ready       ## check formatting, Python, scripts, JavaScript, names in documents, the version and folder dependencies
	@scripts/install-packages shellcheck tsc
	$(SWIFT) format lint --strict --recursive Package.swift Sources Tests Tools
	$(LINT)/bin/ruff check --quiet --cache-dir .cache/ruff .
	shellcheck --severity=warning $$(grep -lE '^#!.*bash' scripts/* Benchmarks/* .ci/* 2>/dev/null)
	tsc --project $(PAGE)/jsconfig.json
	@scripts/check-docs
	@scripts/check-folders
	@scripts/check-version

unit:                     ## Swift tests, and those of the scripts; builds everything, warnings are errors
	$(PYTHON) -m unittest discover --quiet --start-directory Tests/Scripts
	$(SWIFT) build --build-tests --explicit-target-dependency-import-check error
	@$(BUNDLE)
	$(SWIFT) test --skip-build --skip AccessTests
	@# These tests wait for kernel events, which come late while other tests keep every core busy.
	$(SWIFT) test --skip-build --filter AccessTests

page:                     ## the page's own tests, without a browser
	@scripts/install-packages node
	node --test Tests/Page/

e2e: $(VENV)/ready        ## end-to-end tests with real codex and a real browser
	@scripts/install-packages tmux chromium firefox-esr nginx
	@$(BUNDLE)
	CODEX_BIN=$(abspath $(CODEX)) scripts/run-suite $(VENV)/bin/python Tests/EndToEnd -n 2 --dist loadfile
	CODEX_BIN=$(abspath $(CODEX)) scripts/run-suite $(VENV)/bin/python Tests/Browser -n 2 --dist loadfile

soak: $(VENV)/ready $(CODEX) ## random clients, disconnects and kills for MINUTES=30; SEED=n repeats a run
	$(SWIFT) build
	CODEX_BIN=$(abspath $(CODEX)) $(VENV)/bin/python Tests/Soak/soak.py --minutes $(or $(MINUTES),30) $(if $(SEED),--seed $(SEED))

bench: setup build        ## compare with a C relay and other servers; ARGS=--quick for a short run
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

# Pure targets, which other programs can use as well.
DOCUMENTED := JSON JSONRPC CodexProtocol Policy ExecGrants PrometheusMetrics AuditRecord Session ConnectorState Settings Access RulesFile

docs-api: libraries       ## write DocC documentation of the pure targets into .build/docs-api; warnings are errors
	rm -rf .build/docs-api && mkdir -p .build
	DOCC=1 $(SWIFT) package --allow-writing-to-directory .build generate-documentation \
		$(addprefix --target ,$(DOCUMENTED)) --warnings-as-errors \
		--enable-experimental-combined-documentation --output-path .build/docs-api

bench-instructions: libraries ## count instructions per step of a message's path; repeatable
	$(SWIFT) build $(RELEASE_FLAGS) --product hot-path
	Benchmarks/instructions

protocol: $(CODEX)        ## regenerate the protocol types from the pinned codex
	@scripts/generate-protocol Sources

check-protocol: $(CODEX)  ## fail if the checked-in protocol differs from the pinned codex's
	@scripts/check-protocol

recording: $(CODEX)       ## record the session of CodexProtocolFullTests with the pinned codex
	$(SWIFT) build --product scripted-model
	scripts/record-session Tests/CodexProtocolFullTests/Recordings/session.txt

upgrade-codex: $(CODEX)   ## pin codex VERSION=x.y.z: hashes, protocol, recording; lists what to check again
	@scripts/install-packages pip
	@scripts/upgrade-codex $(VERSION)

sanitize: $(VENV)/ready $(CODEX) ## test with ThreadSanitizer and AddressSanitizer; takes most of an hour
	CODEX_BIN=$(abspath $(CODEX)) SWIFT=$(SWIFT) scripts/sanitize thread $(abspath $(VENV))/bin/python
	CODEX_BIN=$(abspath $(CODEX)) SWIFT=$(SWIFT) scripts/sanitize address $(abspath $(VENV))/bin/python

install: $(RELEASE) $(CODEX) ## install below PREFIX, with separate symbols and a systemd unit
	@scripts/install-packages objcopy
	@$(BUNDLE)
	scripts/install $(PREFIX)

clean:                    ## remove build output, the test environment and caches
	rm -rf .build .build-* $(VENV) $(LINT) .cache

help:                     ## show this list
	@grep -E '^[a-z0-9-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:[^#]*##/	/'
