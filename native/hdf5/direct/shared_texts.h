#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "hdf5/model/packed_texts.h"
#include "hdf5/model/plan.h"

namespace spikeport::hdf5::direct {

/** The texts of all attributes and of small datasets, gathered for one heap. */
class SharedTexts {
 public:
  /** How many there are, which is the number of the next. */
  [[nodiscard]] std::size_t size() const { return ends_.size(); }

  void add(std::string_view text);
  void add(const PackedTexts& texts);
  /** Adds those of attributes, in their order. */
  void add(std::span<const Attribute> attributes);

  /** All of them, as long as no others are added. */
  [[nodiscard]] PackedTexts packed() const { return {bytes_, ends_}; }

 private:
  std::string bytes_;
  std::vector<double> ends_;
};

}  // namespace spikeport::hdf5::direct
