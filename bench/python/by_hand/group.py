"""One dataset a unit by hand."""

import h5py


def group(recording, path):
    """Through h5py's low level, with the oldest file format and without times of change: the fastest of all it offers."""
    with h5py.File(path, "w", libver="earliest") as file:
        file.attrs.update(recording.attributes)
        units = file.create_group("units").id
        properties = h5py.h5p.create(h5py.h5p.DATASET_CREATE)
        properties.set_obj_track_times(False)
        for i, times in enumerate(recording.train):
            space = h5py.h5s.create_simple(times.shape)
            dataset = h5py.h5d.create(
                units, b"%d" % i, h5py.h5t.NATIVE_DOUBLE, space, properties
            )
            dataset.write(h5py.h5s.ALL, h5py.h5s.ALL, times / 1e3)
