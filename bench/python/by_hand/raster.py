"""A raster by hand, never dense in memory."""

import math
import os
import zlib
from concurrent.futures import ThreadPoolExecutor

import h5py
import numpy as np

CHUNK = 2**16


def sparse(recording, path, raster_bin_size_ms):
    """Compressed chunks, only those with spikes, made on all cores: zlib lets go of Python's lock meanwhile."""
    bins = bin_count(recording, raster_bin_size_ms)
    chunk = min(CHUNK, bins)

    def encoded(unit):
        numbers = bins_of(recording.train[unit], bins, raster_bin_size_ms)
        edges = np.searchsorted(numbers, np.arange(0, bins + chunk, chunk))
        return [
            (i * chunk, encode(numbers[edges[i] : edges[i + 1]] - i * chunk, chunk))
            for i in np.flatnonzero(np.diff(edges))
        ]

    with h5py.File(path, "w") as file, ThreadPoolExecutor(os.cpu_count()) as pool:
        file.attrs.update(recording.attributes)
        dataset = file.create_dataset(
            "raster",
            (len(recording.train), bins),
            np.int64,
            chunks=(1, chunk),
            compression="gzip",
            compression_opts=1,
            shuffle=True,
        )
        describe(dataset, raster_bin_size_ms)
        units = range(len(recording.train))
        for unit, chunks in zip(units, pool.map(encoded, units)):
            for start, data in chunks:
                dataset.id.write_direct_chunk((unit, start), data)


def contiguous(recording, path, raster_bin_size_ms):
    """Dense in the file, one unit after the other."""
    bins = bin_count(recording, raster_bin_size_ms)
    with h5py.File(path, "w") as file:
        file.attrs.update(recording.attributes)
        shape = (len(recording.train), bins)
        dataset = file.create_dataset("raster", shape, np.int64)
        describe(dataset, raster_bin_size_ms)
        for unit, times in enumerate(recording.train):
            numbers = bins_of(times, bins, raster_bin_size_ms)
            dataset[unit] = np.bincount(numbers, minlength=bins)


def bin_count(recording, width):
    return math.ceil(recording.length / width)


def bins_of(times, bins, width):
    """The bin of each spike; one at the very start belongs to the first."""
    return np.clip(np.ceil(times / width).astype(np.int64) - 1, 0, bins - 1)


def encode(numbers, chunk):
    """A chunk of counts as the shuffle and gzip filters leave it."""
    counts = np.bincount(numbers, minlength=chunk)
    planes = np.ascontiguousarray(counts.view(np.uint8).reshape(chunk, 8).T)
    return zlib.compress(planes, 1)


def describe(dataset, width):
    dataset.attrs.update({"bin_size_ms": float(width), "time_origin_ms": 0.0})
