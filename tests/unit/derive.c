// SPDX-License-Identifier: GPL-2.0-only
/* What the switch programs must see, for the states that records and registers can have. */
#include "dataplane/derive.h"

#include "tests/unit/dataplane_fixture.h"

TestSuite(derive, .init = fixture_open, .fini = fixture_close);

#define OPEN   NICSW_PORT_OPEN
#define READY  NICSW_PORT_READY
#define SPOOF  (NICSW_PORT_SPOOF_CHECK | NICSW_PORT_PLAIN) /* the default policy */
#define NATIVE NICSW_PORT_UNTAGGED                         /* one filter of VID 0 is on the VPort */
#define DIRECT (NICSW_PORT_DIRECTED | NICSW_PORT_PEERS)
#define GROUP  NICSW_PORT_GROUP

static struct nicsw_port derived;
static struct nicsw_vlan_set vlans;

static void derive(__u32 slot)
{
	struct nicsw_change view;

	nicsw_change_begin(&view, dataplane, "view");
	nicsw_derive_port(&view, slot, &derived, &vlans);
}

static bool is_zero(const void *bytes, size_t length)
{
	const __u8 *byte = bytes;
	size_t i;

	for (i = 0; i < length; i++)
		if (byte[i])
			return false;
	return true;
}

/* ---- uplink and PF ---- */

Test(derive, LC_SW_1_nothing_passes_without_a_switch)
{
	derive(NICSW_SLOT_UPLINK);
	cr_expect(is_zero(&derived, sizeof(derived)));
	derive(NICSW_SLOT_PF);
	cr_expect(is_zero(&derived, sizeof(derived)));
}

Test(derive, RXQ_24_uplink_and_pf_take_what_no_filter_matches)
{
	const __u32 flags = OPEN | READY | DIRECT | GROUP | NICSW_PORT_UNMATCHED | NICSW_PORT_PLAIN;

	fixture_vfs(0);
	derive(NICSW_SLOT_UPLINK);
	cr_expect_eq(derived.flags, flags);
	cr_expect_eq(derived.access_vid, 0);
	cr_expect_eq(derived.max_frame, 1518);
	cr_expect_eq(derived.station, 0);
	derive(NICSW_SLOT_PF);
	cr_expect_eq(derived.flags, flags);
	cr_expect_eq(derived.access_vid, 0);
	cr_expect_eq(derived.station, nicsw_key(dataplane->maps.meta->pf_mac, 0));
}

/* FWD-20: they are in every VLAN, and so in the set of none. */
Test(derive, FWD_20_uplink_and_pf_have_no_vlan_set)
{
	fixture_vfs(1);
	CHANGE(edit_filter(&change, 1, 0, 0x30, 10));
	derive(NICSW_SLOT_UPLINK);
	cr_expect(is_zero(&vlans, sizeof(vlans)));
	derive(NICSW_SLOT_PF);
	cr_expect(is_zero(&vlans, sizeof(vlans)));
	cr_expect_eq(derived.access_vid, 0);
}

/* ---- VFs ---- */

/* A VF with VPort, netdev, driver and one filter, but for what the row says. */
struct vf_row {
	const char *what;
	__u32 without; /* WITHOUT_* */
	__u32 flags;   /* NICSW_VF_*, beside ATTACHED */
	__u32 packet_filter;
	__u32 power, pf_power;
	__u32 wanted;
};

enum without {
	WITHOUT_VF = 1 << 0,
	WITHOUT_VPORT = 1 << 1,
	WITHOUT_NETDEV = 1 << 2,
	WITHOUT_BUS_MASTER = 1 << 3,
	WITHOUT_FILTER = 1 << 4,
	WITHOUT_ACTIVATION = 1 << 5,
};

#define D0       NICSW_D0
#define D3       NICSW_D3
#define NO_RESET 0
#define ALL      ALL_TRAFFIC
#define CLOSED   (SPOOF | READY | DIRECT | GROUP)
#define QUIET    (SPOOF | NATIVE | OPEN | DIRECT | GROUP)
#define BOTH     (SPOOF | NATIVE | OPEN | READY)

