# SPDX-License-Identifier: GPL-2.0
#
# Included by the Makefile: for those who change sharestat.

hooks: ## have git run the quick part of make lint before each commit
	@git config core.hooksPath .githooks
	@echo "git commit now runs .githooks; make unhooks ends that"

unhooks: ## the opposite
	@git config --unset core.hooksPath

compile_commands.json: ## for editors: how each file is compiled; of the module when it is built
	@KDIR=$(KDIR) tests/compile-commands >$@
	@echo $@

coverage: packaging-packages ## lines of the tool that unit and golden tests reach; ARGS=FOLDER for pages
	@tests/coverage $(ARGS)

coverage-module: packaging-packages ## lines of the module that the kselftests reach; an hour
	@tests/coverage-module $(ARGS)

analyze: packages ## clang's static analyzer over the tool
	@tests/lint/analyze

.PHONY: hooks unhooks compile_commands.json coverage coverage-module analyze
