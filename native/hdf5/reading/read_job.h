// The job that reads elements of datasets into arrays.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "engine/job.h"
#include "hdf5/reading/open_file.h"
#include "reading/file_parts.h"

namespace spikeport::hdf5 {

/** Rows of a dataset of numbers and the array that they go to, which outlives the job. */
struct ReadRequest {
  std::string path;
  /** Whether no axis but one is longer than 1, as MATLAB writes vectors: then each element is a row. */
  bool is_list = false;
  std::uint64_t first_row = 0;
  /** How many elements the array has: those of whole rows that are in the dataset, or it is an error. */
  std::uint64_t count = 0;
  Destination to;
};

/** What a job reads. */
struct ReadPlan {
  std::vector<ReadRequest> requests;
  /** Elements of datasets whose place is known already; `object` is a number of `objects`. */
  std::vector<FilePart> parts;
  std::vector<std::string> objects;
  /** What destinations tell of their elements. */
  std::shared_ptr<OrderLog> order;
};

/**
 * Reads elements: contiguous ones past the library, by all threads; chunks are taken out of the file on the HDF5 thread
 * and decoded by all threads. A job of little data stays on the HDF5 thread.
 *
 * @param threads the most threads that may work on it
 */
std::shared_ptr<Job> read_job(const std::shared_ptr<OpenFile>& file, ReadPlan plan, unsigned threads);

}  // namespace spikeport::hdf5