#define TYPE(name) NDIS_PACKET_TYPE_##name

static const struct vf_row vf_rows[] = {
	{"all is there", 0, 0, ALL, D0, D0, BOTH | DIRECT | GROUP},
	{"LC-VF-2: not allocated", WITHOUT_VF, 0, ALL, D0, D0, 0},
	{"LC-VF-3: no VPort", WITHOUT_VPORT, 0, ALL, D0, D0, 0},
	{"FLOW-7: no filter", WITHOUT_FILTER, 0, ALL, D0, D0, CLOSED},
	{"FLOW-7: not Activated", WITHOUT_ACTIVATION, 0, ALL, D0, D0, CLOSED | NATIVE},
	{"FWD-14: no netdev", WITHOUT_NETDEV, 0, ALL, D0, D0, QUIET},
	{"FWD-14: in reset", 0, NICSW_VF_RESETTING, ALL, D0, D0, QUIET},
	{"FWD-14: netdev lost", 0, NICSW_VF_LOST, ALL, D0, D0, QUIET},
	{"PCI-25: no Bus Master", WITHOUT_BUS_MASTER, 0, ALL, D0, D0, QUIET},
	{"PCI-102: D3", 0, 0, ALL, D3, D0, QUIET},
	{"PCI-101: PF in D3", 0, 0, ALL, D0, D3, QUIET},
	{"RXQ-20: no driver", 0, 0, 0, D0, D0, SPOOF | NATIVE | OPEN},
	{"RXQ-22: station only", 0, 0, TYPE(DIRECTED), D0, D0, BOTH | DIRECT},
	{"RXQ-22: group only", 0, 0, TYPE(BROADCAST) | TYPE(ALL_MULTICAST), D0, D0, BOTH | GROUP},
	{"RXQ-22: broadcast only", 0, 0, TYPE(BROADCAST), D0, D0, BOTH | NICSW_PORT_BROADCAST},
	{"RXQ-22: multicast only", 0, 0, TYPE(ALL_MULTICAST), D0, D0, BOTH | NICSW_PORT_MULTICAST},
	{"RXQ-23: promiscuous is everything of its own, and no more", 0, 0, TYPE(PROMISCUOUS), D0,
	 D0, BOTH | DIRECT | GROUP},
};

static void set_power(struct nicsw_change *change, __u32 function, __u32 power)
{
	cr_assert_eq(nicsw_function_set_power(&adapter.device, function,
					      nicsw_change_config(change, function), power, false),
		     0);
}

static void edit_row(struct nicsw_change *change, const struct vf_row *row)
{
	edit_vf(change, 0);
	edit_attach(change, 0);
	edit_vport(change, 1, 0,
		   row->without & WITHOUT_ACTIVATION ? NdisNicSwitchVPortStateDeactivated
						     : NdisNicSwitchVPortStateActivated);
	edit_filter(change, 1, 1, 0x10, 0);
	nicsw_change_vf(change, 0)->flags |= row->flags;
	nicsw_change_vf(change, 0)->packet_filter = row->packet_filter;
	set_power(change, 0, row->power);
	set_power(change, NICSW_FUNCTION_PF, row->pf_power);
	if (row->without & WITHOUT_VF)
		nicsw_change_vf(change, 0)->state = NICSW_FREE;
	if (row->without & WITHOUT_VPORT)
		edit_vport_delete(change, 1);
	if (row->without & WITHOUT_NETDEV)
		nicsw_change_vf(change, 0)->flags &= ~NICSW_VF_ATTACHED;
	if (row->without & WITHOUT_BUS_MASTER)
		nicsw_function_set_bus_master(&adapter.device, 0, nicsw_change_config(change, 0),
					      false);
	if (row->without & WITHOUT_FILTER)
		edit_clear(change, 1);
}

