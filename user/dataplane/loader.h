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
#include <nicsw/why.h>

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

/* Before a program that is bound to a device is loaded by other means than these. */
int nicsw_loader_prepare(void);

/* A descriptor of what is pinned in pin_dir as name, or a negative errno. */
int nicsw_loader_open_pin(const char *pin_dir, const char *name, struct nicsw_error *error);

/*
 * A descriptor of the program for `slot`, over the maps pinned in pin_dir. ifindex: of the device
 * in the current network namespace that it is bound to, and the program sees VLAN tags in metadata;
 * 0 = bound to none. Kernels before 6.8, and those without BTF, refuse the bound one.
 */
int nicsw_loader_port_program(const char *pin_dir, const struct nicsw_meta *meta, __u32 slot,
			      __u32 ifindex, struct nicsw_error *error);

/* The same, bound to no device, opened and not yet loaded, for libxdp. The object lives until `use`
 * returns, with what is the result. */
int nicsw_loader_port_object(const char *pin_dir, const struct nicsw_meta *meta, __u32 slot,
			     int (*use)(struct bpf_object *object, void *context), void *context,
			     struct nicsw_error *error);

/* What the kernel can: frames in pieces; several groups in one update of the map that is pinned. */
bool nicsw_loader_has_frags(void);
bool nicsw_loader_has_batch(const char *pin_dir);

/* 0: everything of an adapter is pinned in pin_dir. -ENOENT: not what is called name. */
#define NICSW_PIN_NAME_SIZE 32
int nicsw_loader_missing_pin(const char *pin_dir, char name[NICSW_PIN_NAME_SIZE]);

/* What the programs say of one frame. */
struct nicsw_explained {
	struct nicsw_verdict verdict;
	struct nicsw_counters *counters; /* [slots]: what the frame raised; the caller's memory */
	__u32 length;
	__u8 bytes[NICSW_WHY_FRAME_MAX + 4]; /* as the switch hands it on */
};

/*
 * Runs one frame of NICSW_WHY_FRAME_MIN..NICSW_WHY_FRAME_MAX bytes through the program of `slot`,
 * loaded once more in the form that explains (bpf/explain.bpf.c): over the tables pinned in
 * pin_dir, with counters and meters of its own, which begin at 0.
 */
int nicsw_loader_explain(const char *pin_dir, const struct nicsw_meta *meta, __u32 slot,
			 const __u8 *frame, __u32 length, struct nicsw_explained *ret,
			 struct nicsw_error *error);

/*
 * As nicsw_loader_port_program(), copying frames into a ring: those that come in at or leave by
 * port `slot` of the capture, NICSW_NONE = all; drops: only what is dropped. The maps are borrowed.
 */
struct nicsw_loader_capture {
	__u32 slot;
	__u32 snap; /* NICSW_CAPTURE_SNAP_MIN..MAX */
	bool drops;
	int ring, state, scratch;
};

int nicsw_loader_capture_program(const char *pin_dir, const struct nicsw_meta *meta, __u32 slot,
				 __u32 ifindex, const struct nicsw_loader_capture *capture,
				 struct nicsw_error *error);

/* Identifies the program text of this build, to see whether a pinned program is another one. */
__u64 nicsw_loader_program_tag(void);

#endif
