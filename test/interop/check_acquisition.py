"""Reads recordings of SpikeGLX and Open Ephys with neo and SpikeInterface, and compares what spikeport says of them.

A case: format, folder, stream (its name in neo), layout and facts as lib/sources/raw-layout.ts has them, and whether SpikeInterface
reads the recording too.
"""

import warnings

import checks
import numpy as np
from neo.rawio import OpenEphysBinaryRawIO, SpikeGLXRawIO
from spikeinterface.extractors import read_openephys, read_spikeglx

MICROVOLTS = {"uV": 1, "mV": 1e3, "V": 1e6}


def check(case, manifest, folder):
    warnings.simplefilter("ignore")
    layout, facts = case["layout"], case["facts"]
    count = layout["channels"]
    microvolts = np.full(count, facts["conversion"] * 1e6)
    microvolts *= facts.get("channelConversion", 1)
    samples = samples_at(layout)

    reader = {"spikeglx": SpikeGLXRawIO, "openephys": OpenEphysBinaryRawIO}
    neo = reader[case["format"]](dirname=case["folder"])
    neo.parse_header()
    streams = list(neo.header["signal_streams"]["name"])
    if case["stream"] not in streams:
        yield f"neo has no stream {case['stream']!r} but {streams}"
        return
    index = streams.index(case["stream"])
    stream_id = neo.header["signal_streams"]["id"][index]
    channels = neo.header["signal_channels"]
    channels = channels[channels["stream_id"] == stream_id]
    # The digital lines of NI devices and OneBox follow the signals.
    others = [name for name in channels["name"][count:] if not name.startswith("XD")]
    if others:
        yield f"neo has channels {others} too"
    channels = channels[:count]
    if list(channels["name"]) != facts["channelNames"]:
        yield f"neo has channels {list(channels['name'])}"
    if not np.allclose(channels["sampling_rate"], facts["rateKHz"] * 1e3, rtol=1e-12):
        yield f"neo has {channels['sampling_rate']} Hz"
    scale = [MICROVOLTS[unit] for unit in channels["units"]]
    if not np.allclose(channels["gain"] * scale, microvolts, rtol=1e-12):
        yield f"neo has {channels['gain'] * scale} uV"
    if neo.get_signal_size(0, 0, index) != layout["samples"]:
        yield f"neo has {neo.get_signal_size(0, 0, index)} samples"
    raw = neo.get_analogsignal_chunk(stream_index=index)[:, :count]
    if raw.dtype != samples.dtype or not np.array_equal(raw, samples):
        yield "neo has other samples"

    if case["spikeInterface"]:
        yield from check_spikeinterface(case, stream_id, microvolts, samples)


def check_spikeinterface(case, stream_id, microvolts, samples):
    read = {"spikeglx": read_spikeglx, "openephys": read_openephys}
    recording = read[case["format"]](case["folder"], stream_id=stream_id)
    names, count = case["facts"]["channelNames"], len(microvolts)
    found = list(recording.get_property("channel_name")[:count])
    if found != names:
        yield f"SpikeInterface has channels {found}"
    if not np.isclose(
        recording.get_sampling_frequency(), case["facts"]["rateKHz"] * 1e3, rtol=1e-12
    ):
        yield f"SpikeInterface has {recording.get_sampling_frequency()} Hz"
    if not np.allclose(recording.get_channel_gains()[:count], microvolts, rtol=1e-12):
        yield f"SpikeInterface has {recording.get_channel_gains()} uV"
    if not np.array_equal(recording.get_traces()[:, :count], samples):
        yield "SpikeInterface has other samples"


def samples_at(layout):
    """The samples of the channels, by the layout alone."""
    elements = np.fromfile(layout["path"], layout["dtype"])
    first = layout["offset"] // elements.itemsize
    table = elements.reshape(layout["samples"], layout["stride"])
    return table[:, first : first + layout["channels"]]


if __name__ == "__main__":
    checks.run(check)
