/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The directory in bpffs where the maps of an adapter are pinned, PIN_ROOT/NAME, and how ours is
 * told from one of another program. Errors: negative errno.
 */
#ifndef NICSW_PF_PINS_H
#define NICSW_PF_PINS_H

#include <limits.h>

#include "core/error.h"

void nicsw_pin_path(const char *pin_root, const char *name, char ret_path[PATH_MAX]);

int nicsw_pins_make(const char *pin_dir, struct nicsw_error *error);
bool nicsw_pins_are_ours(const char *pin_dir);
/* All of it; what is not there is passed over. */
void nicsw_pins_remove(const char *pin_dir);

#endif
