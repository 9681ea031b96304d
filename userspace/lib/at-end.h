/* SPDX-License-Identifier: GPL-2.0 */
/* What must not outlive this program is given back however it ends, but by SIGKILL. */
#ifndef SHARESTAT_LIB_AT_END_H
#define SHARESTAT_LIB_AT_END_H

/**
 * at_end() - have something given back
 * @give_back: called at exit, and from the handler of a signal that ends the program: it
 *	may do nothing that signal-safety(7) forbids, and may be called more than once
 *
 * A child of fork(2) gives back what it asked for itself, nothing of its parent's.
 */
void at_end(void (*give_back)(void));

#endif
