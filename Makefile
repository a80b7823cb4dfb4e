# Each goal is one script or one cargo command; the scripts say what they do.
.PHONY: run test fmt bench build package audit fuzz mutants tools check help

help:
	@echo "make run      demo on http://127.0.0.1:3000, rebuilt on every change"
	@echo "make test     everything: format, lints, unit, integration and browser tests"
	@echo "make build    target/release/painel, one file with everything inside"
	@echo "make package  the same as a tarball with systemd units and docs, checked"
	@echo "make audit    licences, sources and advisories of all crates (builds two tools, wants the network)"
	@echo "make bench    every figure of bench/RESULTS.md, side by side in one run"
	@echo "make fuzz     any bytes at what reads them: 60 s a target, or TARGET=envelope FOR=600"
	@echo "make mutants  whether tests notice each altered line of vault, egress and permissions (hours, or PART=access)"
	@echo "make fmt      format all code"

run:
	@scripts/run.sh

test:
	@scripts/test.sh

build:
	@scripts/build.sh

package: build
	@scripts/package.sh

bench: build
	@scripts/bench.sh

audit:
	@scripts/audit.sh

fuzz:
	@scripts/fuzz.sh $(TARGET) $(FOR)

mutants:
	@scripts/mutants.sh $(PART)

tools:
	@scripts/tools.sh

check:
	@scripts/check.sh

fmt:
	cargo fmt --all
	cargo fmt --manifest-path fuzz/Cargo.toml
