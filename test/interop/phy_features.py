"""Whether the readers of Phy folders find all that a folder can hold: phy_features.py MANIFEST READER…

The manifest is {folder, raw, recording, …}: the truth, from which everything is computed once more in numpy. Prints, by reader and by
feature, what is wrong: {reader: {feature: [problem, …]}}. A reader that fails has its error under all of its features.
"""

import json
import logging
import sys
import tempfile
import warnings
from functools import cached_property
from pathlib import Path

import numpy as np


class Truth:
    def __init__(self, manifest):
        self.folder = Path(manifest["folder"])
        self.fs_Hz = manifest["fsHz"]
        self.start = manifest["startTime"]
        self.trains = [np.array(times) for times in manifest["trains"]]
        self.before, self.after = manifest["before"], manifest["after"]
        self.raw = np.load(manifest["raw"])
        self.electrodes = np.array(manifest["electrodes"])
        self.ids = np.array(manifest["channels"]["ids"])
        self.order = np.argsort(self.ids)
        self.channel_map = self.ids[self.order]
        self.positions = self._ordered(manifest, "positions")
        self.shanks = self._ordered(manifest, "shanks")
        self.channel_groups = self._ordered(manifest, "groups")
        self.unit_channels = np.searchsorted(self.channel_map, self.electrodes)
        self.groups = self.channel_groups[self.unit_channels]
        self.unit_samples = [
            np.rint((times - self.start) * (self.fs_Hz / 1000)).astype(int)
            for times in self.trains
        ]
        flat = np.concatenate(self.unit_samples)
        self.time_order = np.argsort(flat, kind="stable")
        counts = [len(train) for train in self.trains]
        self.clusters = np.repeat(np.arange(len(counts)), counts)[self.time_order]
        self.samples = flat[self.time_order]
        self.amplitudes = np.concatenate(manifest["amplitudes"])[self.time_order]
        features = [np.array(f, np.float32) for f in manifest["features"]]
        self.features = np.concatenate(features)[self.time_order]
        wanted = np.array(manifest["featureElectrodes"])
        self.feature_channels = np.searchsorted(self.channel_map, wanted)

    def _ordered(self, manifest, name):
        return np.array(manifest["channels"][name])[self.order]

    @cached_property
    def templates(self):
        """Means of the raw data around spikes, units × samples × channels."""
        window = np.arange(-self.before, self.after)
        length = self.raw.shape[1]
        rows = self.raw[self.channel_map].astype(np.float64)
        means = []
        for samples in self.unit_samples:
            whole = samples[(samples >= self.before) & (samples + self.after <= length)]
            snippets = rows[:, whole[:, None] + window]
            means.append(np.add.reduce(snippets, axis=1) / len(whole))
        return np.array(means).transpose(0, 2, 1).astype(np.float32)


def phylib(truth):
    from phylib.io.model import load_model

    model = load_model(truth.folder / "params.py")
    best = model.channel_mapping[model.templates_channels]
    features = model.sparse_features
    return {
        "spikes": [
            unlike("samples", truth.samples, model.spike_samples),
            unlike("clusters", truth.clusters, model.spike_clusters),
        ],
        "channels": [
            unlike("map", truth.channel_map, model.channel_mapping),
            unlike("positions", truth.positions, model.channel_positions),
            unlike("of units", truth.electrodes, best),
        ],
        "shanks": [unlike("shanks", truth.shanks, model.channel_shanks)],
        "groups": [
            unlike(
                "groups",
                truth.groups,
                list(model.metadata["channel_group"].values()),
            )
        ],
        "templates": [unlike("templates", truth.templates, model.sparse_templates.data)],
        "amplitudes": [unlike("amplitudes", truth.amplitudes, model.amplitudes)],
        "raw data": [
            unlike(
                "samples",
                truth.raw[truth.channel_map].T,
                model.traces[0 : truth.raw.shape[1]],
            )
        ],
        "features": [
            unlike("features", truth.features.transpose(0, 2, 1), features.data),
            unlike("channels", truth.feature_channels, features.cols),
        ],
    }


