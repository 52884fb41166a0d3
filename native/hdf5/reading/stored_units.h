// The datasets of a group, one a unit, as one long array.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include "engine/job.h"
#include "hdf5/model/stepped_sort.h"
#include "hdf5/reading/description.h"
#include "hdf5/reading/open_file.h"
#include "hdf5/reading/read_job.h"
#include "hdf5/reading/stored_dataset.h"
#include "spikes/stored_times.h"

namespace spikeport::hdf5 {

/** Orders names as people do: runs of digits by their number, everything else by its bytes, and equal names by all of
 * their bytes. */
[[nodiscard]] bool is_naturally_before(const std::string& a, const std::string& b);

/** The datasets of a group, in natural order of their names, all of which hold a list of numbers. */
class StoredUnits {
 public:
  explicit StoredUnits(std::string path) : path_(std::move(path)), links_(path_) {}

  /** Looks at the next datasets; returns whether there are more. On the HDF5 thread. */
  bool look_at_some(const OpenFile& file);
  /** Cumulative end counts, one a dataset. */
  [[nodiscard]] const std::vector<std::int64_t>& ends() const { return ends_; }
  [[nodiscard]] std::uint64_t count() const { return ends_.empty() ? 0 : static_cast<std::uint64_t>(ends_.back()); }
  /** How many of them are in compressed datasets. */
  [[nodiscard]] std::uint64_t compressed() const { return compressed_; }
  /** What reads all of them, one after the other, into an array with room for `count` float64. Once. */
  [[nodiscard]] ReadPlan take_plan(const Destination& to);
  [[nodiscard]] bool is_taken() const { return is_taken_; }
  /** Whether each that has elements has them in one place. */
  [[nodiscard]] bool lie_together() const { return plan_.requests.empty(); }
  /** Where all of them are, unless some do not lie together; nothing without elements. */
  [[nodiscard]] std::vector<TimesRun> runs() const;
  /** What reads `count` elements from number `first` on, which exist. Linear in the datasets that have them. */
  [[nodiscard]] ReadPlan plan(std::uint64_t first, std::uint64_t count, const Destination& to) const;

 private:
  struct ByNumber {
    bool operator()(const GroupLink& a, const GroupLink& b) const { return is_naturally_before(a.name, b.name); }
  };

  /** A dataset of the group. */
  struct Unit {
    StoredDataset dataset;
    /** Whether it is an empty array of MATLAB, whose elements are its axes. */
    bool is_empty;
  };

  /** Reads the links and puts them in order, some at a time; returns whether there are more. */
  bool list_some(const OpenFile& file);
  Unit unit_at(const OpenFile& file, const std::string& path);
  void look_at(const OpenFile& file, const std::string& path);

  std::string path_;
  LinkReader links_;
  std::optional<SteppedSort<GroupLink, ByNumber>> sorting_;
  /** All of them, once they are in order. */
  std::optional<std::vector<GroupLink>> units_;
  std::size_t next_ = 0;
  std::vector<std::int64_t> ends_;
  std::uint64_t compressed_ = 0;
  /** What the library made of a type, by its bytes: to open a dataset takes it 20 µs, and all usually have one type. */
  std::unordered_map<std::string, StoredType> types_;
  ReadPlan plan_;
  bool is_taken_ = false;
  /** Where in the array each request and each part begins. */
  std::vector<std::uint64_t> request_starts_;
  std::vector<std::uint64_t> part_starts_;
};

}  // namespace spikeport::hdf5
