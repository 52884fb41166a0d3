"""Writes folders as KiloSort, Phy and SpikeInterface leave them, and what SpikeLab's loader makes of them, as JSON.

    write_kilosort_folders.py FOLDER [EXPORTED ...]

EXPORTED are Phy folders of an export. Each is loaded as it is, and a copy of it after phylib has saved a merge, a split and labels.
"""

import json
import shutil
import sys
import warnings
from pathlib import Path

import numpy as np
from phylib.io.model import load_model
from spikelab.data_loaders.data_loaders import load_spikedata_from_kilosort

root = Path(sys.argv[1])
rng = np.random.default_rng(4)
FS = 30000.0
COUNT = 400
CLUSTERS = 6
CHANNELS = 8
cases = []


def plain(value):
    return value.item() if isinstance(value, np.generic) else value


def snake(name):
    return "fs_Hz" if name == "fsHz" else "".join("_" + c.lower() if c.isupper() else c for c in name)


def attributes_of(sd):
    return [
        {key: [plain(x) for x in value] if key == "location" else plain(value) for key, value in attributes.items()}
        for attributes in sd.neuron_attributes
    ]


def case(name, folder, options=None, **expected):
    """A folder, what the loaders are given, and SpikeLab's answer: an error or a recording.

    `expected` says what ours is where it differs on purpose: `trains` like those of another folder, or no `locations`.
    """
    options = {"fsHz": FS, **(options or {})}
    given = {snake(key): value for key, value in options.items()}
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            sd = load_spikedata_from_kilosort(str(folder), **given)
        theirs = {
            "trains": [np.asarray(train, float).ravel().tolist() for train in sd.train],
            "length": float(sd.length),
            "attributes": attributes_of(sd),
            "clusters": [int(cluster) for cluster in sd.metadata["cluster_ids"]],
        }
    except Exception as error:
        theirs = {"error": type(error).__name__}
    cases.append({"name": name, "folder": str(folder), "options": options, "theirs": theirs, **expected})
    return theirs


def write(name, arrays=None, texts=None):
    folder = root / name
    folder.mkdir()
    for file, array in (arrays or {}).items():
        np.save(folder / f"{file}.npy", array)
    for file, text in (texts or {}).items():
        (folder / file).write_bytes(text.encode())
    return folder