def alf(truth):
    """phylib's own export to ALF, as IBL's database has it."""
    from phylib.io.alf import EphysAlfCreator
    from phylib.io.model import load_model

    with tempfile.TemporaryDirectory() as name:
        out = Path(name) / "alf"
        EphysAlfCreator(load_model(truth.folder / "params.py")).convert(out)
        load = lambda name: np.load(out / f"{name}.npy")  # noqa: E731
        peaks = np.ptp(truth.templates, axis=1).max(axis=1)
        closest = load("templates.waveformsChannels")
        own = np.arange(len(closest))[:, None, None]
        sample = np.arange(truth.templates.shape[1])[None, :, None]
        return {
            "spikes": [
                unlike("samples", truth.samples, load("spikes.samples")),
                unlike("times", truth.samples / truth.fs_Hz, load("spikes.times")),
                unlike("clusters", truth.clusters, load("spikes.clusters")),
            ],
            "channels": [
                unlike("map", truth.channel_map, load("channels.rawInd")),
                unlike("positions", truth.positions, load("channels.localCoordinates")),
                unlike("of units", truth.unit_channels, load("clusters.channels")),
            ],
            "templates": [
                unlike(
                    "waveforms up to a factor a unit",
                    True,
                    proportional(
                        truth.templates[own, sample, closest[:, None, :]],
                        load("templates.waveforms"),
                    ),
                )
            ],
            "amplitudes": [
                unlike(
                    "amplitudes",
                    True,
                    np.allclose(
                        truth.amplitudes * peaks[truth.clusters],
                        load("spikes.amps"),
                        rtol=1e-5,
                    ),
                )
            ],
        }


def read_phy(truth):
    from spikeinterface.extractors import read_phy as read

    sorting = read(truth.folder)
    return {
        "spikes": sorting_unlike(truth, sorting),
        "groups": [unlike("groups", truth.groups, sorting.get_property("group"))],
    }


def read_kilosort(truth):
    from spikeinterface.extractors import read_kilosort as read

    sorting = read(truth.folder, channel_ids=np.arange(len(truth.raw)))
    return {
        "spikes": sorting_unlike(truth, sorting),
        "channels": [
            unlike("of units", truth.electrodes, sorting.get_property("main_channel_id"))
        ],
        "groups": [unlike("groups", truth.groups, sorting.get_property("group"))],
    }


def analyzer(truth):
    from spikeinterface.extractors import read_kilosort_as_analyzer

    analyzer = read_kilosort_as_analyzer(truth.folder)
    main = truth.channel_map[analyzer.get_main_channels()]
    found = analyzer.get_extension("templates").get_data()
    return {
        "spikes": sorting_unlike(truth, analyzer.sorting),
        "channels": [
            unlike("positions", truth.positions, analyzer.get_channel_locations()),
            unlike("of units", truth.electrodes, main),
        ],
        "groups": [unlike("groups", truth.groups, analyzer.sorting.get_property("group"))],
        "templates": [unlike("templates", truth.templates, found)],
    }


def spikeinterface_recording(truth):
    """SpikeInterface's reader of binary files, given what params.py says."""
    from spikeinterface.core import read_binary, read_python

    params = read_python(truth.folder / "params.py")
    recording = read_binary(
        truth.folder / params["dat_path"],
        sampling_frequency=params["sample_rate"],
        dtype=params["dtype"],
        num_channels=params["n_channels_dat"],
        file_offset=params["offset"],
    )
    return {"raw data": [unlike("samples", truth.raw.T, recording.get_traces())]}


def neo(truth):
    from neo.rawio import PhyRawIO

    reader = PhyRawIO(
        dirname=str(truth.folder), load_amplitudes=True, load_pcs=True
    )
    reader.parse_header()
    annotations = reader.raw_annotations["blocks"][0]["segments"][0]["spikes"]
    units = range(len(truth.trains))
    found = {"spikes": [], "groups": [], "amplitudes": [], "features": []}
    for unit in units:
        own = truth.clusters == unit
        spikes = reader.get_spike_timestamps(0, 0, unit)
        arrays = annotations[unit]["__array_annotations__"]
        found["spikes"].append(unlike(f"unit {unit}", truth.samples[own], spikes))
        group = annotations[unit]["channel_group"]
        found["groups"].append(unlike(f"unit {unit}", truth.groups[unit], group))
        amplitudes = arrays["amplitudes"]
        found["amplitudes"].append(
            unlike(f"unit {unit}", truth.amplitudes[own], amplitudes)
        )
        for component, channel in np.ndindex(truth.features.shape[1:]):
            found["features"].append(
                unlike(
                    f"unit {unit}",
                    truth.features[own, component, channel],
                    arrays[f"channel{channel}_pc{component}"],
                )
            )
        channels = np.squeeze(annotations[unit]["pc_feature_ind"])
        found["features"].append(
            unlike(f"unit {unit}", truth.feature_channels[unit], channels)
        )
    return found


