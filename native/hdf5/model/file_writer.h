// The interface of the two writers of HDF5 files: direct/ and library/ implement it, export.cc runs it.
#pragma once

#include <cstdint>
#include <utility>
#include <vector>

#include "engine/job.h"
#include "engine/thread_pool.h"
#include "hdf5/model/plan.h"
#include "replacement/partial_file.h"
#include "sources/source.h"

namespace spikeport::hdf5 {

/** Elements of a source, and the offset in the file where they begin. */
struct Extent {
  const Source* source;
  std::uint64_t first;
  std::uint64_t count;
  std::uint64_t offset;
};

/** Roughly how many bytes are written in which way, to choose threads by. */
struct Workload {
  std::uint64_t extents;
  std::uint64_t chunks;
};

/**
 * Makes the HDF5 file of one plan. The calls come in the order of the declarations, each after the one before has
 * ended; nothing but `close` follows a failure.
 */
class FileWriter {
 public:
  /** The plan stays where it is until the writer is destroyed. */
  explicit FileWriter(Plan plan) : plan_(std::move(plan)) {}
  FileWriter(const FileWriter&) = delete;
  FileWriter& operator=(const FileWriter&) = delete;
  virtual ~FileWriter() = default;

  [[nodiscard]] const Plan& plan() const { return plan_; }

  /** The threads on which `lay_out`, `write_chunks`, `finish` and `close` are called. */
  [[nodiscard]] virtual ThreadPool& thread() const = 0;
  [[nodiscard]] virtual Workload workload() const = 0;
  /** Whether it adds to the file that a plan has begun, and does not make a new one from its chunks. */
  [[nodiscard]] virtual bool continues_begun() const { return false; }

  /**
   * What can be done before the file exists, with a plan that has passed its check. Called on any thread.
   * @param encoders how many participants will encode chunks
   * @return the bytes that the job is going to report as written
   */
  virtual std::uint64_t prepare(unsigned encoders) = 0;

  /** Creates objects, a few at a time. @return whether there are more */
  virtual bool lay_out(const PartialFile& file, Job& job) = 0;

  /** Encodes the next few chunks. Called on any thread, once at a time per participant. @return whether there were any
   */
  virtual bool encode_chunks(Job& /*job*/, unsigned /*participant*/) { return false; }

  /** Writes what a participant has encoded, on `thread`. @return whether more may be encoded now (see Relay in
   * engine/job.h) */
  virtual bool write_chunks(unsigned /*participant*/) { return true; }

  /** What is written past this writer, by any number of threads: all contiguous elements. Called on any thread. */
  virtual std::vector<Extent> take_extents(Job& job) = 0;

  /** Writes what needs all objects to be there. */
  virtual void finish() {}

  /** Closes what is open, also after a failure. */
  virtual void close() {}

 private:
  const Plan plan_;
};

}  // namespace spikeport::hdf5
