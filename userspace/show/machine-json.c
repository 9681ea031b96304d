// SPDX-License-Identifier: GPL-2.0
/* The environment stamp as JSON. */
#include <json-c/json.h>

#include "model/machine.h"
#include "show/machine-json.h"

static void put(struct json_object *object, const char *key, struct json_object *value)
{
	json_object_object_add(object, key, value);
}

static struct json_object *probes_object(const struct environment *here)
{
	struct json_object *object = json_object_new_object();

	for (size_t i = 0; i < ENVIRONMENT_PROBES; i++)
		put(object, here->probes[i].name, json_object_new_boolean(here->probes[i].on));
	return object;
}

struct json_object *environment_json(void)
{
	const struct environment *here = environment();
	struct json_object *object = json_object_new_object();

	put(object, "module", json_object_new_string(here->module));
	put(object, "kernel", json_object_new_string(here->kernel));
	put(object, "arch", json_object_new_string(here->arch));
	put(object, "machine", json_object_new_string(here->machine));
	put(object, "cpu", json_object_new_string(here->cpu));
	put(object, "cpus", json_object_new_int64(here->cpus));
	put(object, "page_size", json_object_new_int64(here->page_size));
	put(object, "pcid", json_object_new_boolean(here->pcid));
	put(object, "page_table_isolation", json_object_new_boolean(here->pti));
	put(object, "thp", json_object_new_string(here->thp));
	put(object, "probes_on", probes_object(here));
	return object;
}
