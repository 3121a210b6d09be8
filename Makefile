# The front door. `make demo` and `make test` do all set-up themselves on a fresh Debian 12.
.DEFAULT_GOAL := help
.PHONY: help setup build demo test sanitize asan tsan bench quality format clean
SHELL := /bin/bash
JOBS ?= $(shell nproc)
CTEST := ctest -j $(JOBS)

help:  ## this list
	@sed -n 's/^\([a-z]*\):.*## /  make \1\t/p' $(MAKEFILE_LIST) | expand -t 18

setup:  ## installs the Debian packages that are missing (tools/check/packages.txt; needs root or sudo)
	@tools/check/setup.sh

build: setup  ## the programs, optimised: build/release/bin/semak and semakd
	@cmake --preset release --log-level=WARNING >/dev/null
	cmake --build --preset release -j $(JOBS) --target programs

demo: build  ## the whole way on invented people: registers, screening, receipt, case, monitoring, and a service to sign in to
	tools/demo/demo.sh build/release/bin/semak

test: setup  ## all tests and house checks
	@cmake --preset dev --log-level=WARNING >/dev/null
	cmake --build --preset dev -j $(JOBS)
	$(CTEST) --preset dev

sanitize: asan tsan  ## all tests under address+undefined and under thread sanitizers

asan: setup
	@cmake --preset asan --log-level=WARNING >/dev/null
	cmake --build --preset asan -j $(JOBS)
	$(CTEST) --preset asan

tsan: setup
	tools/check/tsan_tbb.sh build/tsan-tbb
	@cmake --preset tsan --log-level=WARNING >/dev/null
	cmake --build --preset tsan -j $(JOBS)
	tools/check/fixed_addresses.sh $(CTEST) --preset tsan

bench: build  ## the benchmarks of bench/
	cmake --build --preset release -j $(JOBS) --target benchmarks
	@for program in build/release/bin/*_bench; do [ ! -x $$program ] || $$program --benchmark_min_time=0.2; done

quality: setup  ## make quality CORPUS=DIR: name matching measured on a labelled corpus
	@[ -d "$(CORPUS)" ] || { echo "make quality CORPUS=DIR: a folder with registry.csv, queries.csv and truth.csv" >&2; exit 2; }
	@cmake --preset release --log-level=WARNING >/dev/null
	cmake --build --preset release -j $(JOBS) --target semak-quality
	build/release/bin/semak-quality "$(CORPUS)" --reference bench/quality/reference.csv

format:  ## clang-format-19 over all sources
	@git ls-files -co --exclude-standard '*.h' '*.cc' | xargs clang-format-19 -i

clean:  ## removes build/
	rm -rf build