Test(derive, states_of_a_vf)
{
	const __u32 slot = NICSW_SLOT_VF(0);
	size_t i;

	fixture_vfs(0);
	for (i = 0; i < ARRAY_SIZE(vf_rows); i++) {
		struct nicsw_change change;

		nicsw_change_begin(&change, dataplane, "row");
		edit_row(&change, &vf_rows[i]);
		/* As the change would make it, and as it is once it is made. */
		nicsw_derive_port(&change, slot, &derived, &vlans);
		cr_expect_eq(derived.flags, vf_rows[i].wanted, "%s: %#x instead of %#x",
			     vf_rows[i].what, derived.flags, vf_rows[i].wanted);
		cr_assert_eq(nicsw_change_commit(&change, NULL), 0);
		cr_expect_eq(dataplane->maps.ports[slot].flags, vf_rows[i].wanted, "%s: port %#x",
			     vf_rows[i].what, dataplane->maps.ports[slot].flags);
	}
}

Test(derive, FWD_32_a_vf_is_checked_for_its_own_address)
{
	fixture_vfs(2);
	derive(NICSW_SLOT_VF(1));
	cr_expect_eq(derived.station, fixture_key(0x11, 0));
	cr_expect_eq(derived.flags & SPOOF, SPOOF);
	cr_expect_eq(derived.max_frame, 1518);
}

/* FWD-32: the current address, not the permanent one. */
Test(derive, FWD_32_current_address)
{
	fixture_vfs(1);
	CHANGE(fixture_mac(nicsw_change_vf(&change, 0)->permanent_mac, 0x77));
	derive(NICSW_SLOT_VF(0));
	cr_expect_eq(derived.station, fixture_key(0x10, 0));
}

Test(derive, a_port_is_closed_by_being_zero)
{
	fixture_vfs(1);
	derive(NICSW_SLOT_VF(3));
	cr_expect(is_zero(&derived, sizeof(derived)));
	cr_expect(is_zero(&vlans, sizeof(vlans)));
}

/* ---- VLANs ---- */

struct vlan_row {
	const char *what;
	__u16 vlans[4]; /* of the filters of VPort 1, up to 0xffff */
	__u16 access_vid;
};

#define END 0xffff

static const struct vlan_row vlan_rows[] = {
	{"no filter", {END}, 0},
	{"untagged", {0, END}, 0},
	{"MATCH-14: one VLAN is an access port", {10, END}, 10},
	{"MATCH-14: the highest VLAN", {4094, END}, 4094},
	{"MATCH-14: all filters of the same VLAN", {10, 10, 10, END}, 10},
	{"two VLANs are a trunk", {10, 20, END}, 0},
	{"untagged and a VLAN are a trunk", {0, 10, END}, 0},
	{"a VLAN and untagged are a trunk", {10, 0, END}, 0},
};

static void expect_vlans(const struct vlan_row *row)
{
	bool wanted[NICSW_VLANS] = {};
	__u32 vid, i, filters = 0, different = 0;

	for (i = 0; row->vlans[i] != END; i++) {
		different += !wanted[row->vlans[i]];
		wanted[row->vlans[i]] = true;
		filters++;
	}
	for (vid = 0; vid < NICSW_VLANS; vid++)
		cr_assert_eq(nicsw_vlan_set_has(&vlans, vid), wanted[vid], "%s: VLAN %u", row->what,
			     vid);
	cr_expect_eq(vlans.num_filters, filters, "%s", row->what);
	cr_expect_eq(vlans.num_vlans, different, "%s", row->what);
	cr_expect_eq(!!(derived.flags & NATIVE), wanted[0], "%s: FWD-33", row->what);
	for (vid = 0; vid < NICSW_VLANS && !wanted[vid]; vid++)
		continue;
	cr_expect_eq(vlans.lowest, filters ? vid : 0, "%s", row->what);
	cr_expect_eq(derived.access_vid, row->access_vid, "%s: access %u", row->what,
		     derived.access_vid);
}

/* FWD-23 */
Test(derive, FWD_23_vlan_set_and_access_vlan)
{
	size_t i;
	__u32 j;

	fixture_vfs(2);
	CHANGE(edit_filter(&change, 20, 2, 0x50, 30)); /* of another VPort */
	for (i = 0; i < ARRAY_SIZE(vlan_rows); i++) {
		const struct vlan_row *row = &vlan_rows[i];

		for (j = 0; row->vlans[j] != END; j++)
			CHANGE(edit_filter(&change, 1 + j, 1, 0x20 + j, row->vlans[j]));
		derive(NICSW_SLOT_VF(0));
		expect_vlans(row);
		while (j--)
			CHANGE(edit_clear(&change, 1 + j));
	}
}

