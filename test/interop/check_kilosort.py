"""Compares KiloSort folders, file by file and byte by byte, with those that SpikeLab's own exporter writes.

A case: {name, recording, folder, options}.
"""

from pathlib import Path

import checks
from recordings import spike_data
from reference import loaded_differences, snake_case
from spikelab.data_loaders.data_exporters import export_spikedata_to_kilosort
from spikelab.data_loaders.data_loaders import load_spikedata_from_kilosort

LOADER_OPTIONS = {"fs_Hz", "spike_times_file", "spike_clusters_file", "time_unit"}


def check(case, manifest, folder):
    sd = spike_data(manifest["recordings"][case["recording"]])
    options = snake_case(case["options"])
    export_spikedata_to_kilosort(sd, str(folder), **options)
    yield from folder_differences(folder, Path(case["folder"]))

    def load_spikedata(path):
        return load_spikedata_from_kilosort(
            path, **{k: v for k, v in options.items() if k in LOADER_OPTIONS}
        )

    yield from loaded_differences(load_spikedata, folder, case["folder"])


def folder_differences(expected: Path, actual: Path):
    left, right = (
        sorted(file.name for file in folder.iterdir()) for folder in (expected, actual)
    )
    if left != right:
        yield f"the folder holds {right}, not {left}"
    for name in sorted(set(left) & set(right)):
        wanted, found = (expected / name).read_bytes(), (actual / name).read_bytes()
        if wanted != found:
            same = next(
                (i for i, (w, f) in enumerate(zip(wanted, found)) if w != f),
                min(len(wanted), len(found)),
            )
            yield f"{name} differs from byte {same} on ({len(found)} bytes, expected {len(wanted)})"


if __name__ == "__main__":
    checks.run(check)
