"""Reads raw data that was written from a stream with SpikeInterface.

A case: that of check_raw_streams.py, an NWB file.
"""

import checks
import numpy as np
from spikeinterface.extractors import read_nwb_recording


def check(case, manifest, folder):
    samples = np.fromfile(case["samples"], case["dtype"]).reshape(-1, case["channels"])
    for use_pynwb in (False, True):
        recording = read_nwb_recording(
            case["file"], electrical_series_path="acquisition/ElectricalSeries", use_pynwb=use_pynwb
        )
        if recording.get_sampling_frequency() != case["rate"]:
            yield f"{recording.get_sampling_frequency()} Hz"
        found = recording.get_traces()
        if found.dtype != samples.dtype or not np.array_equal(found, samples, equal_nan=samples.dtype.kind == "f"):
            yield "other samples"
        # In microvolts.
        if not np.allclose(recording.get_channel_gains(), 2.34):
            yield f"gains {recording.get_channel_gains()}"


if __name__ == "__main__":
    checks.run(check)
