// The datasets of a group, one a unit, as one long array.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "engine/job.h"
#include "hdf5/reading/open_file.h"
#include "hdf5/reading/read_job.h"

namespace spikeport::hdf5 {

/** Orders names as people do: runs of digits by their number, everything else by its bytes, and equal names by all of
 * their bytes. */
[[nodiscard]] bool is_naturally_before(const std::string& a, const std::string& b);

/** The datasets of a group, in natural order of their names, all of which hold a list of numbers. */
class StoredUnits {
 public:
  /** The names that are put in order in one go; runs of them are merged. */
  static constexpr std::size_t names_a_run = 4096;

  explicit StoredUnits(std::string path) : path_(std::move(path)) {}

  /** Looks at the next datasets; returns whether there are more. On the HDF5 thread. */
  bool look_at_some(const OpenFile& file);
  /** Cumulative end counts, one a dataset. */
  [[nodiscard]] const std::vector<std::int64_t>& ends() const { return ends_; }
  [[nodiscard]] std::uint64_t count() const { return ends_.empty() ? 0 : static_cast<std::uint64_t>(ends_.back()); }
  /** How many of them are in compressed datasets. */
  [[nodiscard]] std::uint64_t compressed() const { return compressed_; }
  /** What reads all of them, one after the other, into an array with room for `count` float64. Once. */
  [[nodiscard]] ReadPlan take_plan(const Destination& to);

 private:
  /** Puts the next names in order; returns whether there are more. */
  bool sort_some();
  void look_at(const OpenFile& file, const std::string& name);

  std::string path_;
  bool is_listed_ = false;
  std::vector<std::string> names_;
  /** How long the runs are that are put in order now, and how many names of all are. */
  std::size_t run_ = names_a_run;
  std::size_t sorted_ = 0;
  std::size_t next_ = 0;
  std::vector<std::int64_t> ends_;
  std::uint64_t compressed_ = 0;
  ReadPlan plan_;
  /** Where in the array each request and each part begins. */
  std::vector<std::uint64_t> request_starts_;
  std::vector<std::uint64_t> part_starts_;
};

}  // namespace spikeport::hdf5