/* The records as they will be: kept, edited, moved away, moved here, cleared, new. */
Test(derive, FWD_23_a_change_shows_the_vlans_after_it)
{
	static const struct vlan_row wanted = {"after", {11, 21, 40, END}, 0};
	struct nicsw_change change;

	fixture_vfs(2);
	CHANGE(edit_filter(&change, 1, 1, 0x20, 10), edit_filter(&change, 2, 1, 0x21, 11),
	       edit_filter(&change, 3, 1, 0x22, 12), edit_filter(&change, 4, 1, 0x23, 13),
	       edit_filter(&change, 5, 2, 0x24, 21));
	nicsw_change_begin(&change, dataplane, "edit");
	edit_clear(&change, 1);
	edit_move(&change, 3, 2);
	edit_filter(&change, 4, 1, 0x23, 40);
	edit_move(&change, 5, 1);
	nicsw_derive_port(&change, NICSW_SLOT_VF(0), &derived, &vlans);
	expect_vlans(&wanted);
}

/* ---- filter table ---- */

static bool entry_of(__u32 filter, __u64 *key, __u32 *slot)
{
	struct nicsw_change view;

	nicsw_change_begin(&view, dataplane, "view");
	struct nicsw_derived_entry entries[NICSW_DERIVED_ENTRIES];

	if (!nicsw_derive_entries(&view, filter, entries))
		return false;
	*key = entries[0].key;
	*slot = entries[0].slot;
	return true;
}

static void expect_no_entry(__u32 filter)
{
	__u64 key = 77;
	__u32 slot = 78;

	cr_expect_not(entry_of(filter, &key, &slot));
	cr_expect_eq(key, 77, "outputs are untouched");
	cr_expect_eq(slot, 78, "outputs are untouched");
}

Test(derive, entry_is_mac_vlan_and_slot)
{
	__u64 key;
	__u32 slot;

	fixture_vfs(2);
	CHANGE(edit_filter(&change, 7, 2, 0x20, 10), edit_filter(&change, 8, 0, 0x21, 0));
	cr_assert(entry_of(7, &key, &slot));
	cr_expect_eq(key, fixture_key(0x20, 10));
	cr_expect_eq(slot, NICSW_SLOT_VF(1));
	cr_assert(entry_of(8, &key, &slot));
	cr_expect_eq(key, fixture_key(0x21, 0));
	cr_expect_eq(slot, NICSW_SLOT_PF);
	expect_no_entry(9);
}

/* FWD-9: a VPort of the PF other than the default one */
Test(derive, FWD_9_filters_of_pf_vports_lead_to_their_own_port)
{
	__u64 key;
	__u32 slot;

	fixture_vfs(0);
	CHANGE(edit_vport(&change, 3, NICSW_FUNCTION_PF, NdisNicSwitchVPortStateActivated),
	       nicsw_change_vport(&change, 3)->pf_vport = 2, edit_filter(&change, 1, 3, 0x20, 0));
	cr_assert(entry_of(1, &key, &slot));
	cr_expect_eq(slot, NICSW_SLOT_PF_VPORT(FIXTURE_VFS, 2));
}

Test(derive, FWD_13_no_entry_without_activation)
{
	fixture_vfs(0);
	CHANGE(edit_vport(&change, 3, NICSW_FUNCTION_PF, NdisNicSwitchVPortStateDeactivated),
	       edit_filter(&change, 1, 3, 0x20, 0));
	expect_no_entry(1);
}

Test(derive, FWD_20_a_group_address_steers_nothing)
{
	fixture_vfs(1);
	CHANGE(edit_filter(&change, 1, 1, 0x20, 0), nicsw_change_filter(&change, 1)->mac[0] = 0x01);
	expect_no_entry(1);
	derive(NICSW_SLOT_VF(0));
	cr_expect(derived.flags & OPEN, "FLOW-7: it is a filter all the same");
}

