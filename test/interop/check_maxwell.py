"""Reads recordings of MaxWell with neo and SpikeInterface, and compares what spikeport says of them.

A case: {name, file, group, well, shape, dtype, rateKHz, conversion, channelNames}. The table of channels, of a compound type, is written
here, as only h5py can.
"""

import warnings

import checks
import h5py
import numpy as np
from neo.rawio import MaxwellRawIO
from spikeinterface.extractors import read_maxwell

MAPPING = [("channel", "<i4"), ("electrode", "<i4"), ("x", "<f8"), ("y", "<f8")]


def check(case, manifest, folder):
    warnings.simplefilter("ignore")
    names = case["channelNames"]
    with h5py.File(case["file"], "r+") as file:
        mapping = np.array([(int(name), 100 + i, 17.5 * i, 35.0) for i, name in enumerate(names)], MAPPING)
        file[case["group"]]["settings"]["mapping"] = mapping
        del file["version"]
        file["version"] = np.array([b"20190530"])
        samples = file[case["group"]]["groups/routed/raw"][...]

    neo = MaxwellRawIO(filename=case["file"])
    neo.parse_header()
    channels = neo.header["signal_channels"]
    if list(channels["id"]) != names:
        yield f"neo has channels {list(channels['id'])}"
    if not np.all(channels["sampling_rate"] == case["rateKHz"] * 1000):
        yield f"neo has {channels['sampling_rate']} Hz"
    if not np.allclose(channels["gain"], case["conversion"] * 1e6, rtol=1e-12):
        yield f"neo has {channels['gain']} uV"
    if set(channels["dtype"]) != {np.dtype(case["dtype"]).name}:
        yield f"neo has {channels['dtype']}"
    if not np.array_equal(neo.get_analogsignal_chunk(stream_index=0), samples.T):
        yield "neo has other samples"

    # No filter is needed, and none is fetched.
    recording = read_maxwell(case["file"], stream_id=case["well"], install_maxwell_plugin=False)
    if [recording.get_num_channels(), recording.get_num_samples()] != case["shape"]:
        yield f"SpikeInterface has {recording}"
    if not np.allclose(recording.get_channel_gains(), case["conversion"] * 1e6, rtol=1e-12):
        yield f"SpikeInterface has {recording.get_channel_gains()} uV"
    if not np.array_equal(recording.get_traces(), samples.T):
        yield "SpikeInterface has other samples"


if __name__ == "__main__":
    checks.run(check)
