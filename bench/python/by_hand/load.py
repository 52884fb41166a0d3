"""Loading by hand: h5py and numpy as an expert uses them. Each returns the spike times of all units in ms, and where they end."""

import h5py
import numpy as np


def ragged(file):
    return file["spike_times"][:] * 1e3, file["spike_times_index"][:]


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


def loading(style):
    def load(recording, path, input, **options):
        with h5py.File(input) as file:
            return style(file)

    return load


def keeping(style):
    """Writes the times to a file, for the check."""

    def keep(recording, path, input, **options):
        with h5py.File(input) as file:
            times, ends = style(file)
            length = file.attrs["length_ms"]
            if style is raster:
                total = file["raster"].shape[1] * file["raster"].attrs["bin_size_ms"]
                length = total - np.spacing(total)
        with h5py.File(path, "w") as file:
            file["spike_times"], file["spike_times_index"] = times, ends.astype("i8")
            file.attrs.update(start_time=0.0, length_ms=length)

    return keep


STYLES = {"ragged": ragged, "paired": paired, "group": group, "raster": raster}
CALLS = {
    name: function
    for style, read in STYLES.items()
    for name, function in ((f"hand-load-{style}", loading(read)), (f"keep-hand-load-{style}", keeping(read)))
}
