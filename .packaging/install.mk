# SPDX-License-Identifier: GPL-2.0
#
# Included by the Makefile: what is installed, where to, and how it is removed.
# Debian's packages are made of the same targets.

mandir ?= $(prefix)/share/man
completionsdir ?= $(prefix)/share/bash-completion/completions
# Where dkms(8) looks, whatever the prefix.
sourcesdir ?= /usr/src

version = $(shell .packaging/version)
# As the module has it; Debian's `make kernelrelease` says another one.
release = $(or $(shell sed -n 's/.*UTS_RELEASE "\(.*\)"/\1/p' $(KDIR)/include/generated/utsrelease.h 2>/dev/null),$(shell uname -r))
modules = $(DESTDIR)/lib/modules/$(release)
dkms_source = $(DESTDIR)$(sourcesdir)/sharestat-$(version)

install: all install-module install-tool ## install module, tool, man pages, completion; DESTDIR= and prefix=

uninstall: ## remove what install installed, with the same DESTDIR= and prefix=
	@rm -f $(DESTDIR)$(sbindir)/sharestat $(DESTDIR)$(completionsdir)/sharestat
	@rm -f $(patsubst Documentation/man/%,$(DESTDIR)$(mandir)/man8/%,$(wildcard Documentation/man/*.8))
	@rm -f $(modules)/updates/sharestat.ko*
	@$(depmod)

# The kernel's own depmod wants a System.map, which Debian's headers are without.
# Below a DESTDIR that is no whole system, whoever installs it there runs depmod.
depmod = ! [ -e $(modules)/modules.builtin ] || PATH="$$PATH:/usr/sbin:/sbin" depmod -b "$(DESTDIR)/" $(release)

# Nor has Debian its signing key there, without which signing fails, aloud.
unsigned = $(if $(wildcard $(KDIR)/certs/signing_key.pem),,CONFIG_MODULE_SIG_ALL=)

install-module: module
	@$(MAKE) -C $(KDIR) M=$(CURDIR) INSTALL_MOD_PATH=$(DESTDIR) INSTALL_MOD_DIR=updates \
		cmd_depmod=: $(unsigned) modules_install >&2
	@$(depmod)

install-tool: tool
	@install -D -m 0755 userspace/sharestat $(DESTDIR)$(sbindir)/sharestat
	@install -D -m 0644 -t $(DESTDIR)$(mandir)/man8 Documentation/man/*.8
	@install -D -m 0644 userspace/completion/sharestat.bash $(DESTDIR)$(completionsdir)/sharestat

# What DKMS builds: the module's sources and nothing else.
install-source:
	@install -d $(dkms_source)
	@find Kbuild COPYING module -type f \( -name '*.[ch]' -o -not -name '*.*' \) -not -name '*.mod.c' | \
	while read -r file; do \
		install -D -m 0644 "$$file" "$(dkms_source)/$$file" || exit 1; \
	done
	@sed 's/#MODULE_VERSION#/$(version)/' .packaging/dkms.conf >$(dkms_source)/dkms.conf

dkms: ## build and install the module by DKMS, which does so again for each new kernel
	@.packaging/dkms install

dkms-remove: ## the opposite
	@.packaging/dkms remove

deb: ## build the Debian packages sharestat and sharestat-dkms in build/, or OUTPUT=
	@.packaging/deb "$(or $(OUTPUT),build)"

.PHONY: uninstall install-module install-tool install-source dkms dkms-remove deb
