"""Ragged arrays by hand: all times in one dataset, and where each unit's end."""

import h5py
import numpy as np
from by_hand.units import convert, dtype_of


def concatenated(recording, path, spike_times_unit="s", fs_Hz=None):
    """The shortest, and the fastest for small recordings."""
    with h5py.File(path, "w") as file:
        file.attrs.update(recording.attributes)
        file["spike_times"] = convert(
            np.concatenate(recording.train), spike_times_unit, fs_Hz
        )
        file["spike_times_index"] = ends(recording.train)


def filled(recording, path, spike_times_unit="s", fs_Hz=None):
    """A dataset made first and filled unit by unit, so that temporaries stay in the processor's caches."""
    with h5py.File(path, "w") as file:
        file.attrs.update(recording.attributes)
        fill(file, recording.train, spike_times_unit, fs_Hz)
        file["spike_times_index"] = ends(recording.train)


def nwb(recording, path):
    """The reference's NWB-like tree, made the same way."""
    with h5py.File(path, "w") as file:
        file.attrs.update(recording.attributes)
        units = file.create_group("units")
        fill(units, recording.train, "s")
        units["spike_times_index"] = ends(recording.train)
        units["id"] = np.arange(len(recording.train))


def fill(group, train, unit, fs_Hz=None):
    """Through h5py's low level, which adds nothing to the library's cost of a unit."""
    space = h5py.h5s.create_simple((sum(map(len, train)),))
    properties = h5py.h5p.create(h5py.h5p.DATASET_CREATE)
    properties.set_fill_time(h5py.h5d.FILL_TIME_NEVER)
    stored = h5py.h5t.py_create(dtype_of(unit))
    dataset = h5py.h5d.create(group.id, b"spike_times", stored, space, properties)
    start = 0
    for times in train:
        space.select_hyperslab((start,), times.shape)
        values = convert(times, unit, fs_Hz)
        dataset.write(h5py.h5s.create_simple(times.shape), space, values)
        start += len(times)


def ends(train):
    return np.cumsum([len(times) for times in train])