def spikelab(truth):
    from spikelab.data_loaders.data_loaders import load_spikedata_from_kilosort

    sd = load_spikedata_from_kilosort(str(truth.folder), fs_Hz=truth.fs_Hz)
    spikes = [
        unlike(f"unit {unit}", samples, np.rint(times * (truth.fs_Hz / 1000)))
        for unit, (samples, times) in enumerate(zip(truth.unit_samples, sd.train))
    ]
    electrodes = [a["electrode"] for a in sd.neuron_attributes]
    return {
        "spikes": spikes,
        "channels": [unlike("of units", truth.electrodes, electrodes)],
    }


def bombcell(truth):
    """Its loader, and its whole pipeline."""
    import matplotlib

    matplotlib.use("Agg")
    from bombcell.default_parameters import get_default_parameters
    from bombcell.helper_functions import run_bombcell
    from bombcell.loading_utils import load_ephys_data

    samples, units, templates, amplitudes, features, channels, positions = (
        load_ephys_data(truth.folder)
    )
    with tempfile.TemporaryDirectory() as name:
        dat = str(truth.folder / "recording.dat")
        param = get_default_parameters(
            truth.folder, raw_file=dat, kilosort_version=4, gain_to_uV=1.0
        )
        param |= {
            "verbose": False,
            "plotGlobal": False,
            "plotDetails": False,
            "savePlots": False,
            "saveAsTSV": False,
            "unit_type_for_phy": False,
            "nChannels": len(truth.raw),
            "nSyncChannels": 0,
            "ephys_sample_rate": truth.fs_Hz,
            "joblib_backend_preference": "threads",
            "computeDistanceMetrics": True,
        }
        metrics, *_ = run_bombcell(truth.folder, Path(name), param)
    counts = [len(train) for train in truth.trains]
    peaks = np.asarray(metrics["maxChannels"], int)
    return {
        "spikes": [
            unlike("samples", truth.samples, samples),
            unlike("units", truth.clusters, units),
            unlike("counts", counts, np.asarray(metrics["nSpikes"])),
        ],
        "channels": [
            unlike("positions", truth.positions, positions),
            unlike("of units", truth.unit_channels, peaks),
        ],
        "templates": [unlike("templates", truth.templates, templates)],
        "amplitudes": [unlike("amplitudes", truth.amplitudes, amplitudes)],
        "raw data": [
            unlike("spikes of more than 400", True, bool(np.all(metrics["rawAmplitude"] > 400)))
        ],
        "features": [
            unlike("features", truth.features, features),
            unlike("channels", truth.feature_channels, channels),
        ],
    }


def sorting_unlike(truth, sorting):
    return [
        unlike(f"unit {unit}", samples, sorting.get_unit_spike_train(unit))
        for unit, samples in enumerate(truth.unit_samples)
    ] + [unlike("rate", truth.fs_Hz, sorting.get_sampling_frequency())]


def proportional(a, b):
    factors = np.ptp(a, axis=(1, 2)) / np.ptp(b, axis=(1, 2))
    return np.allclose(a, b * factors[:, None, None], rtol=1e-4, atol=1e-4 * np.abs(a).max())


def unlike(what, expected, found):
    if np.array_equal(expected, found):
        return None
    return f"{what}: expected {expected!r:.200}, found {found!r:.200}"


READERS = {
    "phylib": phylib,
    "ALF": alf,
    "read_phy": read_phy,
    "read_kilosort": read_kilosort,
    "read_kilosort_as_analyzer": analyzer,
    "read_binary": spikeinterface_recording,
    "neo": neo,
    "SpikeLab": spikelab,
    "Bombcell": bombcell,
}


def outcome(read, truth):
    try:
        found = read(truth)
    except Exception as error:
        import traceback

        return {"error": [f"{type(error).__name__}: {error} {traceback.format_exc()[-1500:]}"]}
    return {name: [p for p in problems if p] for name, problems in found.items()}


if __name__ == "__main__":
    logging.disable(logging.CRITICAL)
    warnings.simplefilter("ignore")
    truth = Truth(json.loads(Path(sys.argv[1]).read_text()))
    stdout, sys.stdout = sys.stdout, sys.stderr
    results = {name: outcome(READERS[name], truth) for name in sys.argv[2:]}
    print(json.dumps(results), file=stdout)
