"""A process that exports recordings and measures it: how long all calls of a request took, and the peak of memory."""

import gc
import sys
import time

from serve import serve


class Peer:
    """Answers Node's requests with the calls given by name; each takes a recording, a path and its options."""

    def __init__(self, calls, make_recording):
        self._calls = calls
        self._make_recording = make_recording
        self._recording = None

    def load(self, **recording):
        self._recording = None
        self._recording = self._make_recording(**recording)

    def run(self, call, options, paths):
        """Makes the call once for each path. The peak is above the memory that was in use; None where the system does not report it."""
        function = self._calls[call]
        self._recording.prepare()
        gc.collect()
        before = reset_peak()
        start = time.perf_counter()
        for path in paths:
            result = function(self._recording, path, **options)
        seconds = time.perf_counter() - start
        peak = memory("VmHWM")
        del result
        return {"seconds": seconds, "peakBytes": peak and max(peak - before, 0)}

    def serve(self, **functions):
        serve({"load": self.load, "run": self.run, **functions})


def reset_peak():
    """Begins a new measurement of the peak. Returns the memory in use."""
    if sys.platform == "linux":
        with open("/proc/self/clear_refs", "w") as file:
            file.write("5")
    return memory("VmRSS")


def memory(name):
    """A line of the process's status, in bytes; None where the system has none."""
    if sys.platform != "linux":
        return None
    with open("/proc/self/status") as file:
        line = next(line for line in file if line.startswith(name))
    return int(line.split()[1]) * 1024
