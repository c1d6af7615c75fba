// SPDX-License-Identifier: GPL-2.0-only
/*
 * libxdp's dispatcher with the real program of the uplink on a real netdev. On a machine that
 * refuses BPF programs of type EXT it must say so and leave the netdev as it was; there the test of
 * a dispatcher that works is skipped.
 */
#include <criterion/criterion.h>
#include <sched.h>
#include <sys/stat.h>

#include "core/link.h"
#include "dataplane/sharing.h"
#include "pf/pins.h"

#define PIN_ROOT "/sys/fs/bpf"

static struct nicsw_ports ports = {.adapter = "test", .switch_netns = -1};
static struct nicsw_meta meta = {.magic = NICSW_META_MAGIC, .layout_version = NICSW_LAYOUT_VERSION};
static struct nicsw_sharer sharer = {.ports = &ports, .meta = &meta};
static struct nicsw_error error;

/* A veth pair in a namespace of this process, and the maps of an adapter. */
static void start(void)
{
	const struct nicsw_mapset_sizes sizes = {4, 16};
	const struct nicsw_veth veth = {
		.name = "wire", .peer_name = "far", .peer_netns = -1, .mtu = 1500, .queues = 1};
	struct nicsw_link link;

	if (geteuid() || access(PIN_ROOT, W_OK) || unshare(CLONE_NEWNET))
		cr_skip_test("needs root and bpffs at " PIN_ROOT);
	snprintf(ports.pin_dir, sizeof(ports.pin_dir), PIN_ROOT "/nicsw-p%d", getpid());
	nicsw_loader_keep_warnings();
	nicsw_mapset_describe(&meta, &sizes);
	cr_assert_eq(nicsw_pins_make(ports.pin_dir, &error), 0, "%s", error.text);
	cr_assert_eq(nicsw_loader_create(ports.pin_dir, &meta, &error), 0, "%s", error.text);
	cr_assert_eq(nicsw_link_create_veth(&veth), 0);
	cr_assert_eq(nicsw_link_get("wire", 0, &link), 0);
	sharer.ifindex = link.ifindex;
}

static void stop(void)
{
	if (*ports.pin_dir)
		nicsw_pins_remove(ports.pin_dir);
}

/* Who skips a test skips its end, too. */
static void skip(const char *why)
{
	stop();
	cr_skip_test("%s", why);
}

TestSuite(dispatcher, .init = start, .fini = stop);

static struct nicsw_hook look(void)
{
	struct nicsw_hook hook = {.occupant = NICSW_OCCUPANT_SINGLE};

	cr_expect_eq(nicsw_dispatcher.look(sharer.ifindex, &hook), 0);
	return hook;
}

static int find(__u32 ids[NICSW_DISPATCHER_PROGRAMS])
{
	return nicsw_dispatcher.find(&sharer, ids);
}

Test(dispatcher, nobody_is_there)
{
	__u32 ids[NICSW_DISPATCHER_PROGRAMS];

	cr_expect_eq(look().occupant, NICSW_OCCUPANT_NONE);
	cr_expect_eq(find(ids), 0);
	cr_expect_eq(nicsw_dispatcher.detach(sharer.ifindex, 1), -ENOENT);
}

/* The program of an adapter that has the hook for itself is known by its name. */
Test(dispatcher, a_link_of_ours_is_known)
{
	struct nicsw_attached attached;
	__u32 ids[NICSW_DISPATCHER_PROGRAMS];

	setenv("LIBXDP_SKIP_DISPATCHER", "1", 1);
	cr_assert_eq(nicsw_port_attach_programs(&ports, &meta, NICSW_SLOT_UPLINK, sharer.ifindex,
						"uplink", &attached, &error),
		     0, "%s", error.text);
	cr_expect_eq(look().occupant, NICSW_OCCUPANT_SWITCH);
	cr_expect(!look().generic);
	cr_expect_eq(find(ids), 0); /* none behind a dispatcher */
}

/* Asked all the same, libxdp would leave a single program, which is not what we want. */
Test(dispatcher, does_not_fall_back_by_itself)
{
	setenv("LIBXDP_SKIP_DISPATCHER", "1", 1);
	cr_expect(!nicsw_dispatcher.possible());
	cr_expect_eq(nicsw_dispatcher.attach(&sharer, false, &error), -ENOSYS);
	cr_expect_eq(look().occupant, NICSW_OCCUPANT_NONE);
}

Test(dispatcher, without_ext_it_says_so)
{
	if (nicsw_dispatcher.possible())
		skip("BPF programs of type EXT can be loaded here");
	cr_expect_eq(nicsw_dispatcher.attach(&sharer, false, &error), -ENOSYS);
	cr_expect_eq(look().occupant, NICSW_OCCUPANT_NONE);
}

Test(dispatcher, attach_upgrade_detach)
{
	__u32 old[NICSW_DISPATCHER_PROGRAMS], new[NICSW_DISPATCHER_PROGRAMS];
	bool generic = true;

	if (!nicsw_dispatcher.possible())
		skip("missing: BPF program type EXT");
	cr_assert_eq(nicsw_sharing_attach(&nicsw_dispatcher, &sharer, &generic, &error), 0, "%s",
		     error.text);
	cr_expect(!generic);
	cr_expect_eq(look().occupant, NICSW_OCCUPANT_SWITCH);
	cr_assert_eq(find(old), 1);
	cr_assert_eq(nicsw_sharing_upgrade(&nicsw_dispatcher, &sharer, &error), 0, "%s",
		     error.text);
	cr_assert_eq(find(new), 1);
	cr_expect_neq(old[0], new[0]);
	nicsw_sharing_detach(&nicsw_dispatcher, &sharer);
	cr_expect_eq(look().occupant, NICSW_OCCUPANT_NONE);
}
