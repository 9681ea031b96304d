/* SPDX-License-Identifier: GPL-2.0 */
/* The environment stamp as JSON. */
#ifndef SHARESTAT_SHOW_MACHINE_JSON_H
#define SHARESTAT_SHOW_MACHINE_JSON_H

struct json_object;

/** environment_json() - the stamp as an object; the caller puts it */
struct json_object *environment_json(void);

#endif
