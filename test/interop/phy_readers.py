"""The readers of Phy folders: each opens one, and yields what it finds otherwise than was exported."""

from pathlib import Path

import numpy as np
from neo.rawio import PhyRawIO
from phy_recording import PhyRecording
from phylib.io.model import load_model
from spikeinterface.extractors import (
    read_kilosort,
    read_kilosort_as_analyzer,
    read_phy,
)
from spikelab.data_loaders.data_loaders import load_spikedata_from_kilosort

# The sample of a placeholder that is not zero.
TROUGH = 20
GOOD = {"good", "mua", "mua good"}


def phylib(folder: Path, expected: PhyRecording):
    model = load_model(folder / "params.py")
    yield from unlike("samples", expected.samples, model.spike_samples)
    yield from unlike("times", expected.samples / expected.fs_Hz, model.spike_times)
    yield from unlike("clusters", expected.clusters, model.spike_clusters)
    yield from unlike("cluster ids", expected.units_with_spikes, model.cluster_ids)
    yield from unlike("channel map", expected.channel_map, model.channel_mapping)
    yield from unlike("positions", expected.positions, model.channel_positions)
    tables = {
        **expected.tables,
        "si_unit_id": dict(enumerate(expected.ids)),
        "group": dict(enumerate(expected.groups)),
    }
    if expected.electrodes is not None:
        tables["electrode"] = dict(enumerate(expected.electrodes))
    if expected.labels is not None:
        tables["KSLabel"] = {
            unit: label for unit, label in enumerate(expected.labels) if label
        }
    yield from unlike("tables", tables, model.metadata)
    found = model.channel_mapping[model.templates_channels]
    yield from unlike("channels of templates", expected.channels, found)
    for unit in expected.units_with_spikes[:5]:
        best = model.channel_mapping[model.get_cluster_channels(unit)[0]]
        yield from unlike(f"channel of cluster {unit}", expected.channels[unit], best)
    yield from unlike("amplitudes", np.ones(len(expected.samples)), model.amplitudes)


def spikeinterface_phy(folder: Path, expected: PhyRecording):
    sorting = read_phy(folder)
    yield from trains_unlike(sorting, expected, range(expected.unit_count))
    yield from unlike("groups", expected.groups, sorting.get_property("quality"))
    if "electrode" not in expected.tables:
        electrodes = sorting.get_property("electrode")
        yield from unlike("electrodes", expected.electrodes, electrodes)
    labels = sorting.get_property("KSLabel")
    # pandas has no empty text.
    wanted = expected.labels and [label or "nan" for label in expected.labels]
    yield from unlike("labels", wanted, labels)
    for name, values in expected.tables.items():
        found = sorting.get_property(name)
        missing = "nan" if found.dtype.kind == "U" else np.nan
        wanted = np.array([values.get(u, missing) for u in range(expected.unit_count)])
        # pandas reads the last bit of a number otherwise than Python.
        same = (
            np.allclose(wanted, found, rtol=1e-15, atol=0, equal_nan=True)
            if found.dtype.kind == "f"
            else np.array_equal(wanted, found)
        )
        yield from unlike(f"property {name}", True, same)


def spikeinterface_vector(folder: Path, expected: PhyRecording):
    spikes = read_phy(folder).to_spike_vector()
    yield from unlike("samples", expected.samples, spikes["sample_index"])
    yield from unlike("units", expected.clusters, spikes["unit_index"])


def spikeinterface_kilosort(folder: Path, expected: PhyRecording):
    yield from trains_unlike(
        read_kilosort(folder), expected, expected.units_with_spikes
    )
    if expected.labels is not None:
        good = read_kilosort(folder, keep_good_only=True)
        units = [u for u in expected.units_with_spikes if expected.labels[u] == "good"]
        yield from trains_unlike(good, expected, units)


def spikeinterface_main_channels(folder: Path, expected: PhyRecording):
    channel_ids = np.arange(expected.channels.max(initial=0) + 1)
    found = read_kilosort(folder, channel_ids=channel_ids).get_property(
        "main_channel_id"
    )
    channels = expected.channels[expected.units_with_spikes]
    yield from unlike("main channels", channels, found)


