#pragma once

#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "kernels/element_type.h"
#include "sources/source.h"

namespace spikeport {

/** Arrays of one element type that are to be joined, of which there may be many. The caller keeps them alive. */
class ArrayList {
 public:
  void reserve(std::size_t arrays);
  /** Appends an array; returns whether it has the type of the others. */
  [[nodiscard]] bool append(ElementType type, std::span<const std::byte> bytes);

  /** The number of arrays. */
  [[nodiscard]] std::size_t size() const { return arrays_.size(); }
  /** The type of all; none without an array. */
  [[nodiscard]] std::optional<ElementType> type() const { return type_; }
  /** The number of elements of all arrays. */
  [[nodiscard]] std::uint64_t element_count() const { return ends_.empty() ? 0 : ends_.back(); }
  [[nodiscard]] std::span<const std::byte> operator[](std::size_t array) const { return arrays_[array]; }
  /** The number of the first element of an array, counted through all. */
  [[nodiscard]] std::uint64_t first_of(std::size_t array) const { return array == 0 ? 0 : ends_[array - 1]; }
  /** The array that has an element. */
  [[nodiscard]] std::size_t array_of(std::uint64_t element) const;

 private:
  std::vector<std::span<const std::byte>> arrays_;
  /** The cumulative number of elements. */
  std::vector<std::uint64_t> ends_;
  std::optional<ElementType> type_;
};

/** Arrays one after the other, as one array. Those of matrices may be transposed, each matrix by itself. */
class JoinedArrays : public Source {
 public:
  /**
   * @param arrays at least one
   * @param columns empty, or for each array how many columns its matrices have, each of as many rows as the last axis
   * of the shape is long; 0 for an array that stays as it is. The caller guarantees that arrays consist of whole
   * matrices.
   */
  JoinedArrays(std::shared_ptr<const ArrayList> arrays, std::vector<std::uint64_t> shape,
               std::vector<std::int32_t> columns);
  void fill(std::uint64_t first, std::span<std::byte> block) const override;

 private:
  std::shared_ptr<const ArrayList> arrays_;
  std::vector<std::int32_t> columns_;
};

}  // namespace spikeport
