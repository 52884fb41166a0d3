"""Parallel arrays by hand: for each spike its unit and its time."""

from pathlib import Path

import h5py
import numpy as np
from by_hand.units import convert


def paired(recording, path):
    with h5py.File(path, "w") as file:
        file.attrs.update(recording.attributes)
        file["idces"] = units(recording.train)
        file["times"] = np.concatenate(recording.train)


def kilosort(recording, path, fs_Hz):
    folder = Path(path)
    folder.mkdir()
    samples = convert(np.concatenate(recording.train), "samples", fs_Hz)
    np.save(folder / "spike_times.npy", samples)
    np.save(folder / "spike_clusters.npy", units(recording.train))


def kilosort_sorted(recording, path, fs_Hz):
    """The spikes of a folder that Phy opens, in the order of time."""
    folder = Path(path)
    folder.mkdir()
    samples = convert(np.concatenate(recording.train), "samples", fs_Hz)
    order = np.argsort(samples, kind="stable")
    np.save(folder / "spike_times.npy", samples[order])
    clusters = units(recording.train).astype(np.int32)[order]
    np.save(folder / "spike_clusters.npy", clusters)
    np.save(folder / "spike_templates.npy", clusters)


def units(train):
    return np.repeat(np.arange(len(train)), [len(times) for times in train])
