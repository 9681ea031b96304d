# SPDX-License-Identifier: GPL-2.0
#
# For people; what the kernel's build system needs is in Kbuild. Each target
# that `make help` shows has its help behind ##. Only the output of what was
# asked for goes to standard output: `make report ARGS=--json | jq` works.

KDIR ?= /lib/modules/$(shell uname -r)/build
prefix ?= /usr/local
sbindir ?= $(prefix)/sbin
DESTDIR ?=
ARGS ?=

MAKEFLAGS += --no-print-directory

all: module tool ## build the module for this kernel (or KDIR=) and the tool

help: ## this list
	@awk -F ':.*## ' '/^[a-z_.-]+:.*## / { printf "  %-15s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)
	@echo
	@echo 'Variables: ARGS (of report), KDIR, DESTDIR, prefix, STRICT=1 (a skipped test fails)'

report: packages ## boot the lab VM and compare processes with threads; ARGS=--json
	@tests/lab/run -- sharestat report $(ARGS)

lab: packages ## a shell in the lab VM, with the module loaded
	@tests/lab/run --shell

check: packages ## all tests of the tool, the lab and, in the lab VM, the module
	@tests/check lint lint-selftest check-selftest unit unit-module golden host fuzz lab kselftest

check-lint: packages ## what can be checked without running anything, and those checks
	@tests/check lint lint-selftest check-selftest

check-unit: packages ## the functions of tool and module, without root or module
	@tests/check unit unit-module

check-golden: packages ## the tool's output for recorded files, without root or module
	@tests/check golden

check-host: packages ## the report without the module, on this machine, as root and as nobody
	@tests/check host

check-lab: packages ## the lab VM itself, then the module in it
	@tests/check lab kselftest

check-worlds: packages ## the report in worlds where claims are false
	@tests/check worlds

check-worlds-sample: packages ## four of them, others each day
	@tests/check worlds-sample

check-mutants: packages ## plant small faults, one at a time, and see them found; hours
	@SUITE_TIMEOUT=7200 tests/check mutants

check-mutants-sample: packages ## ten of them, others each day
	@tests/check mutants-sample

check-packaging: packaging-packages ## install, DKMS, Debian packages, manual pages, completion
	@tests/check packaging

check-newcomer: packages ## what is said when something is missing
	@tests/check newcomer

check-bare: bare-packages ## what make report and make check install is enough, in a fresh Debian; as root; WHOLE=1: all of both
	@$(if $(WHOLE),SUITE_TIMEOUT=7200 tests/check bare bare-whole,tests/check bare)

check-web: web-packages ## pages in a browser, figures in Prometheus
	@tests/check web-html web-collect

check-programs: web-packages ## report and advise on PostgreSQL, memcached, Redis, Python
	@tests/check programs

check-kernels: kernels-packages ## what matters most, on each other kernel of the lab; KERNELS=
	@tests/check kernels

check-headers: kernels-packages ## build for all headers that Debian offers, and KERNEL_TREES=DIR[:DIR]; HEADERS=PATTERN
	@tests/check headers; status=$$?; tests/headers/run --table >&2; exit $$status

check-stress: packages ## five minutes of stress in the lab VM
	@tests/check stress

check-debug: packages ## the debug kernels: detectors, report, kselftests, stress; hours
	@tests/check planted
	@tests/check-all 6.1-debug 6.1-kcsan

check-all: kernels-packages ## every suite, then report, kselftests, stress on every kernel; hours; KERNELS=
	@tests/lab/packages --web --packaging --bare >&2
	@SUITE_TIMEOUT=7200 tests/check lint lint-selftest check-selftest unit unit-module golden host fuzz lab newcomer \
		worlds programs packaging web-html web-collect planted bare bare-whole; suites=$$?; \
	tests/check-all $(KERNELS) && exit $$suites

soak: packages ## an hour of stress in the lab VM; SECONDS= says otherwise
	@tests/stress/run $(or $(SECONDS),3600)

lint: check-lint ## the same as check-lint

bench-frames: packages ## what looking at pages costs, beside other tools
	@tests/bench/frames

bench-gate: packages ## do these still cost what Documentation/performance.md says?
	@tests/check bench

bench-switch: packages ## what counting switches costs, beside other tools
	@tests/bench/switch

clean: ## remove what was built in this folder
	@$(MAKE) -C userspace clean >&2
	@! [ -e $(KDIR)/Makefile ] || $(MAKE) -C $(KDIR) M=$(CURDIR) clean >&2
	@rm -rf tests/kselftest/build

module: headers
	@$(MAKE) -C $(KDIR) M=$(CURDIR) modules >&2

tool:
	@$(MAKE) -C userspace >&2

headers:
	@[ -e $(KDIR)/Makefile ] || { \
		echo "There are no kernel headers in $(KDIR)."; \
		echo "Install them with: sudo apt-get install linux-headers-$$(uname -r)"; \
		echo "or say where they are: make KDIR=..."; \
		echo "The lab VM needs none of this machine: make report"; \
		exit 1; \
	} >&2

packages:
	@tests/lab/packages >&2

web-packages:
	@tests/lab/packages --web >&2

packaging-packages:
	@tests/lab/packages --packaging >&2

bare-packages:
	@tests/lab/packages --bare >&2

kernels-packages:
	@tests/lab/packages --kernels >&2

include .packaging/install.mk
include tests/develop.mk

.PHONY: all help report lab check check-lint check-unit check-golden check-host check-lab check-web check-programs bench-frames bench-gate bench-switch \
	lint clean module tool headers packages web-packages check-worlds check-worlds-sample check-mutants check-mutants-sample check-packaging packaging-packages check-newcomer \
	check-kernels check-headers check-stress check-debug check-all soak kernels-packages check-bare bare-packages
