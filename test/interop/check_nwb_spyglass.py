"""Applies Spyglass's rules of ingestion to NWB files, by its source (spyglass-neuro 0.6.0): it does not run without its database.

Each table of Spyglass takes objects of the file by their type and name, and fields of them; a table of the database refuses what is longer than its
column, or nothing where it needs something. The rules are those of `spyglass/common/common_*.py`, `spyglass/spikesorting/imported.py` and
`spyglass/utils/mixins/ingestion.py`.

A case: {name, file, tables}: how many rows each table gets, by its name.
"""

import warnings

import checks
import numpy as np
import pynwb

# Names of the raw data, without regard to case and spaces: `Raw._source_nwb_object_name`.
RAW = {"e-series", "electricalseries", "ephys", "electrophysiology"}


def check(case, manifest, folder):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        with pynwb.NWBHDF5IO(case["file"], "r", load_namespaces=True) as io:
            nwb = io.read()
            rows = {name: list(table(nwb)) for name, table in TABLES.items()}
            for name, found in rows.items():
                for row in found:
                    yield from (f"{name}: {problem}" for problem in row_problems(row))
    counts = {name: len(found) for name, found in rows.items() if found}
    if counts != case["tables"]:
        yield f"rows {counts}, expected {case['tables']}"


def row_problems(row):
    """A row is {column: (value, what the database takes)}: the most characters of a text, a type, or None for anything."""
    for column, (value, wanted) in row.items():
        if isinstance(wanted, int):
            if not isinstance(value, str) or len(value) > wanted:
                yield f"{column} is no text of at most {wanted}: {value!r}"
        elif wanted is not None and not isinstance(value, wanted):
            yield f"{column} is {value!r}"


def session(nwb):
    yield {
        "session_id": (nwb.session_id or "", 200),
        "session_description": (nwb.session_description, 2000),
        "session_start_time": (nwb.session_start_time.isoformat(), 40),
        "timestamps_reference_time": (nwb.timestamps_reference_time.isoformat(), 40),
        "experiment_description": (nwb.experiment_description or "", 2000),
        "institution_name": (nwb.institution or "", 80),
        "lab_name": (nwb.lab or "", 80),
    }


def subject(nwb):
    if nwb.subject is not None:
        texts = {name: (getattr(nwb.subject, name) or "", 200) for name in ("age", "species", "sex")}
        yield {"subject_id": (nwb.subject.subject_id, 80), "description": (nwb.subject.description or "", 2000), **texts, "genotype": (nwb.subject.genotype or "", 2000)}


def experimenters(nwb):
    """`last, first` or `first last`."""
    for name in nwb.experimenter or ():
        parts = name.split(", ") if ", " in name else name.split()
        yield {"lab_member_name": (name, 80), "parts": (len(parts) >= 2 or None, bool)}


def electrode_groups(nwb):
    for group in of_type(nwb, pynwb.ecephys.ElectrodeGroup):
        # The probe is that of ndx-franklab-novela, or none.
        yield {
            "electrode_group_name": (group.name, 80),
            "region": (group.location, 200),
            "description": (group.description, 2000),
            "probe_id": (getattr(group.device, "probe_type", None), None),
        }


def electrodes(nwb):
    if nwb.electrodes is None:
        return
    for row in nwb.electrodes.to_dataframe().itertuples():
        places = {axis: (float(getattr(row, axis, np.nan)), float) for axis in "xyz"}
        # Of these columns Spyglass takes the values of its own kind: the reference by its id.
        number = {"original_reference_electrode": (int(getattr(row, "ref_elect_id", -1)), int)}
        bad = {"bad_channel": (str(bool(getattr(row, "bad_channel", False))), 5)}
        yield {
            "electrode_id": (int(row[0]), int),
            "electrode_group_name": (row.group_name, 80),
            "group": (row.group.name == row.group_name or None, bool),
            "region": (row.group.location, 200),
            "filtering": (getattr(row, "filtering", "unfiltered"), 2000),
            "impedance": (float(getattr(row, "imp", np.nan)), float),
            **places,
            **number,
            **bad,
        }


def raw(nwb):
    """Only the first one of these names, with a rate or timestamps."""
    for series in of_type(nwb, pynwb.ecephys.ElectricalSeries):
        if series.name.lower().replace(" ", "") in RAW:
            rate = series.rate if series.rate is not None else 1 / np.median(np.diff(series.timestamps[:]))
            yield {
                "raw_object_id": (series.object_id, 40),
                "sampling_rate": (float(rate), float),
                "comments": (series.comments, 2000),
                "description": (series.description, 2000),
            }
            return


def intervals(nwb):
    """`epochs`: the first tag is the name, which is the key."""
    names = set()
    for table in of_type(nwb, pynwb.epoch.TimeIntervals):
        if table.name != "epochs":
            continue
        for row in table.to_dataframe().itertuples():
            tags = getattr(row, "tags", None)
            name = tags[0] if tags is not None and len(tags) else f"interval_{row.Index}"
            yield {
                "interval_list_name": (name, 170),
                "distinct": (name not in names or None, bool),
                "valid_times": (np.asarray([[row.start_time, row.stop_time]]), np.ndarray),
            }
            names.add(name)


def positions(nwb):
    """All series of the one Position of the file."""
    found = of_type(nwb, pynwb.behavior.Position)
    if len(found) > 1:
        raise ValueError("Found more than one position object")
    for position in found:
        for series in position.spatial_series.values():
            yield {"name": (series.name, 32), "has_times": (series.timestamps is not None or series.rate is not None or None, bool)}


def imported_sorting(nwb):
    """The table of the units by its id; spike times are read from it later."""
    if nwb.units is not None and len(nwb.units):
        rows = nwb.units.to_dataframe()
        times = all(isinstance(train, np.ndarray) and (np.diff(train) >= 0).all() for train in rows["spike_times"])
        yield {"object_id": (nwb.units.object_id, 40), "spike_times": (times or None, bool)}


def of_kind(*kinds):
    """Objects of extensions, by the names of their types."""
    return lambda nwb: [{} for thing in nwb.objects.values() if type(thing).__name__ in kinds]


def tasks(nwb):
    module = nwb.processing.get("tasks")
    tables = module.data_interfaces.values() if module else ()
    return [{} for table in tables if hasattr(table, "task_name") and hasattr(table, "task_description")]


def of_type(nwb, kind):
    return [thing for thing in nwb.objects.values() if isinstance(thing, kind)]


TABLES = {
    "Session": session,
    "Subject": subject,
    "LabMember": experimenters,
    "ElectrodeGroup": electrode_groups,
    "Electrode": electrodes,
    "Raw": raw,
    "IntervalList": intervals,
    "PositionSource.SpatialSeries": positions,
    "ImportedSpikeSorting": imported_sorting,
    "TaskEpoch": tasks,
    "Probe": of_kind("Probe"),
    "DataAcquisitionDevice": of_kind("DataAcqDevice"),
    "CameraDevice": of_kind("CameraDevice"),
}


if __name__ == "__main__":
    checks.run(check)