def spikeinterface_analyzer(folder: Path, expected: PhyRecording):
    analyzer = read_kilosort_as_analyzer(folder)
    yield from trains_unlike(analyzer.sorting, expected, range(expected.unit_count))
    channels = expected.channel_map[analyzer.get_main_channels()]
    yield from unlike("main channels", expected.channels, channels)
    locations = analyzer.get_channel_locations()
    yield from unlike("positions", expected.positions, locations)
    templates = analyzer.get_extension("templates").get_data()
    own = np.arange(expected.unit_count)
    troughs = templates[own, TROUGH, expected.unit_channels]
    yield from unlike("troughs", -np.ones(expected.unit_count), troughs)
    yield from unlike("the sum of templates", -expected.unit_count, templates.sum())


def trains_unlike(sorting, expected, units):
    yield from unlike("rate", expected.fs_Hz, sorting.get_sampling_frequency())
    yield from unlike("unit ids", [expected.ids[u] for u in units], sorting.unit_ids)
    for unit in units:
        train = sorting.get_unit_spike_train(expected.ids[unit])
        yield from unlike(f"train of unit {unit}", expected.trains[unit], train)


def neo(folder: Path, expected: PhyRecording):
    reader = PhyRawIO(dirname=str(folder), load_amplitudes=True)
    reader.parse_header()
    units = expected.units_with_spikes
    ids = reader.header["spike_channels"]["id"]
    yield from unlike("unit ids", [str(unit) for unit in units], ids)
    annotations = reader.raw_annotations["blocks"][0]["segments"][0]["spikes"]
    for index, unit in enumerate(units):
        samples = reader.get_spike_timestamps(0, 0, index)
        yield from unlike(f"train of unit {unit}", expected.trains[unit], samples)
        seconds = reader.rescale_spike_timestamp(samples)
        yield from unlike(f"times of unit {unit}", samples / expected.fs_Hz, seconds)
        wanted = {
            name.lower(): values.get(unit) for name, values in expected.tables.items()
        }
        wanted |= {"si_unit_id": expected.ids[unit], "group": expected.groups[unit]}
        if expected.electrodes is not None:
            wanted["electrode"] = expected.electrodes[unit]
        if expected.labels is not None:
            wanted["quality"] = expected.labels[unit] or None
        found = {name: annotations[index].get(name) for name in wanted}
        yield from unlike(f"annotations of unit {unit}", wanted, found)


def spikelab(folder: Path, expected: PhyRecording):
    sd = load_spikedata_from_kilosort(str(folder), fs_Hz=expected.fs_Hz)
    units = expected.units_with_spikes
    yield from spikelab_unlike(sd, expected, units)
    table = "cluster_group.tsv"
    sd = load_spikedata_from_kilosort(
        str(folder), fs_Hz=expected.fs_Hz, cluster_info_tsv=table
    )
    good = [unit for unit in units if expected.groups[unit].lower() in GOOD]
    yield from spikelab_unlike(sd, expected, good)


def spikelab_unlike(sd, expected, units):
    """SpikeLab knows no unit ids but the clusters', 0 to N - 1."""
    attributes = sd.neuron_attributes
    yield from unlike("unit ids", list(units), [a["unit_id"] for a in attributes])
    wanted = expected.channels[list(units)]
    yield from unlike("electrodes", wanted, [a["electrode"] for a in attributes])
    for index, unit in enumerate(units):
        samples = np.rint(sd.train[index] * (expected.fs_Hz / 1000))
        yield from unlike(f"train of unit {unit}", expected.trains[unit], samples)
        # It looks for the location in the row of the electrode's number, where there is one, and not in that of the channel.
        electrode = expected.channels[unit]
        channel_count = len(expected.positions)
        row = electrode if electrode < channel_count else index
        location = expected.positions[row] if row < channel_count else None
        found = attributes[index].get("location")
        yield from unlike(f"location of unit {unit}", location, found)


READERS = {
    "phylib": phylib,
    "read_phy": spikeinterface_phy,
    "read_phy, spike vector": spikeinterface_vector,
    "read_kilosort": spikeinterface_kilosort,
    "neo": neo,
    "SpikeLab": spikelab,
    "read_kilosort, main channels": spikeinterface_main_channels,
    "read_kilosort_as_analyzer": spikeinterface_analyzer,
}


def unlike(what, expected, found):
    same = (
        expected == found
        if expected is None or isinstance(expected, dict)
        else np.array_equal(expected, found)
    )
    if not same:
        yield f"{what}: expected {expected!r:.200}, found {found!r:.200}"
