// SPDX-License-Identifier: GPL-2.0
/* A hash table of the addresses of objects: how many rows have each. */
#include <linux/hash.h>
#include <linux/log2.h>
#include <linux/mm.h>
#include <linux/slab.h>
#include <linux/string.h>

#include "tasks/tasks.h"

int objects_init(struct objects *objects, unsigned int capacity)
{
	objects->bits = ilog2(capacity + 1) + 1;
	objects->head = kvcalloc(1UL << objects->bits, sizeof(*objects->head),
				 GFP_KERNEL_ACCOUNT);
	objects->object = kvcalloc(capacity + 1, sizeof(*objects->object), GFP_KERNEL_ACCOUNT);
	if (objects->head && objects->object)
		return 0;
	objects_exit(objects);
	return -ENOMEM;
}

void objects_exit(struct objects *objects)
{
	kvfree(objects->head);
	kvfree(objects->object);
	memset(objects, 0, sizeof(*objects));
}

void objects_clear(struct objects *objects)
{
	while (objects->count) {
		hlist_del(&objects->object[--objects->count].node);
		cond_resched();
	}
}

struct object *objects_find(const struct objects *objects, const void *address)
{
	struct object *object;

	hlist_for_each_entry(object, &objects->head[hash_ptr(address, objects->bits)], node)
		if (object->address == address)
			return object;
	return NULL;
}

struct object *objects_add(struct objects *objects, const void *address)
{
	struct object *object = objects_find(objects, address);

	if (object)
		return object;
	object = &objects->object[objects->count];
	object->address = address;
	object->index = objects->count++;
	object->holders = 0;
	hlist_add_head(&object->node, &objects->head[hash_ptr(address, objects->bits)]);
	return object;
}