/* A damaged record is an index into maps no more than it is a slot. */
Test(derive, damaged_records_lead_nowhere)
{
	struct nicsw_mapset *maps = &dataplane->maps;

	fixture_vfs(1);
	CHANGE(edit_filter(&change, 1, 1, 0x20, 0));
	maps->filters[1].vport_id = NICSW_VPORTS(FIXTURE_VFS);
	expect_no_entry(1);
	maps->filters[1].vport_id = 1;
	maps->filters[1].vlan = 4095;
	expect_no_entry(1);
	derive(NICSW_SLOT_VF(0));
	cr_expect(is_zero(&vlans, sizeof(vlans)));
	maps->filters[1].vlan = 0;
	maps->vports[1].function = FIXTURE_VFS;
	expect_no_entry(1);
	maps->vports[1].function = NICSW_FUNCTION_PF;
	maps->vports[1].pf_vport = NICSW_PF_VPORTS;
	expect_no_entry(1);
}

static bool station(__u64 *key)
{
	struct nicsw_change view;

	nicsw_change_begin(&view, dataplane, "view");
	return nicsw_derive_station(&view, key);
}

Test(derive, station_is_the_address_of_the_pf)
{
	__u64 key = 77;

	cr_expect_not(station(&key), "LC-SW-1: no switch, no default VPort");
	cr_expect_eq(key, 77);
	fixture_vfs(0);
	cr_assert(station(&key));
	cr_expect_eq(key, nicsw_key(dataplane->maps.meta->pf_mac, 0));
}

Test(derive, GEN_22_the_station_takes_no_filter_away)
{
	__u64 key;

	fixture_vfs(1);
	CHANGE(edit_filter(&change, 1, 1, 0x20, 0), edit_filter(&change, 2, 1, 0x21, 5));
	CHANGE(fixture_mac(nicsw_change_meta(&change)->pf_mac, 0x20));
	cr_expect_not(station(&key));
	CHANGE(fixture_mac(nicsw_change_meta(&change)->pf_mac, 0x21));
	cr_expect(station(&key), "the filter is one of another VLAN");
}

/* ---- slots of VPorts ---- */

Test(derive, slot_of_a_vport)
{
	struct nicsw_change change;

	fixture_vfs(1);
	nicsw_change_begin(&change, dataplane, "view");
	cr_expect_eq(nicsw_derive_vport_slot(&change, 0), NICSW_SLOT_PF);
	cr_expect_eq(nicsw_derive_vport_slot(&change, 1), NICSW_SLOT_VF(0));
	cr_expect_eq(nicsw_derive_vport_slot(&change, 2), NICSW_NONE);
	cr_expect_eq(nicsw_derive_vport_slot(&change, NICSW_VPORTS(FIXTURE_VFS)), NICSW_NONE);
	edit_vport_delete(&change, 1);
	cr_expect_eq(nicsw_derive_vport_slot(&change, 1), NICSW_NONE);
}

/* A VF's VPort need not have the number that it had, nor stay where it was. */
Test(derive, LC_VF_3_a_vf_follows_its_vport)
{
	struct nicsw_change change;

	fixture_vfs(1);
	CHANGE(edit_filter(&change, 1, 1, 0x20, 10));
	nicsw_change_begin(&change, dataplane, "swap");
	edit_vport_delete(&change, 1);
	nicsw_derive_port(&change, NICSW_SLOT_VF(0), &derived, &vlans);
	cr_expect_eq(derived.flags, 0);
	edit_vport(&change, 4, 0, NdisNicSwitchVPortStateActivated);
	edit_filter(&change, 2, 4, 0x21, 20);
	nicsw_derive_port(&change, NICSW_SLOT_VF(0), &derived, &vlans);
	cr_expect(derived.flags & OPEN);
	cr_expect_eq(derived.access_vid, 20);
}

/* ---- flood groups ---- */

static void open_port(__u32 slot, __u32 flags)
{
	dataplane->maps.ports[slot].flags = flags;
}

