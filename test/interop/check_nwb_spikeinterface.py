"""Reads NWB files with SpikeInterface, by h5py and by pynwb.

A case: {name, recording, file, fsHz, columns, series, gain, places}; `series` is the path of the raw data, if there is any, and
`places` are those of its channels on the probe, if they have any.
"""

import checks
import numpy as np
from arrays import array
from nwb_expected import Expected
from spikeinterface.extractors import read_nwb_recording, read_nwb_sorting


def check(case, manifest, folder):
    recording = manifest["recordings"][case["recording"]]
    expected = Expected(recording)
    frames = [frames_of(train, case, recording) for train in expected.trains_s]
    for use_pynwb in (False, True):
        for problem in sorting_problems(case, frames, use_pynwb):
            yield f"{'pynwb' if use_pynwb else 'h5py'}: {problem}"
    if case["series"]:
        yield from raw_problems(case, array(recording["rawData"]))


def frames_of(train, case, recording):
    """The sample of each spike; the last one before it where samples have times of their own."""
    if case["series"] and isinstance(recording["rawTime"], dict):
        times = array(recording["rawTime"]) / 1000
        return np.searchsorted(times, train, side="right") - 1
    return np.round(train * case["fsHz"]).astype(int)


def sorting_problems(case, frames, use_pynwb):
    series = {"electrical_series_path": case["series"]} if case["series"] else {}
    sorting = read_nwb_sorting(case["file"], use_pynwb=use_pynwb, **series)
    if list(sorting.unit_ids) != list(range(len(frames))):
        yield f"unit ids {sorting.unit_ids}"
    # From times it is estimated.
    if not np.isclose(sorting.get_sampling_frequency(), case["fsHz"], rtol=1e-12):
        yield f"{sorting.get_sampling_frequency()} Hz"
    for unit, wanted in enumerate(frames):
        found = sorting.get_unit_spike_train(unit_id=unit, segment_index=0)
        if not np.array_equal(found, wanted):
            yield f"unit {unit}: {found}, expected {wanted}"
    for name, values in case["columns"].items():
        # A property has one shape for all units.
        if len({np.shape(value) for value in values}) > 1:
            continue
        found = sorting.get_property(name)
        are_floats = found.dtype.kind == "f"
        wanted = np.array(values, float if are_floats else None)
        if not np.array_equal(found, wanted, equal_nan=are_floats):
            yield f"property {name}: {found}, expected {wanted}"


def raw_problems(case, raw):
    recording = read_nwb_recording(case["file"], electrical_series_path=case["series"])
    if not np.array_equal(recording.get_traces(), raw.T):
        yield f"raw data {recording.get_traces()}"
    if not np.isclose(recording.get_sampling_frequency(), case["fsHz"], rtol=1e-12):
        yield f"raw data at {recording.get_sampling_frequency()} Hz"
    if not np.allclose(recording.get_channel_gains(), case["gain"] * 1e6):
        yield f"gains {recording.get_channel_gains()}"
    if case["places"] is None:
        if recording.has_probe():
            yield f"places {recording.get_channel_locations()}"
    elif not np.array_equal(recording.get_channel_locations(), np.array(case["places"], float), equal_nan=True):
        yield f"places {recording.get_channel_locations()}, expected {case['places']}"


if __name__ == "__main__":
    checks.run(check)
