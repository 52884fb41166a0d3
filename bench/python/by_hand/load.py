"""Loading by hand: h5py and numpy as an expert uses them. Each returns the spike times of all units in ms, and where they end."""

from pathlib import Path

import h5py
import numpy as np


def ragged(file):
    return file["spike_times"][:] * 1e3, file["spike_times_index"][:]


def nwb(file):
    return ragged(file["units"])


def paired(file):
    units, times = file["idces"][:], file["times"][:]
    return times[np.argsort(units, kind="stable")], np.bincount(units).cumsum()


def group(file):
    units = file["units"]
    trains = [units[name][:] for name in sorted(units, key=int)]
    return np.concatenate(trains) * 1e3, np.cumsum([len(train) for train in trains])


def raster(file):
    """The centre of the bin for each spike; of several in a bin, evenly spaced times."""
    dataset = file["raster"]
    width = dataset.attrs["bin_size_ms"]
    trains = []
    for row in dataset:
        bins = row.nonzero()[0]
        counts = row[bins]
        first = np.repeat(np.cumsum(counts) - counts, counts)
        place = np.arange(counts.sum()) - first + 1
        step = np.repeat(width / (counts + 1), counts)
        trains.append(np.repeat(bins * width, counts) + place * step)
    return np.concatenate(trains), np.cumsum([len(train) for train in trains])


def kilosort(folder, fs_Hz):
    times, clusters = (np.load(folder / f"spike_{name}.npy") for name in ("times", "clusters"))
    order = np.argsort(clusters, kind="stable")
    return times[order] / fs_Hz * 1e3, np.bincount(clusters).cumsum()


def length_of(style, file):
    if style is raster:
        total = file["raster"].shape[1] * file["raster"].attrs["bin_size_ms"]
        return total - np.spacing(total)
    return file.attrs["length_ms"]


def read(style, input, options):
    if style is kilosort:
        return kilosort(Path(input), **options)
    with h5py.File(input) as file:
        return style(file)


def loading(style):
    return lambda recording, path, input, **options: read(style, input, options)


def keeping(style):
    """Writes the times to a file, for the check."""

    def keep(recording, path, input, **options):
        times, ends = read(style, input, options)
        if style is kilosort:
            length = times.max() + np.spacing(times.max())
        else:
            with h5py.File(input) as file:
                length = length_of(style, file)
        with h5py.File(path, "w") as file:
            file["spike_times"], file["spike_times_index"] = times, ends.astype("i8")
            file.attrs.update(start_time=0.0, length_ms=length)

    return keep


STYLES = {style.__name__: style for style in (ragged, nwb, paired, group, raster, kilosort)}
CALLS = {
    name: function
    for style, read_style in STYLES.items()
    for name, function in ((f"hand-load-{style}", loading(read_style)), (f"keep-hand-load-{style}", keeping(read_style)))
}
