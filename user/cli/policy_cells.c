// SPDX-License-Identifier: GPL-2.0-only
#include "cli/policy_cells.h"

#include <stdarg.h>

#include "core/text.h"
#include "core/vlan_list.h"

#define WORDS_SIZE (NICSW_VLAN_LIST_TEXT + 256)

static const char *const link_names[] = {
	[NICSW_LINK_AUTO] = "auto",
	[NICSW_LINK_ENABLE] = "enable",
	[NICSW_LINK_DISABLE] = "disable",
};

static const char *link_name(__u32 link)
{
	return link < ARRAY_SIZE(link_names) ? link_names[link] : "unknown";
}

__attribute__((format(printf, 2, 3))) static void add_word(char words[WORDS_SIZE],
							   const char *format, ...)
{
	size_t used = strlen(words);
	va_list arguments;

	if (used && used + 1 < WORDS_SIZE)
		words[used++] = ' ';
	va_start(arguments, format);
	vsnprintf(words + used, WORDS_SIZE - used, format, arguments);
	va_end(arguments);
}

static void add_vlan_words(char words[WORDS_SIZE], const struct nicsw_policy *policy)
{
	char list[NICSW_VLAN_LIST_TEXT];

	if (policy->vlan)
		add_word(words, "vlan %u", policy->vlan & ~NICSW_VLAN_SERVICE);
	if (policy->qos)
		add_word(words, "qos %u", policy->qos);
	if (policy->vlan & NICSW_VLAN_SERVICE)
		add_word(words, "proto 802.1ad");
	if (policy->flags & NICSW_POLICY_TRUNK)
		add_word(words, "trunk %s", nicsw_format_vlan_list(policy->trunk, list));
}

/* What `vf set` would be told to make it so. */
static void add_words(char words[WORDS_SIZE], const struct nicsw_policy *policy)
{
	add_vlan_words(words, policy);
	if (policy->min_tx_rate)
		add_word(words, "min_tx_rate %u", policy->min_tx_rate);
	if (policy->max_tx_rate)
		add_word(words, "max_tx_rate %u", policy->max_tx_rate);
	if (policy->flags & NICSW_POLICY_SPOOF_OFF)
		add_word(words, "spoofchk off");
	if (policy->flags & NICSW_POLICY_TRUST)
		add_word(words, "trust on");
	if (policy->link != NICSW_LINK_AUTO)
		add_word(words, "state %s", link_name(policy->link));
	if (policy->flags & NICSW_POLICY_ISOLATED)
		add_word(words, "isolated on");
	if (policy->storm)
		add_word(words, "storm %u", policy->storm);
	if (policy->mtu)
		add_word(words, "mtu %u", policy->mtu);
}

static void text_or_null(struct nicsw_out *out, bool given, const char *text)
{
	if (given)
		nicsw_out_text(out, text);
	else
		nicsw_out_null(out);
}

static void number_or_null(struct nicsw_out *out, uint64_t number)
{
	if (number)
		nicsw_out_number(out, number);
	else
		nicsw_out_null(out);
}

static void vlan_cells(struct nicsw_out *out, const struct nicsw_policy *policy)
{
	bool service = policy->vlan & NICSW_VLAN_SERVICE;
	char list[NICSW_VLAN_LIST_TEXT];

	number_or_null(out, policy->vlan & ~NICSW_VLAN_SERVICE);
	nicsw_out_number(out, policy->qos);
	text_or_null(out, policy->vlan, service ? "802.1ad" : "802.1Q");
	text_or_null(out, policy->flags & NICSW_POLICY_TRUNK,
		     nicsw_format_vlan_list(policy->trunk, list));
}

void nicsw_policy_cells(struct nicsw_out *out, const struct nicsw_policy *policy)
{
	static const __u8 none[NICSW_MAC_SIZE];
	char words[WORDS_SIZE] = "";
	char mac[NICSW_MAC_TEXT];

	add_words(words, policy);
	text_or_null(out, *words, words);
	vlan_cells(out, policy);
	number_or_null(out, policy->min_tx_rate);
	number_or_null(out, policy->max_tx_rate);
	nicsw_out_bool(out, !(policy->flags & NICSW_POLICY_SPOOF_OFF));
	nicsw_out_bool(out, policy->flags & NICSW_POLICY_TRUST);
	nicsw_out_text(out, link_name(policy->link));
	nicsw_out_bool(out, policy->flags & NICSW_POLICY_ISOLATED);
	number_or_null(out, policy->storm);
	number_or_null(out, policy->mtu);
	text_or_null(out, memcmp(policy->mac, none, sizeof(none)),
		     nicsw_format_mac(policy->mac, mac));
}
