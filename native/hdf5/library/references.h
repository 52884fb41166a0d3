#pragma once

// Object references, written with the HDF5 library after all objects.

#include "hdf5/library/file.h"
#include "hdf5/model/plan.h"

namespace spikeport::hdf5 {

// References in a file that the library writes: they are made when all objects are there. Called on the HDF5 thread.

/** Writes those of an object's attributes that are references. */
void write_references(const File& file, const std::string& path, std::span<const Attribute> attributes);

/** Fills a dataset of references. */
void write_references(const File& file, const ReferenceDataset& dataset);

}  // namespace spikeport::hdf5
