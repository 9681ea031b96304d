// SPDX-License-Identifier: GPL-2.0
/* Ids of objects: a keyed permutation of 54 bits. */
#include "kernel.h"
#include SOURCE
#include "test.h"

#define OBJECTS (1 << 16)

/* Kernel addresses: the top bits set, aligned to 8 bytes. */
static u64 address(u64 bits)
{
	return 0xfe00000000000000ull | (bits << 3 & ~0xfe00000000000000ull);
}

static int compare(const void *left, const void *right)
{
	u64 a = *(const u64 *)left, b = *(const u64 *)right;

	return (a > b) - (a < b);
}

static u64 id_of(u64 bits)
{
	return sharestat_id((void *)address(bits));
}

static bool all_differ(u64 *ids, size_t count)
{
	qsort(ids, count, sizeof(*ids), compare);
	for (size_t i = 1; i < count; i++)
		if (ids[i] == ids[i - 1])
			return false;
	return true;
}

/* Two objects that differ in one bit or in two: all pairs of bits around a place. */
static void test_near(void)
{
	u64 ids[1 + 54 + 54 * 53 / 2];
	size_t count = 0;
	u64 base = random_number();

	ids[count++] = id_of(base);
	for (int i = 0; i < 54; i++) {
		ids[count++] = id_of(base ^ 1ull << i);
		for (int j = 0; j < i; j++)
			ids[count++] = id_of(base ^ 1ull << i ^ 1ull << j);
	}
	CHECK(all_differ(ids, count), "ids: each of the 54 bits of an address matters");
}

static void test_many(void)
{
	static u64 ids[OBJECTS];
	bool small = true;

	for (size_t i = 0; i < OBJECTS; i++) {
		ids[i] = id_of(i);
		small &= ids[i] < 1ull << 54;
	}
	CHECK(all_differ(ids, OBJECTS), "ids: neighbours never have one id");
	CHECK(small, "ids: they have 54 bits");
	for (size_t i = 0; i < OBJECTS; i++)
		ids[i] = id_of((u64)i << 27 | 5);
	CHECK(all_differ(ids, OBJECTS), "ids: nor have objects that differ in their upper half");
}

static void test_key(void)
{
	size_t same = 0, equal_halves = 0;
	u64 before[256];

	for (size_t i = 0; i < 256; i++)
		before[i] = id_of(i << 20);
	for (size_t i = 0; i < 256; i++)
		same += before[i] != id_of(i << 20);
	CHECK(!same, "ids: the same as long as the module is loaded");
	sharestat_ids_init();
	for (size_t i = 0; i < 256; i++)
		same += before[i] == id_of(i << 20);
	CHECK(!same, "ids: others at the next load");
	for (size_t i = 0; i < 256; i++)
		equal_halves += (id_of(i) & 0x7ffffff) == i || id_of(i) >> 27 == i;
	CHECK(equal_halves < 3, "ids: no half of an address is left as it was");
}

void test(void)
{
	sharestat_ids_init();
	test_near();
	test_many();
	test_key();
}
