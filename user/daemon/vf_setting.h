/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What `vf set` names, put over the policy that a VF has: the parts that are not named stay.
 * Whether the whole makes sense is the PF's question (pf/policy.h).
 */
#ifndef NICSW_DAEMON_VF_SETTING_H
#define NICSW_DAEMON_VF_SETTING_H

#include <nicsw/wire.h>

void nicsw_vf_setting_merge(const struct nicsw_vf_setting *setting, struct nicsw_policy *policy);

#endif
