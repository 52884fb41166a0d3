"""Loads pickles as Python does."""

import gc
import pickle
import time

from serve import serve


def load(path):
    gc.collect()
    start = time.perf_counter()
    with open(path, "rb") as file:
        pickle.load(file)
    return time.perf_counter() - start


def summary(path):
    with open(path, "rb") as file:
        train = pickle.load(file).train
    return [
        len(train),
        sum(map(len, train)),
        float(train[0][1]),
        float(train[-1][-1]),
    ]


if __name__ == "__main__":
    serve({"load": load, "summary": summary})
