"""Reads NWB files with tables of intervals, values of spikes and further series with SpikeInterface.

A case: {name, reader, file, trains, fsHz, tables, series}, as check_nwb_tables.py has it.
"""

import checks
import numpy as np
from spikeinterface.extractors import read_nwb_recording, read_nwb_sorting


def check(case, manifest, folder):
    use_pynwb = case["reader"] == "SpikeInterface with pynwb"
    # Where there are electrical series it wants to know which one the spikes are from, or when that starts.
    starts = {"t_start": 0} if any("electrodes" in series for series in case["series"].values()) else {}
    sorting = read_nwb_sorting(case["file"], use_pynwb=use_pynwb, **starts)
    if sorting.get_sampling_frequency() != case["fsHz"]:
        yield f"{sorting.get_sampling_frequency()} Hz"
    for unit, train in enumerate(case["trains"]):
        found = sorting.get_unit_spike_train(unit_id=unit, segment_index=0)
        if found.tolist() != train:
            yield f"unit {unit}: {found}, expected {train}"
    for path, expected in case["series"].items():
        # Those it takes for recordings.
        if "electrodes" in expected:
            yield from recording_problems(case["file"], path, expected, use_pynwb)


def recording_problems(file, path, expected, use_pynwb):
    recording = read_nwb_recording(file, electrical_series_path=path, use_pynwb=use_pynwb)
    if recording.get_traces().tolist() != expected["data"]:
        yield f"{path}: {recording.get_traces()}"
    found = [recording.get_dtype().name, recording.get_sampling_frequency(), recording.get_times()[0]]
    if found != [expected["dtype"], expected["rate"], expected["start"]]:
        yield f"{path}: dtype, rate and start {found}"
    if not np.allclose(recording.get_channel_gains(), expected["conversion"] * 1e6):
        yield f"{path}: gains {recording.get_channel_gains()}"
    if not np.allclose(recording.get_channel_offsets(), expected["offset"] * 1e6):
        yield f"{path}: offsets {recording.get_channel_offsets()}"
    if len(recording.channel_ids) != len(expected["electrodes"]):
        yield f"{path}: channels {recording.channel_ids}"


if __name__ == "__main__":
    checks.run(check)
