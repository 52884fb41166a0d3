#pragma once

// The interface of sources, through which writers get all bulk data, and helpers to implement it.

#include <cstddef>
#include <cstdint>
#include <functional>
#include <numeric>
#include <span>
#include <utility>
#include <vector>

#include "kernels/element_type.h"

namespace spikeport {

/** The number of elements of an array with this shape. */
inline std::uint64_t element_count(std::span<const std::uint64_t> shape) {
  return std::accumulate(shape.begin(), shape.end(), std::uint64_t{1}, std::multiplies<>());
}

class SparseSource;

/**
 * A bulk part of an export: an array that can fill any block of itself, from several threads at once. What it reads
 * from belongs to the caller unless documented otherwise, and outlives it.
 */
class Source {
 public:
  Source(ElementType type, std::vector<std::uint64_t> shape) : type_(type), shape_(std::move(shape)) {}
  Source(const Source&) = delete;
  Source& operator=(const Source&) = delete;
  virtual ~Source() = default;

  [[nodiscard]] ElementType type() const { return type_; }
  /** The length of each axis, in C order. */
  [[nodiscard]] std::span<const std::uint64_t> shape() const { return shape_; }
  [[nodiscard]] std::uint64_t size() const { return element_count(shape_); }
  [[nodiscard]] std::uint64_t byte_size() const { return size() * size_of(type_); }

  /** Fills `block` with the elements from number `first` on. Throws when they cannot be read or converted. */
  virtual void fill(std::uint64_t first, std::span<std::byte> block) const = 0;

  /**
   * The elements from number `first` on, as `fill` would write them, where they are in memory: those that are
   * contiguous. Empty when `fill` has to make them.
   */
  [[nodiscard]] virtual std::span<const std::byte> in_place(std::uint64_t /*first*/) const { return {}; }

  /** This source, if most of its elements are zero; else null. */
  [[nodiscard]] virtual const SparseSource* sparse() const { return nullptr; }

 private:
  ElementType type_;
  std::vector<std::uint64_t> shape_;
};

/** An element that is not zero, and its position. */
struct SparseElement {
  std::uint64_t position;
  std::uint64_t value;
};

/** A source of which most elements are zero. */
class SparseSource : public Source {
 public:
  using Source::Source;
  [[nodiscard]] const SparseSource* sparse() const final { return this; }

  /**
   * Appends those of `count` elements from number `first` on that are not zero, in ascending order. `position` is the
   * position that element `first` gets.
   */
  virtual void fill_sparse(std::uint64_t first, std::uint64_t count, std::uint64_t position,
                           std::vector<SparseElement>& elements) const = 0;
};

/** The numbers of a block of bytes. Blocks are aligned for every element type. */
template <typename T>
std::span<T> as_numbers(std::span<std::byte> block) {
  return {reinterpret_cast<T*>(block.data()), block.size() / sizeof(T)};
}

/** Fills a block of int64, uint64 or uint32 with integers in their range, which `next` returns one by one. */
template <typename Next>
void fill_whole(ElementType type, std::span<std::byte> block, Next next) {
  if (type == ElementType::u32) {
    for (std::uint32_t& number : as_numbers<std::uint32_t>(block)) number = static_cast<std::uint32_t>(next());
  } else {
    for (std::uint64_t& number : as_numbers<std::uint64_t>(block)) number = static_cast<std::uint64_t>(next());
  }
}

}  // namespace spikeport