times = np.sort(rng.integers(0, 300_000, COUNT))
clusters = rng.integers(0, CLUSTERS, COUNT)
positions = np.stack([np.tile([0.0, 32.0], CHANNELS // 2), np.repeat(np.arange(CHANNELS // 2) * 20.0, 2)], axis=1)
templates = rng.normal(size=(CLUSTERS, 61, CHANNELS)).astype("f4")
identity = np.arange(CHANNELS)
labels = "".join(f"{i}\t{label}\n" for i, label in enumerate(["good", "mua", "noise", "good", "unsorted", "MUA"]))

# Types.
for of_times in ["<i8", "<u8", "<i4", "<u4", "<f8", "<f4", ">i8", ">u4"]:
    for of_clusters in ["<i4", "<u4", "<i8", "<u8", "<i2", ">i4"]:
        folder = write(f"types {of_times} {of_clusters}".replace("<", "l").replace(">", "b"),
                       {"spike_times": times.astype(of_times), "spike_clusters": clusters.astype(of_clusters)})
        case(f"types {of_times}, {of_clusters}", folder)

# Units of times, unsorted times, another frequency, a length.
shuffled = rng.permutation(COUNT)
folder = write("plain", {"spike_times": times[shuffled], "spike_clusters": clusters[shuffled]})
for fs in [20000.0, 30000.0, 32000.5, 24414.0625]:
    case(f"samples at {fs} Hz", folder, {"fsHz": fs})
case("a length", folder, {"lengthMs": 20_000.5})
seconds = np.sort(rng.uniform(0, 100, COUNT))
folder = write("seconds", {"st": seconds, "sc": clusters})
for unit in ["s", "ms"]:
    case(f"times in {unit}", folder, {"timeUnit": unit, "spikeTimesFile": "st.npy", "spikeClustersFile": "sc.npy"})
case("no spikes", write("none", {"spike_times": times[:0], "spike_clusters": clusters[:0]}))

# KiloSort 2 and 2.5 of MATLAB: columns in Fortran order, uint64 and uint32.
column = {
    "spike_times": times.astype("u8").reshape(-1, 1, order="F"),
    "spike_clusters": clusters.astype("u4").reshape(-1, 1, order="F"),
    "spike_templates": clusters.astype("u4").reshape(-1, 1, order="F"),
    "templates": np.asfortranarray(templates),
    "channel_map": identity.astype("i4").reshape(-1, 1, order="F"),
    "channel_positions": np.asfortranarray(positions),
    "amplitudes": rng.uniform(10, 20, (COUNT, 1)),
}
texts = {
    "params.py": "dat_path = 'C:\\\\data\\\\x.dat'\nn_channels_dat = 385\ndtype = 'int16'\noffset = 0\nsample_rate = 30000.\nhp_filtered = False",
    "cluster_KSLabel.tsv": "cluster_id\tKSLabel\r\n" + labels.replace("\n", "\r\n"),
}
# KiloSort 4, and 3 with few templates.
flat = {name: array.ravel() if array.ndim == 2 and array.shape[1] == 1 else np.ascontiguousarray(array) for name, array in column.items()}
flat.update(spike_clusters=clusters.astype("i4"), spike_times=times.astype("i8"))
texts["cluster_group.tsv"] = texts["cluster_KSLabel.tsv"]
texts["cluster_Amplitude.tsv"] = "cluster_id\tAmplitude\n" + "".join(f"{i}\t{i * 1.5}\n" for i in range(CLUSTERS))
folder = write("ks4", flat, texts)
expected = case("KiloSort 4", folder)
case("KiloSort 4, labels", folder, {"clusterInfoTsv": "cluster_group.tsv"})
case("KiloSort 4, labels with noise", folder, {"clusterInfoTsv": "cluster_group.tsv", "includeNoise": True})
# SpikeLab takes columns of spikes only where there are no templates.
case("KiloSort 2", write("ks2", column, texts), ours=expected)
del column["templates"]
case("KiloSort 2 without templates", write("ks2 map", column, texts))

# Complete folders. MATLAB writes all numbers in columns, in Fortran order, and KiloSort 3 no features.
matlab = {
    **column,
    "templates": np.asfortranarray(templates),
    "templates_ind": np.asfortranarray(np.tile(np.arange(float(CHANNELS)), (CLUSTERS, 1))),
    "similar_templates": np.asfortranarray(np.eye(CLUSTERS, dtype="f4")),
    "whitening_mat": np.asfortranarray(np.eye(CHANNELS) / 200),
    "whitening_mat_inv": np.asfortranarray(np.eye(CHANNELS) * 200),
}
matlab_texts = {
    **texts,
    "cluster_group.tsv": texts["cluster_KSLabel.tsv"],
    "cluster_ContamPct.tsv": "cluster_id\tContamPct\r\n" + "".join(f"{i}\t{2.5 * i:.1f}\r\n" for i in range(CLUSTERS)),
}
features = {
    "pc_features": np.asfortranarray(rng.normal(size=(COUNT, 3, 4)).astype("f4")),
    "pc_feature_ind": np.asfortranarray(np.tile(np.arange(4, dtype="u4"), (CLUSTERS, 1))),
    "template_features": np.asfortranarray(rng.normal(size=(COUNT, 4)).astype("f4")),
    "template_feature_ind": np.asfortranarray(np.tile(np.arange(4, dtype="u4"), (CLUSTERS, 1))),
}
case("KiloSort 2.5, complete", write("ks2.5 complete", {**matlab, **features}, matlab_texts), ours=expected)
case("KiloSort 3, complete", write("ks3 complete", matlab, matlab_texts), ours=expected)
kept = np.ones(COUNT + 3, bool)
kept[[5, 6, 90]] = False
ops = {"settings": {"n_chan_bin": 385, "fs": FS}, "fs": FS, "Wrot": np.eye(CHANNELS, dtype="f4"), "is_tensor": ["Wrot"], "data_dir": Path("/data")}
complete = {
    **flat,
    "spike_templates": flat["spike_clusters"],
    "amplitudes": flat["amplitudes"].astype("f4"),
    "channel_map": identity.astype("i4"),
    "channel_positions": positions.astype("f4"),
    "templates_ind": np.tile(identity, (CLUSTERS, 1)),
    "similar_templates": np.eye(CLUSTERS, dtype="f4"),
    "whitening_mat": 0.005 * np.eye(CHANNELS, dtype="f4"),
    "whitening_mat_dat": np.eye(CHANNELS, dtype="f4"),
    "whitening_mat_inv": np.eye(CHANNELS) / 0.00501,
    "spike_positions": rng.uniform(0, 80, (COUNT, 2)).astype("f4"),
    "spike_detection_templates": rng.integers(0, 40, COUNT).astype("i4"),
    "kept_spikes": kept,
    "pc_features": rng.normal(size=(COUNT, 4, 6)).astype("f4"),
    "pc_feature_ind": np.tile(np.arange(4), (CLUSTERS, 1)),
    "ops": np.array(ops),
}
contaminated = "cluster_id\tContamPct\n" + "".join(f"{i}\t{p:.1f}\n" for i, p in enumerate([0.0, 12.25, np.nan, np.inf, 100.0, 3.0]))
case("KiloSort 4, complete", write("ks4 complete", complete, {**texts, "cluster_ContamPct.tsv": contaminated, "kilosort4.log": "sorted\n"}))

# Phy after curation: merged, split, and its summary.
curated = clusters.copy()
curated[np.isin(clusters, [1, 4])] = 7
curated[np.flatnonzero(clusters == 2)[::2]] = 8
info = "cluster_id\tAmplitude\tch\tdepth\tgroup\tn_spikes\n" + "".join(
    f"{i}\t{i / 3}\t{i % CHANNELS}\t{20 * i}\t{group}\t{np.sum(curated == i)}\n"
    for i, group in [(0, "good"), (2, "noise"), (3, "mua"), (5, ""), (7, "good"), (8, "good")]
)
folder = write("curated", {**flat, "spike_clusters": curated.astype("i4")}, {**texts, "cluster_info.tsv": info})
case("Phy, merged and split", folder)
case("Phy, summary", folder, {"clusterInfoTsv": "cluster_info.tsv"})
case("Phy, summary with noise", folder, {"clusterInfoTsv": "cluster_info.tsv", "includeNoise": True})

# Tables that cannot be used, or only by halves.
for name, text in {
    "no labels": "cluster_id\tx\n0\t1\n",
    "no ids": "x\tgroup\n0\tgood\n",
    "header": "cluster_id\tgroup\n",
    "duplicates": "cluster_id\tgroup\n0\tnoise\n0\tgood\n3\tgood \n",
    "both": "cluster_id\tKSLabel\tgroup\n0\tgood\t\n1\tnoise\tgood\n",
    "id": "id\tgroup\n4\tgood\n",
}.items():
    folder = write(f"table {name}", {"spike_times": times, "spike_clusters": clusters}, {"labels.tsv": text})
    case(f"table: {name}", folder, {"clusterInfoTsv": "labels.tsv"})
case("table: none", folder, {"clusterInfoTsv": "other.tsv"})

# Only a channel map.
case("channel map by id", write("map", {"spike_times": times, "spike_clusters": clusters, "channel_map": identity[::-1]}))

# What differs on purpose: how, and the trains that ours are.
expected = case("the same, flat", write("flat", {"spike_times": times, "spike_clusters": clusters}))
n1 = times[shuffled].reshape(-1, 1)
case("n × 1 times", write("n1 times", {"spike_times": n1, "spike_clusters": clusters[shuffled]}), ours=expected)
case("n × 1 clusters", write("n1 clusters", {"spike_times": times, "spike_clusters": clusters.reshape(-1, 1)}), ours=expected)
order = np.array([3, 1, 0, 2, 7, 6, 5, 4])
arrays = {**flat, "channel_map": order}
peaks = np.abs(templates).max(axis=1).argmax(axis=1)
places = [positions[peak].tolist() for peak in peaks]
case("a channel map that is not 0, 1, 2, …", write("order", arrays), locations=places)
case("positions without channels", write("no channels", {"spike_times": times, "spike_clusters": clusters, "channel_positions": positions}),
     locations=[None] * CLUSTERS)
some = "cluster_id\tgroup\tch\n" + "".join(f"{i}\tgood\t{'' if i == 2 else (i + 1) % CHANNELS}\n" for i in range(CLUSTERS))
electrodes = [int(peaks[2]) if i == 2 else (i + 1) % CHANNELS for i in range(CLUSTERS)]
case("ch without a value", write("some ch", flat, {"labels.tsv": some}), {"clusterInfoTsv": "labels.tsv"},
     electrodes=electrodes, locations=[positions[electrode].tolist() for electrode in electrodes])
width = 3
sparse = np.stack([template[:, i : i + width] for i, template in enumerate(templates)])
columns = np.arange(CLUSTERS)[:, None] + np.arange(width)
at = [int(columns[i, np.abs(sparse[i]).max(axis=0).argmax()]) for i in range(CLUSTERS)]
case("sparse templates", write("sparse", {**flat, "templates": sparse, "templates_ind": columns}),
     electrodes=at, locations=[positions[electrode].tolist() for electrode in at])
case("ids that are not 0, 1, 2, …, by place", write("by place", {"spike_times": times, "spike_clusters": clusters * 3, "channel_map": identity[:CLUSTERS] + 40}),
     electrodes=[40 + i for i in range(CLUSTERS)])
case("ids that are not 0, 1, 2, …", write("no place", {"spike_times": times, "spike_clusters": clusters * 3, "channel_map": identity}),
     electrodes=[None] * CLUSTERS)
empty = write("empty table", {"spike_times": times, "spike_clusters": clusters}, {"labels.tsv": ""})
case("an empty table of labels", empty, {"clusterInfoTsv": "labels.tsv"}, ours=expected)
last = float(times.max()) / FS * 1e3
case("a spike just after the end", write("end", {"spike_times": times, "spike_clusters": clusters}), {"lengthMs": last - 0.01})
case("ids that are not whole", write("fractions", {"spike_times": times, "spike_clusters": clusters + 0.5}), ours="ERR_INVALID_FILE")
folder = write("before 0", {"spike_times": times - 1000, "spike_clusters": clusters})
case("times before 0", folder, ours="ERR_INVALID_FILE")
folder = write("lengths", {"spike_times": times, "spike_clusters": clusters[1:]})
case("lengths that differ", folder, ours="ERR_INVALID_FILE")

# Exported folders, and what phylib leaves of them after curation.
for number, exported in enumerate(sys.argv[2:]):
    case(f"exported {number}", exported)
    copy = root / f"curated {number}"
    shutil.copytree(exported, copy)
    model = load_model(copy / "params.py")
    now = model.spike_clusters.copy()
    ids = np.unique(now)
    now[np.isin(now, ids[:2])] = ids.max() + 1
    halves = np.flatnonzero(now == ids[2])
    now[halves[::2]] = ids.max() + 2
    now[halves[1::2]] = ids.max() + 3
    model.save_spike_clusters(now)
    left = np.unique(now).tolist()
    model.save_metadata("group", {cluster: "good" if cluster % 2 else "noise" for cluster in left})
    model.save_metadata("remark", {left[0]: "a, \"b\"\tc", left[1]: "d"})
    model.close()
    case(f"exported {number}, curated", copy)
    case(f"exported {number}, curated, labels", copy, {"clusterInfoTsv": "cluster_group.tsv"})

json.dump(cases, sys.stdout)
