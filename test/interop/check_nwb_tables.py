"""Reads NWB files with tables of intervals, values of spikes and further series.

A case: {name, reader, file, trains, fsHz, tables, series}: trains in ms; the rows of columns by the path of their table; and series by
their path, samples first, times in s.
"""

import warnings

import checks
import numpy as np
import pynwb
from check_nwb_pynwb import OWN_WARNINGS, SEVERE, check_name, plain, validator_errors
from nwbinspector import inspect_nwbfile


def check(case, manifest, folder):
    yield from READERS[case["reader"]](case)


def by_pynwb(case):
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        with pynwb.NWBHDF5IO(case["file"], "r") as io:
            nwb = io.read()
            for unit, train in enumerate(case["trains"]):
                if not np.array_equal(nwb.units["spike_times"][unit], np.array(train, float) / 1000):
                    yield f"spike times of unit {unit}: {nwb.units['spike_times'][unit]}"
            for path, columns in case["tables"].items():
                yield from table_problems(table_at(nwb, path), path, columns)
            for path, expected in case["series"].items():
                yield from series_problems(series_at(nwb, path), path, expected)
    for warning in caught:
        if OWN_WARNINGS not in str(warning.message):
            yield f"pynwb warns: {warning.message}"


def table_at(nwb, path):
    """As the programs of users get it."""
    if path == "units":
        return nwb.units
    name = path.split("/")[1]
    own = getattr(nwb, name, None)
    return own if own is not None else nwb.intervals[name]


def table_problems(table, path, columns):
    frame = table.to_dataframe()
    for name, rows in columns.items():
        found = [deeply(table[name][i]) for i in range(len(table))]
        if not same(found, rows):
            yield f"{path}/{name}: {found}, expected {rows}"
        if len(frame[name]) != len(rows):
            yield f"{path}/{name}: {len(frame[name])} rows of a data frame"


def same(found, expected):
    """Whether values are the same. JSON has no NaN, which null stands for, and no difference between 1 and 1.0."""
    if isinstance(expected, list):
        return isinstance(found, list) and len(found) == len(expected) and all(map(same, found, expected))
    if expected is None:
        return isinstance(found, float) and np.isnan(found)
    if isinstance(expected, (bool, str)):
        return type(found) is type(expected) and found == expected
    return type(found) in (int, float) and found == expected


def deeply(value):
    value = plain(value)
    return [deeply(element) for element in value] if isinstance(value, (list, tuple)) else value


def series_at(nwb, path):
    group, *names = path.split("/")
    if group == "stimulus":
        return nwb.stimulus[names[1]]
    thing = getattr(nwb, group)
    for name in names:
        thing = thing[name]
    return thing


def series_problems(series, path, expected):
    found = {
        "data": np.asarray(series.data[:]).tolist(),
        "unit": series.unit,
        "conversion": series.conversion,
        "offset": series.offset,
        "dtype": str(series.data.dtype),
    }
    if series.rate is None:
        found["timestamps"] = series.timestamps[:].tolist()
    else:
        found |= {"rate": series.rate, "start": series.starting_time}
    if hasattr(series, "electrodes"):
        found["electrodes"] = series.electrodes.to_dataframe().index.tolist()
    if found != expected:
        yield f"{path}: {found}, expected {expected}"


def by_validator(case):
    for error in validator_errors(case["file"]):
        yield f"the validator: {error}"


def by_inspector(case):
    for message in inspect_nwbfile(nwbfile_path=case["file"]):
        if message.importance in SEVERE:
            yield f"{check_name(message)}: {message.message} ({message.location}, {message.object_name})"


def by_spikelab(case, prefer_pynwb=False):
    from spikelab.data_loaders.data_loaders import load_spikedata_from_nwb

    with warnings.catch_warnings():
        warnings.simplefilter("error")
        sd = load_spikedata_from_nwb(case["file"], prefer_pynwb=prefer_pynwb)
    found = [train.tolist() for train in sd.train]
    expected = [(np.array(train, float) / 1000 * 1e3).tolist() for train in case["trains"]]
    if found != expected:
        yield f"trains {found}, expected {expected}"


def by_spikelab_with_pynwb(case):
    yield from by_spikelab(case, prefer_pynwb=True)


READERS = {
    "pynwb": by_pynwb,
    "validator": by_validator,
    "nwbinspector": by_inspector,
    "SpikeLab": by_spikelab,
    "SpikeLab with pynwb": by_spikelab_with_pynwb,
}


if __name__ == "__main__":
    checks.run(check)
