"""The reference's side of the benchmark: SpikeLab's own exporters, h5py by hand where SpikeLab has no such option, and the
limit, write(2) of the same bytes. Each call is timed by itself, with the peak of its memory.
"""

import gc
import os
import sys
import time
from importlib.metadata import version

import h5py
import numpy as np
from serve import serve
from spikelab.data_loaders.data_exporters import (
    export_spikedata_to_hdf5,
    export_spikedata_to_kilosort,
    export_spikedata_to_nwb,
    export_to_pickle,
)
from spikelab.spikedata import SpikeData

WRITE_BYTES = 4 * 2**20


class Recording:
    """Trains in one array, as they lie in the file that both sides load, and the SpikeData made of them."""

    def __init__(self, flat, units, length):
        self.flat = flat
        self.length = length
        self.train = list(flat.reshape(units, -1))
        self._sd = None

    @property
    def sd(self):
        if self._sd is None:
            self._sd = construct(self)
        return self._sd


recording = None


def make(file, units, spikes, length, shuffled, seed):
    """Makes a recording, for both sides: writes its times to the file, unit by unit."""
    global recording
    recording = None
    random = np.random.default_rng(seed)
    flat = np.empty(units * spikes)
    for times in flat.reshape(units, spikes):
        ends = np.cumsum(random.random(spikes + 1))
        np.multiply(ends[:-1] / ends[-1], length, out=times)
        if shuffled:
            random.shuffle(times)
    flat.tofile(file)
    recording = Recording(flat, units, float(length))


def construct(recording):
    return SpikeData(recording.train, length=recording.length)


def gzip(recording, path, level, chunk):
    """A ragged file with the filters that spikeport's `compression` option asks for."""
    sd = recording.sd
    filters = {"compression": "gzip", "compression_opts": level, "shuffle": True}
    times = np.concatenate(sd.train)
    index = np.cumsum([len(t) for t in sd.train], dtype=int)
    with h5py.File(path, "w") as file:
        file.attrs.update({"start_time": sd.start_time, "length_ms": sd.length})
        for name, data in [("spike_times", times / 1e3), ("spike_times_index", index)]:
            chunks = (min(chunk, len(data)),)
            file.create_dataset(name, data=data, chunks=chunks, **filters)


def write(recording, path):
    """The least that any export costs: create a file, write the bytes of the times in large blocks, rename it."""
    data = memoryview(recording.flat).cast("B")
    partial = f"{path}.partial"
    file = os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o666)
    for start in range(0, len(data), WRITE_BYTES):
        os.write(file, data[start : start + WRITE_BYTES])
    os.close(file)
    os.replace(partial, path)


CALLS = {
    "hdf5": lambda recording, path, **options: export_spikedata_to_hdf5(
        recording.sd, path, **options
    ),
    "nwb": lambda recording, path, **options: export_spikedata_to_nwb(
        recording.sd, path, **options
    ),
    "kilosort": lambda recording, path, **options: export_spikedata_to_kilosort(
        recording.sd, path, **options
    ),
    "pickle": lambda recording, path, **options: export_to_pickle(
        recording.sd, path, **options
    ),
    "construct": lambda recording, path: construct(recording),
    "gzip": gzip,
    "write": write,
}


def run(call, options, paths):
    """Makes the call once for each path. Returns how long all took, and the peak of memory above what was in use."""
    function = CALLS[call]
    if call != "construct":
        recording.sd  # made outside the timed part
    gc.collect()
    before = reset_peak()
    start = time.perf_counter()
    for path in paths:
        result = function(recording, path, **options)
    seconds = time.perf_counter() - start
    peak = memory("VmHWM")
    del result
    return {"seconds": seconds, "peakBytes": peak and max(peak - before, 0)}


def keep(path):
    """Writes what `construct` makes to a file, for the check."""
    sd = construct(recording)
    export_spikedata_to_hdf5(sd, path, spike_times_unit="ms")


def reset_peak():
    """Begins a new measurement of the peak. Returns the memory in use."""
    if sys.platform == "linux":
        with open("/proc/self/clear_refs", "w") as file:
            file.write("5")
    return memory("VmRSS")


def memory(name):
    """A line of the process's status, in bytes; None where the system has none."""
    if sys.platform != "linux":
        return None
    with open("/proc/self/status") as file:
        line = next(line for line in file if line.startswith(name))
    return int(line.split()[1]) * 1024


def versions():
    packages = {name: version(name) for name in ("spikelab", "numpy", "h5py")}
    python = ".".join(map(str, sys.version_info[:3]))
    return {"python": python, "hdf5": h5py.version.hdf5_version, **packages}


if __name__ == "__main__":
    serve({"make": make, "run": run, "keep": keep, "versions": versions})
