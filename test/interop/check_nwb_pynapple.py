"""Reads NWB files with pynapple: trains with the units' columns, intervals and series.

A case: {name, file, unitIds, trains, metadata, tables, series, unread}: trains in ms; `metadata` are the columns of the units; `tables` and `series`
are those of check_nwb_tables.py, and `unread` names tables that pynapple hands out as pynwb's.
"""

import warnings

import checks
import numpy as np
import pandas as pd
import pynapple as nap

# Nanoseconds.
DIGITS = 9


def check(case, manifest, folder):
    with warnings.catch_warnings():
        # Of units with less than two spikes, and of intervals that touch.
        warnings.simplefilter("ignore")
        data = nap.load_file(case["file"])
        yield from unit_problems(data["units"], case)
        for path, columns in case["tables"].items():
            if path != "units":
                yield from interval_problems(data[path.split("/")[-1]], path, columns, case["unread"])
        for path, expected in case["series"].items():
            yield from series_problems(data[path.split("/")[-1]], path, expected)


def unit_problems(units, case):
    if not isinstance(units, nap.TsGroup) or list(units.keys()) != case["unitIds"]:
        yield f"units {units}"
        return
    for unit, train in zip(case["unitIds"], case["trains"]):
        if not np.array_equal(units[unit].t, np.round(np.array(train, float) / 1000, DIGITS)):
            yield f"spike times of unit {unit}: {units[unit].t}"
    found = {name: list(units[name]) for name in units.metadata_columns if name != "rate"}
    if found != case["metadata"]:
        yield f"metadata {found}, expected {case['metadata']}"


def interval_problems(intervals, path, columns, unread):
    if path in unread:
        if not hasattr(intervals, "to_dataframe"):
            yield f"{path} is {type(intervals).__name__}"
        return
    if not isinstance(intervals, nap.IntervalSet):
        yield f"{path} is {type(intervals).__name__}"
        return
    for name, values in columns.items():
        if name == "start_time":
            same = np.array_equal(intervals.start, values)
        elif name == "stop_time":
            # It moves an end off the next start by a microsecond.
            same = np.allclose(intervals.end, values, atol=2e-6, rtol=0)
        else:
            same = all(map(equal, list(intervals[name]), values))
        if not same:
            yield f"{path}/{name}: {intervals}, expected {values}"


def equal(found, expected):
    if expected is None:
        return bool(pd.isna(found))
    return np.array_equal(found, expected)


def series_problems(series, path, expected):
    data = np.array(expected["data"])
    kind = {1: nap.Tsd, 2: nap.TsdFrame}.get(data.ndim, nap.TsdTensor)
    times = expected.get("timestamps")
    if times is None:
        times = expected["start"] + np.arange(len(data)) / expected["rate"]
    if type(series) is not kind:
        yield f"{path} is {type(series).__name__}"
    if not np.allclose(series.t, times, rtol=0, atol=10**-DIGITS):
        yield f"times of {path}: {series.t}, expected {times}"
    # As in the file, without its conversion.
    if not np.array_equal(np.asarray(series.d), data):
        yield f"{path}: {series.d}"
    if "electrodes" in expected and list(series.columns) != expected["electrodes"]:
        yield f"electrodes of {path}: {series.columns}"


if __name__ == "__main__":
    checks.run(check)
