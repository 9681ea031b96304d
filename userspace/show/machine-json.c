// SPDX-License-Identifier: GPL-2.0
/* The environment stamp as JSON. */

#include "model/machine.h"
#include "show/json.h"
#include "show/machine-json.h"

static struct json_object *probes_object(const struct environment *here)
{
	struct json_object *object = json_object_new_object();

	for (size_t i = 0; i < ENVIRONMENT_PROBES; i++)
		json_add(object, here->probes[i].name, json_object_new_boolean(here->probes[i].on));
	return object;
}

struct json_object *environment_json(void)
{
	const struct environment *here = environment();
	struct json_object *object = json_object_new_object();

	json_add(object, "module", json_text(here->module));
	json_add(object, "without_module", json_object_new_boolean(here->without_module));
	json_add(object, "kernel", json_text(here->kernel));
	json_add(object, "proven",
		 json_object_new_boolean(!*here->unproven && !here->without_module));
	json_add(object, "arch", json_text(here->arch));
	json_add(object, "machine", json_text(here->machine));
	json_add(object, "cpu", json_text(here->cpu));
	json_add(object, "cpus", json_object_new_int64(here->cpus));
	json_add(object, "page_size", json_object_new_int64(here->page_size));
	json_add(object, "pcid", json_object_new_boolean(here->pcid));
	json_add(object, "page_table_isolation", json_object_new_boolean(here->pti));
	json_add(object, "thp", json_text(here->thp));
	json_add(object, "probes_on", probes_object(here));
	return object;
}
