"""The Phy program itself: opens a folder, selects every cluster, merges some, splits one, saves, and opens the folder again.

    phy_program.py FOLDER [MERGED SPLIT]

MERGED are clusters, separated by commas, SPLIT is one. Prints the rows of the cluster view when the folder was opened, after the
changes, and when it was opened again; the samples of each cluster's spikes then; the views there are; the amplitude of each cluster's last spike, divided by that of its first;
and the warnings and exceptions that came meanwhile: {opened, changed, reopened, spikes, views, growth, complaints}.
It needs a display.
"""

import json
import logging
import os
import sys
import tempfile
import time
import traceback
import warnings
from pathlib import Path

import numpy as np
from phy.apps.template import TemplateController
from phy.gui import create_app
from phy.gui.qt import QEventLoop, QTimer
from phylib.io.model import load_model

# What Phy logs for every folder without raw data and features, and of clusters that are not numbered through.
EXPECTED = (
    "Skipping spike waveforms that do not exist",
    "Could not create view FeatureView",
    "Could not create view TemplateFeatureView",
    "Could not create view TraceView",
    "Unreferenced clusters found in",
)

complaints = []


class Complaints(logging.Handler):
    def emit(self, record):
        message = record.getMessage()
        if not message.startswith(EXPECTED):
            complaints.append(f"{record.name}: {message}")


def complain(kind, error, trace):
    complaints.append("".join(traceback.format_exception(kind, error, trace)))


def process_events(seconds=0.05):
    loop = QEventLoop()
    QTimer.singleShot(int(1000 * seconds), loop.quit)
    loop.exec_()


def wait_for(condition, what):
    """Runs Qt's events until something is as it is to be, and for a moment more."""
    deadline = time.monotonic() + 30
    while not condition():
        if time.monotonic() > deadline:
            raise TimeoutError(what)
        process_events()
    process_events()


class Program:
    """A folder open in Phy."""

    def __init__(self, folder: Path):
        model = load_model(folder / "params.py")
        self.config = tempfile.TemporaryDirectory()
        self.controller = TemplateController(
            model=model,
            dir_path=folder,
            config_dir=Path(self.config.name),
            clear_cache=False,
            enable_threading=False,
        )
        self.gui = self.controller.create_gui(do_prompt_save=False)
        self.supervisor = self.controller.supervisor
        self.gui.show()
        self.settle()

    def settle(self):
        tasks = self.supervisor.task_logger
        wait_for(lambda: tasks.has_finished() and not self.supervisor._is_busy, "busy")

    def rows(self):
        """The cluster view: channel, depth, amplitude, rate, spikes, and the columns of the folder's tables."""
        return {
            str(row["id"]): {name: plain(value) for name, value in row.items()}
            for row in self.supervisor.cluster_info
        }

    def spikes(self):
        """The samples of each cluster, as phylib has them."""
        model = self.controller.model
        return {str(cluster): model.spike_samples[model.get_cluster_spikes(cluster)].tolist() for cluster in model.cluster_ids}

    def growth(self):
        clustering = self.supervisor.clustering
        amplitudes = {
            int(cluster): self.controller.get_spike_template_amplitudes(
                clustering.spikes_in_clusters([cluster])
            )
            for cluster in clustering.cluster_ids
        }
        return {cluster: float(a[-1] / a[0]) for cluster, a in amplitudes.items()}

    def select(self, clusters):
        self.supervisor.select(*clusters)
        wait_for(lambda: self.supervisor.selected_clusters == clusters, f"selected {clusters}")
        self.settle()

    def select_each(self):
        for cluster in self.supervisor.clustering.cluster_ids:
            self.select([int(cluster)])

    def merge(self, clusters):
        self.select(clusters)
        self.supervisor.actions.merge()
        self.settle()

    def split(self, cluster):
        """Takes the first half of a cluster's spikes out of it."""
        spikes = self.supervisor.clustering.spikes_in_clusters([cluster])
        self.supervisor.actions.split(spikes[: len(spikes) // 2], 0)
        self.settle()

    def close(self):
        self.gui.close()
        process_events()
        self.controller.model.close()
        self.config.cleanup()


def plain(value):
    return value.item() if isinstance(value, np.generic) else value


def main(folder, merged=None, split=None):
    sys.excepthook = complain
    logging.getLogger().addHandler(Complaints(level=logging.WARNING))
    warnings.showwarning = lambda message, category, *place: complaints.append(
        f"{category.__name__}: {message} {place}"
    )
    warnings.simplefilter("ignore")
    warnings.simplefilter("always", RuntimeWarning)
    create_app()
    program = Program(Path(folder))
    views = sorted({type(view).__name__ for view in program.gui.views})
    found = {"opened": program.rows(), "views": views, "growth": program.growth()}
    program.select_each()
    if merged:
        program.merge([int(cluster) for cluster in merged.split(",")])
        program.split(int(split))
        program.supervisor.save()
        program.settle()
        found["changed"] = program.rows()
        program.close()
        program = Program(Path(folder))
        found["reopened"] = program.rows()
        found["spikes"] = program.spikes()
        program.select_each()
    program.close()
    print(json.dumps({**found, "complaints": complaints}), flush=True)


if __name__ == "__main__":
    status = 1
    try:
        main(*sys.argv[1:])
        status = 0
    except Exception:
        traceback.print_exc()
        print(*complaints, sep="\n", file=sys.stderr)
    # Not the usual end: Qt would take its objects apart in an order of Python's.
    os._exit(status)
