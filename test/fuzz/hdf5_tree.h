#pragma once

// Makes random plans of HDF5 files for the fuzz target.

#include <cstddef>
#include <cstdint>
#include <deque>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "hdf5/model/plan.h"
#include "input.h"

namespace spikeport::fuzz {

/** A random plan of an HDF5 file, and what the library reads of it (see exports/library_reader.h). */
class Hdf5Tree {
 public:
  Hdf5Tree(Input& input, std::string target);

  [[nodiscard]] const hdf5::Plan& plan() const { return plan_; }
  [[nodiscard]] const std::map<std::string, std::string>& content() const { return content_; }

 private:
  std::string any_path(Input& input);
  std::vector<hdf5::Attribute> any_attributes(Input& input, const std::string& path);
  void add_dataset(Input& input);
  void add_units(Input& input);
  void add_texts(Input& input);
  void add_references(Input& input);
  void add_group(Input& input);
  void add_link(Input& input);

  hdf5::Plan plan_;
  std::map<std::string, std::string> content_;
  /** Paths of objects that references can lead to. */
  std::vector<std::string> places_{""};
  // What the plan points into, where it stays.
  std::deque<std::vector<std::byte>> numbers_;
  std::deque<std::string> texts_;
  std::deque<std::vector<double>> ends_;
  std::deque<std::vector<std::int32_t>> choices_;
  std::deque<std::vector<double>> times_;
};

}  // namespace spikeport::fuzz