static void join(__u32 slot, __u32 vid)
{
	__u32 words = dataplane->maps.meta->slot_words;

	dataplane->maps.vlan_members[vid * words + slot / 64] |= 1ull << (slot % 64);
}

struct group_row {
	const char *what;
	__u32 flags; /* of VF 0, which is in VLAN 10 */
	bool member;
};

static const struct group_row group_rows[] = {
	{"takes group frames", OPEN | READY | GROUP, true},
	{"FLOW-7: closed", READY | GROUP, false},
	{"FWD-14: not ready", OPEN | GROUP, false},
	{"FWD-21: its packet filter refuses", OPEN | READY | DIRECT, false},
};

/* FWD-20: uplink and default VPort are in every group; FWD-21: VFs by VLAN and packet filter. */
Test(derive, FWD_21_members_of_a_flood_group)
{
	struct nicsw_slot_set members;
	size_t i;

	fixture_vfs(0);
	join(NICSW_SLOT_VF(0), 10);
	join(NICSW_SLOT_VF(1), 20);
	open_port(NICSW_SLOT_VF(1), OPEN | READY | GROUP);
	for (i = 0; i < ARRAY_SIZE(group_rows); i++) {
		const struct group_row *row = &group_rows[i];

		open_port(NICSW_SLOT_VF(0), row->flags);
		cr_expect_eq(nicsw_derive_flood(&dataplane->maps, 10, &members), row->member, "%s",
			     row->what);
		cr_expect_eq(members.words[0], row->member ? 0x7 : 0x3, "%s: %#llx", row->what,
			     members.words[0]);
	}
	cr_expect(nicsw_derive_flood(&dataplane->maps, 20, &members));
	cr_expect_eq(members.words[0], 0xb);
}

Test(derive, FWD_20_the_base_group)
{
	struct nicsw_slot_set members;

	nicsw_derive_flood(&dataplane->maps, NICSW_FLOOD_BASE, &members);
	cr_expect(is_zero(&members, sizeof(members)), "LC-SW-1: no switch");
	fixture_vfs(0);
	join(NICSW_SLOT_VF(0), 10);
	open_port(NICSW_SLOT_VF(0), OPEN | READY | GROUP);
	cr_expect_not(nicsw_derive_flood(&dataplane->maps, NICSW_FLOOD_BASE, &members));
	cr_expect_eq(members.words[0], 0x3);
}

/* Members that are no slots: a damaged map does not lead behind the ports. */
Test(derive, members_beyond_the_last_slot_are_passed_over)
{
	struct nicsw_slot_set members;

	fixture_vfs(0);
	/* The last port is open, and would be one more than there are. */
	open_port(NICSW_SLOTS(FIXTURE_VFS) - 1, OPEN | READY | GROUP);
	dataplane->maps.meta->slots--;
	dataplane->maps.vlan_members[10] = ~0ull << (NICSW_SLOTS(FIXTURE_VFS) - 1);
	cr_expect_not(nicsw_derive_flood(&dataplane->maps, 10, &members));
	cr_expect_eq(members.words[0], 0x3);
	dataplane->maps.meta->slots++;
}

Test(derive, groups_of_more_than_64_slots)
{
	const struct nicsw_mapset_sizes sizes = {NICSW_MAX_VFS, 10};
	struct nicsw_slot_set members;

	fixture_close();
	cr_assert_eq(nicsw_adapter_memory(&sizes, &adapter), 0);
	join(NICSW_SLOT_VF(1023), 4094);
	join(NICSW_SLOT_VF(100), 4094);
	open_port(NICSW_SLOT_VF(1023), OPEN | READY | GROUP);
	open_port(NICSW_SLOT_VF(100), OPEN | READY | GROUP);
	cr_expect(nicsw_derive_flood(&dataplane->maps, 4094, &members));
	cr_expect_eq(members.words[1025 / 64], 1ull << (1025 % 64));
	cr_expect_eq(members.words[102 / 64], 1ull << (102 % 64));
	cr_expect_not(nicsw_derive_flood(&dataplane->maps, 4093, &members));
}
