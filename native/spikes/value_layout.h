#pragma once

// Values of spikes as records that move with the spikes, and as the columns that they come from and become.

#include <cstddef>
#include <span>
#include <utility>
#include <vector>

#include "kernels/element_type.h"
#include "kernels/records.h"

namespace spikeport {

/** How the values of a spike lie in a record: side by side, in the order of their columns. */
class ValueLayout {
 public:
  ValueLayout() = default;
  explicit ValueLayout(std::vector<ElementType> types) : types_(std::move(types)) {
    for (const ElementType type : types_) {
      offsets_.push_back(record_size_);
      record_size_ += size_of(type);
    }
  }

  [[nodiscard]] std::span<const ElementType> types() const { return types_; }
  /** The bytes of a record: 0 without values. */
  [[nodiscard]] std::size_t record_size() const { return record_size_; }
  /** Where a column's value begins in a record. */
  [[nodiscard]] std::size_t offset(std::size_t column) const { return offsets_[column]; }

  /** Copies values of a column into records, of which there are as many. */
  void put(std::size_t column, std::span<const std::byte> values, const kernels::Records& records) const;
  /** Copies a column's values out of records, of which there are as many. */
  void take(std::size_t column, const kernels::Records& records, std::span<std::byte> values) const;

 private:
  std::vector<ElementType> types_;
  std::vector<std::size_t> offsets_;
  std::size_t record_size_ = 0;
};

}  // namespace spikeport
