#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0
"""Three forked workers that inherit 32 MiB and write the first 8 MiB of it."""
import multiprocessing
import time

INHERITED = bytearray(b"x" * (32 << 20))
WRITTEN = 8 << 20


def work(number):
    for at in range(0, WRITTEN, 4096):
        INHERITED[at] = number
    time.sleep(5)


if __name__ == "__main__":
    multiprocessing.set_start_method("fork")
    workers = [multiprocessing.Process(target=work, args=(i,)) for i in (1, 2, 3)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
