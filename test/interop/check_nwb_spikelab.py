"""Reads NWB files with SpikeLab's loader, with and without pynwb.

A case: {name, recording, file}. SpikeLab 0.1.2 with pynwb cannot read units that have electrodes, in no file at all: it
takes pynwb's row of the electrode table for a list, and then starts again without pynwb, appending to the trains it has already.
"""

import warnings
from datetime import UTC, datetime

import checks
import numpy as np
import pynwb
from nwb_expected import Expected
from spikelab.data_loaders.data_loaders import load_spikedata_from_nwb

ITS_ERROR = "neuron_attributes has {} instead of {} items."
ITS_WARNING = "pynwb failed to load NWB file (KeyError: 0)"


def check(case, manifest, folder):
    if case["recording"] is None:
        path = str(folder / "pynwb.nwb")
        write_with_pynwb(path)
        yield from failure_problems(path, unit_count=1)
        return
    expected = Expected(manifest["recordings"][case["recording"]])
    for window in (None, (expected.start_ms, expected.length_ms)):
        yield from loaded_problems(case["file"], expected, False, window)
        if expected.electrodes is None:
            yield from loaded_problems(case["file"], expected, True, window)
    if expected.electrodes is not None:
        yield from failure_problems(case["file"], expected.unit_count)


def loaded_problems(path, expected, prefer_pynwb, window):
    """Problems of what is loaded with a window, or without: then it is inferred, and does not hold times below 0."""
    how = f"{'with' if prefer_pynwb else 'without'} pynwb and {window}"
    spikes = np.concatenate([*expected.trains_s, np.zeros(0)]) * 1e3
    last = max((train[-1] * 1e3 for train in expected.trains_s if len(train)), default=0)
    start, length = window or (0, last + np.spacing(last) if len(spikes) else 0)
    arguments = {} if window is None else {"start_time_ms": start, "length_ms": length}
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        try:
            sd = load_spikedata_from_nwb(path, prefer_pynwb=prefer_pynwb, **arguments)
        except (ValueError, UserWarning) as error:
            if window or np.all(spikes >= 0):
                yield f"{how}: {error}"
            return
    if window is None and np.any(spikes < 0):
        yield f"{how}: loads times below 0, contrary to the docs"
    if (sd.N, sd.start_time, sd.length) != (expected.unit_count, start, length):
        yield f"{how}: {sd.N} units from {sd.start_time} for {sd.length}, expected {start} for {length}"
    for unit, train in enumerate(expected.trains_s):
        if not np.array_equal(sd.train[unit], train * 1e3):
            yield f"{how}: unit {unit} has {sd.train[unit]}"
    if expected.has_channel_map():
        if list(sd.electrodes) != expected.electrode_ids():
            yield f"{how}: electrodes {sd.electrodes}"
        if expected.locations is not None:
            wanted = [expected.location_of(unit) for unit in range(expected.unit_count)]
            if np.asarray(sd.unit_locations).tolist() != wanted:
                yield f"{how}: locations {sd.unit_locations}"


def failure_problems(path, unit_count):
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        try:
            load_spikedata_from_nwb(path)
            yield "SpikeLab reads electrodes with pynwb, contrary to the docs"
        except ValueError as error:
            if str(error) != ITS_ERROR.format(unit_count, unit_count + 1):
                yield f"with pynwb: {error}"
    if not any(ITS_WARNING in str(warning.message) for warning in caught):
        yield "with pynwb: no warning"


def write_with_pynwb(path):
    file = pynwb.NWBFile("a", "b", datetime(2026, 1, 1, tzinfo=UTC))
    device = file.create_device("device")
    group = file.create_electrode_group("group", "all", "CA1", device)
    file.add_electrode(group=group, location="CA1")
    file.add_unit(spike_times=[0.5], electrodes=[0])
    with pynwb.NWBHDF5IO(path, "w") as io:
        io.write(file)


if __name__ == "__main__":
    checks.run(check)
