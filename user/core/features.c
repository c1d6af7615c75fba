// SPDX-License-Identifier: GPL-2.0-only
#include "core/features.h"

#include <linux/ethtool.h>
#include <linux/sockios.h>
#include <net/if.h>
#include <sys/ioctl.h>
#include <sys/socket.h>

static int ethtool(const char *ifname, void *command)
{
	_cleanup_close_ int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	struct ifreq request = {.ifr_data = command};

	int result;

	if (fd < 0)
		return -errno;
	snprintf(request.ifr_name, sizeof(request.ifr_name), "%s", ifname);
	result = ioctl(fd, SIOCETHTOOL, &request);
	if (result < 0)
		return -errno;
	/* ETHTOOL_SFEATURES tells with a positive result that it did not do all. */
	return result & (ETHTOOL_F_UNSUPPORTED | ETHTOOL_F_WISH) ? -EOPNOTSUPP : 0;
}

static int count_features(const char *ifname)
{
	struct {
		struct ethtool_sset_info info;
		__u32 length;
	} sset = {.info = {.cmd = ETHTOOL_GSSET_INFO, .sset_mask = 1ull << ETH_SS_FEATURES}};
	int result = ethtool(ifname, &sset);

	return result ? result : (int)sset.length;
}

static int get_names(const char *ifname, struct ethtool_gstrings **ret)
{
	_cleanup_free_ struct ethtool_gstrings *names = NULL;
	int count = count_features(ifname);
	int result;

	if (count <= 0)
		return count ? count : -EOPNOTSUPP;
	names = calloc(1, sizeof(*names) + count * ETH_GSTRING_LEN);
	if (!names)
		return -ENOMEM;
	names->cmd = ETHTOOL_GSTRINGS;
	names->string_set = ETH_SS_FEATURES;
	names->len = count;
	result = ethtool(ifname, names);
	if (result)
		return result;
	*ret = TAKE_PTR(names);
	return 0;
}

static int find_feature(const struct ethtool_gstrings *names, const char *name)
{
	__u32 i;

	for (i = 0; i < names->len; i++)
		if (strncmp((const char *)names->data + i * ETH_GSTRING_LEN, name,
			    ETH_GSTRING_LEN) == 0)
			return i;
	return -ENOENT;
}

int nicsw_features_set(const char *ifname, const struct nicsw_feature *features, size_t count)
{
	_cleanup_free_ struct ethtool_gstrings *names = NULL;
	_cleanup_free_ struct ethtool_sfeatures *request = NULL;
	size_t i;
	int result = get_names(ifname, &names);

	if (result)
		return result;
	request =
		calloc(1, sizeof(*request) + (names->len + 31) / 32 * sizeof(request->features[0]));
	if (!request)
		return -ENOMEM;
	request->cmd = ETHTOOL_SFEATURES;
	request->size = (names->len + 31) / 32;
	for (i = 0; i < count; i++) {
		int bit = find_feature(names, features[i].name);

		if (bit < 0)
			continue;
		request->features[bit / 32].valid |= 1u << (bit % 32);
		if (features[i].on)
			request->features[bit / 32].requested |= 1u << (bit % 32);
	}
	return ethtool(ifname, request);
}

static int get_features(const char *ifname, const struct ethtool_gstrings *names,
			struct ethtool_gfeatures **ret)
{
	size_t blocks = (names->len + 31) / 32;
	_cleanup_free_ struct ethtool_gfeatures *request =
		calloc(1, sizeof(*request) + blocks * sizeof(request->features[0]));
	int result;

	if (!request)
		return -ENOMEM;
	request->cmd = ETHTOOL_GFEATURES;
	request->size = blocks;
	result = ethtool(ifname, request);
	if (result)
		return result;
	*ret = TAKE_PTR(request);
	return 0;
}

static bool is_active(const struct ethtool_gfeatures *features, int bit)
{
	return features->features[bit / 32].active >> (bit % 32) & 1;
}

int nicsw_feature_get(const char *ifname, const char *name)
{
	_cleanup_free_ struct ethtool_gstrings *names = NULL;
	_cleanup_free_ struct ethtool_gfeatures *active = NULL;
	int bit, result = get_names(ifname, &names);

	if (result)
		return result;
	bit = find_feature(names, name);
	if (bit < 0)
		return 0;
	result = get_features(ifname, names, &active);
	return result ? result : is_active(active, bit);
}

int nicsw_features_compare(const char *ifname, const struct nicsw_feature *features, size_t count,
			   __u32 *ret_different)
{
	_cleanup_free_ struct ethtool_gstrings *names = NULL;
	_cleanup_free_ struct ethtool_gfeatures *active = NULL;
	__u32 different = 0;
	size_t i;
	int bit, result = get_names(ifname, &names);

	if (!result)
		result = get_features(ifname, names, &active);
	if (result)
		return result;
	for (i = 0; i < count; i++) {
		bit = find_feature(names, features[i].name);
		if (bit >= 0 && is_active(active, bit) != features[i].on)
			different |= 1u << i;
	}
	*ret_different = different;
	return 0;
}

int nicsw_rx_queues(const char *ifname)
{
	struct ethtool_channels channels = {.cmd = ETHTOOL_GCHANNELS};
	int result = ethtool(ifname, &channels);

	return result ? result : (int)(channels.rx_count + channels.combined_count);
}
