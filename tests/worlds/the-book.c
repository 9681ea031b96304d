// SPDX-License-Identifier: GPL-2.0
/* The world as it is: nothing in it is false, and nothing is replaced. */
