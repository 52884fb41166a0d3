"""Reads groups with one dataset a unit, and compares names, types and numbers with the trains.

A case: {name, file, group, count, fsHz}; without `fsHz` the times are in s.
"""

import checks
import h5py
import numpy as np


def check(case, manifest, folder):
    count = case["count"]
    with h5py.File(case["file"]) as file:
        group = file[case["group"]]
        names = list(group)
        if names != sorted(map(str, range(count))):
            yield f"the names are {names[:20]}"
            return
        for name in (str(count), str(count + 10), "-1", "", "00", "a"):
            if name in group:
                yield f"there is a dataset named {name!r}"
        for unit in range(count):
            found = group[str(unit)][()]
            expected = numbers(unit, case.get("fsHz"))
            if found.dtype != expected.dtype or not np.array_equal(found, expected):
                yield f"unit {unit} is {found!r:.80}, not {expected!r:.80}"


def numbers(unit: int, fs_hz: float | None) -> np.ndarray:
    ms = unit / 8 + np.arange(unit * 7919 % 11 % 7)
    return ms / 1000 if fs_hz is None else np.rint(ms * (fs_hz / 1000)).astype(np.int64)


if __name__ == "__main__":
    checks.run(check)
