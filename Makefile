# SPDX-License-Identifier: GPL-2.0-only
# Two commands matter: `sudo make demo` and `sudo make check`. Both install what is missing first.
#   make            build/nicsw and build/nicswd
#   make unit       the tests that need no root
#   make conformance  rules and their tests, one by one
#   make fuzz       the fuzz targets for an hour
#   make bench      figures of speed (needs root)
#   make DEBUG=1    with address and undefined sanitizers, in build/debug
#   make V=1        show the commands

O := build$(if $(DEBUG),/debug)

CC       ?= gcc
CLANG    ?= clang
BPFTOOL  ?= bpftool
ARCH     := $(shell uname -m | sed 's/x86_64/x86/; s/aarch64/arm64/; s/ppc64le/powerpc/; s/riscv64/riscv/')
PACKAGES := libxdp libbpf libmnl libsystemd json-c inih

WARNINGS := -Wall -Wextra -Werror -Wno-missing-field-initializers
CFLAGS   ?= -O2 -g
CFLAGS   += -std=gnu11 $(WARNINGS) $(if $(DEBUG),-fsanitize=address$(comma)undefined -fno-sanitize-recover=undefined -fno-omit-frame-pointer)
comma    := ,
CPPFLAGS += -D_GNU_SOURCE -Iinclude -Iuser -I. -I$(O) -MMD -MP
LDFLAGS  += -Wl,--as-needed $(if $(DEBUG),-fsanitize=address$(comma)undefined)
LDLIBS   += $(shell pkg-config --libs $(PACKAGES) 2>/dev/null)
BPFFLAGS := -O2 -g -target bpf -mcpu=v3 -D__TARGET_ARCH_$(ARCH) -Wall -Wextra -Werror -Iinclude -I. \
	-idirafter /usr/include/$(shell uname -m)-linux-gnu -MMD -MP

PROGRAM_SOURCES := user/daemon/main.c $(wildcard user/cli/*.c)
LIBRARY_SOURCES := $(filter-out $(PROGRAM_SOURCES),$(wildcard hwemu/*.c user/*/*.c))
LIBRARY_OBJECTS := $(LIBRARY_SOURCES:%.c=$(O)/%.o)
CLI_OBJECTS     := $(patsubst %.c,$(O)/%.o,$(wildcard user/cli/*.c))

UNIT_TESTS  := $(patsubst %.c,$(O)/%,$(filter-out tests/unit/lib_%.c,$(wildcard tests/unit/*.c)))
UNIT_SHARED := $(patsubst %.c,$(O)/%.o,$(wildcard tests/unit/lib_*.c))
PROG_TESTS  := $(patsubst %.c,$(O)/%,$(filter-out tests/prog/lib_%.c %.bpf.c,$(wildcard tests/prog/*.c)))
PROG_SHARED := $(patsubst %.c,$(O)/%.o,$(wildcard tests/prog/lib_*.c))
NET_TOOLS   := $(patsubst %.c,$(O)/%,$(wildcard tests/net/tools/*.c))
BENCHES     := $(patsubst %.c,$(O)/%,$(filter-out %.bpf.c,$(wildcard tests/bench/*.c)))
SKELETONS   := $(patsubst %.bpf.c,$(O)/%.skel.h,$(wildcard bpf/*.bpf.c tests/*/*.bpf.c))

ifeq ($(V),)
.SILENT:
say = printf '  %-8s %s\n' '$(1)' '$(2)'
else
say = true
endif

.PHONY: all deps demo check unit unit-tests bench conformance fuzz tests clean
.DELETE_ON_ERROR:
.SECONDARY:

all: $(O)/nicswd $(O)/nicsw

unit-tests: $(UNIT_TESTS)

tests: $(if $(DEBUG),$(UNIT_TESTS)) $(PROG_TESTS) $(NET_TOOLS) $(BENCHES)

deps:
	scripts/install-deps

# The tools must be there before the build reads pkg-config: hence a make of its own.
demo: deps
	+$(MAKE) --no-print-directory all
	scripts/demo

# The unit tests run with address and undefined sanitizers; programs and scenarios as they are installed.
check: deps
	+$(MAKE) --no-print-directory -j2 all tests
	+$(MAKE) --no-print-directory -j2 DEBUG=1 unit-tests
	+scripts/fuzz build
	UNIT=build/debug tests/run

unit: unit-tests
	UNIT=$(O) tests/run unit

# Rule by rule: which test proves it, and, with MUTATE=1, that the test fails when the rule is broken.
conformance: deps
	+$(MAKE) --no-print-directory -j2 all tests unit-tests
	O=$(O) tests/conformance/run

# For hours: make fuzz SECONDS=36000. Seeds and what was found are in tests/fuzz/corpus and build/fuzz.
fuzz: deps
	+scripts/fuzz run $(or $(SECONDS),3600)

bench: deps
	+$(MAKE) --no-print-directory -j2 all tests
	$(O)/tests/bench/switch_rate
	O=$(O) tests/bench/oid_latency.sh

clean:
	rm -rf build

$(O)/nicswd: $(O)/user/daemon/main.o $(O)/libnicsw.a
	$(call say,LINK,$@)
	$(CC) $(LDFLAGS) $^ $(LDLIBS) -o $@

$(O)/nicsw: $(CLI_OBJECTS) $(O)/libnicsw.a
	$(call say,LINK,$@)
	$(CC) $(LDFLAGS) $^ $(LDLIBS) -o $@

$(O)/libnicsw.a: $(LIBRARY_OBJECTS)
	$(call say,AR,$@)
	rm -f $@
	ar rcs $@ $^

# Tests of the CLI link its objects, too, but for its main().
$(O)/tests/unit/%: $(O)/tests/unit/%.o $(UNIT_SHARED) $(filter-out %/main.o,$(CLI_OBJECTS)) $(O)/libnicsw.a
	$(call say,LINK,$@)
	$(CC) $(LDFLAGS) $^ -lcriterion $(LDLIBS) -o $@

$(O)/tests/prog/%: $(O)/tests/prog/%.o $(PROG_SHARED) $(O)/libnicsw.a
	$(call say,LINK,$@)
	$(CC) $(LDFLAGS) $^ -lcriterion $(LDLIBS) -o $@

$(O)/tests/net/tools/%: $(O)/tests/net/tools/%.o $(O)/libnicsw.a
	$(call say,LINK,$@)
	$(CC) $(LDFLAGS) $^ $(LDLIBS) -o $@

$(O)/tests/bench/%: $(O)/tests/bench/%.o $(O)/libnicsw.a
	$(call say,LINK,$@)
	$(CC) $(LDFLAGS) $^ $(LDLIBS) -o $@

$(O)/%.o: %.c | $(SKELETONS)
	$(call say,CC,$@)
	mkdir -p $(@D)
	$(CC) $(CPPFLAGS) $(CFLAGS) -c $< -o $@

$(O)/%.bpf.o: %.bpf.c
	$(call say,BPF,$@)
	mkdir -p $(@D)
	$(CLANG) $(BPFFLAGS) -c $< -o $@

# The skeleton is named after the file: switch.bpf.c -> struct switch_bpf.
$(O)/%.skel.h: $(O)/%.bpf.o
	$(call say,SKEL,$@)
	$(BPFTOOL) gen skeleton $< name $(notdir $*)_bpf > $@

-include $(shell find $(O) -name '*.d' 2>/dev/null)
