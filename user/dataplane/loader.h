/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Loads the switch programs: the only file that sees the skeleton.
 *
 * An adapter's maps are made once and pinned in its directory by their names, with the programs
 * that are the same for all ports. The program of a port is loaded for that port, with its slot as
 * a constant, over those maps.
 */
#ifndef NICSW_DATAPLANE_LOADER_H
#define NICSW_DATAPLANE_LOADER_H

#include <nicsw/maps.h>

#include "core/error.h"

struct bpf_object; /* libbpf's */

#define NICSW_PIN_SIZE 256 /* longest path of a pin directory */

#define NICSW_PIN_STRIP   "egress_strip" /* devmap program: removes the tag for access ports */
#define NICSW_PIN_VEPA    "egress_vepa"  /* devmap program: keeps reflections from their sender */
#define NICSW_PIN_TC_DROP "tc_drop"      /* tc program: drop-all beneath XDP */

/* From here on libbpf's messages become the text of our errors, not lines on standard error. */
void nicsw_loader_keep_warnings(void);

/* Makes and pins maps of the sizes in meta, whose values are all zero, and the shared programs. */
int nicsw_loader_create(const char *pin_dir, const struct nicsw_meta *meta,
			struct nicsw_error *error);

/* Pins the shared programs of this build in place of those that are pinned, each at once: who opens
 * the pin gets the old or the new one. The old ones go with their last user. */
int nicsw_loader_renew_shared(const char *pin_dir, const struct nicsw_meta *meta,
			      struct nicsw_error *error);

/* A descriptor of what is pinned in pin_dir as name, or a negative errno. */
int nicsw_loader_open_pin(const char *pin_dir, const char *name, struct nicsw_error *error);

/* A descriptor of the program for `slot`, over the maps pinned in pin_dir. */
int nicsw_loader_port_program(const char *pin_dir, const struct nicsw_meta *meta, __u32 slot,
			      struct nicsw_error *error);

/* The same, opened and not yet loaded, for libxdp. The object lives until `use` returns, with what
 * is the result. */
int nicsw_loader_port_object(const char *pin_dir, const struct nicsw_meta *meta, __u32 slot,
			     int (*use)(struct bpf_object *object, void *context), void *context,
			     struct nicsw_error *error);

/* Identifies the program text of this build, to see whether a pinned program is another one. */
__u64 nicsw_loader_program_tag(void);

#endif
