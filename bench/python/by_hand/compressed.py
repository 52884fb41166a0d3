"""Compressed files by hand: what h5py's gzip and shuffle filters make of the same chunks as spikeport's."""

import h5py
import numpy as np
from by_hand.ragged import ends
from by_hand.units import convert

CHUNK_BYTES = 2**20


def ragged(recording, path, level, spike_times_unit, fs_Hz=None):
    with h5py.File(path, "w") as file:
        file.attrs.update(recording.attributes)
        write_trains(file, recording, level, spike_times_unit, fs_Hz)


def raw(recording, path, level):
    """Raw samples and their times, beside the trains."""
    with h5py.File(path, "w") as file:
        file.attrs.update(recording.attributes)
        create(file, "raw", recording.raw_data, level)
        create(file, "raw_time", recording.raw_time, level)
        write_trains(file, recording, level, "s")


def write_trains(file, recording, level, unit, fs_Hz=None):
    times = convert(np.concatenate(recording.train), unit, fs_Hz)
    create(file, "spike_times", times, level)
    create(file, "spike_times_index", ends(recording.train), level)


def create(file, name, data, level):
    row = min(data.shape[-1], CHUNK_BYTES // data.itemsize)
    chunks = (*(1 for _ in data.shape[1:]), row)
    file.create_dataset(
        name,
        data=data,
        chunks=chunks,
        compression="gzip",
        compression_opts=level,
        shuffle=True,
    )
