// A group with one dataset per unit, named by the unit's number. Everything about a unit follows from its number, so
// the metadata of a million units is written without being held in memory.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>

#include "hdf5/direct/btree.h"
#include "hdf5/direct/encoded_chunks.h"
#include "hdf5/direct/metadata.h"
#include "hdf5/model/plan.h"
#include "sources/spike_sources.h"

namespace spikeport::hdf5::direct {

/** The object headers of contiguous datasets, in unit order. Their elements follow each other in the same order. */
class UnitObjectHeaders : public GeneratedRecords {
 public:
  /** @param data the address of all elements */
  UnitObjectHeaders(std::shared_ptr<const SpikeTimes> times, std::uint64_t data);

 private:
  void encode(std::uint64_t unit, std::span<std::byte> header) const override;

  std::shared_ptr<const SpikeTimes> times_;
  std::uint64_t data_;
};

/** The same of datasets of encoded chunks, of one size: a dataset without elements may be contiguous, as its filters
 * take no room. */
class ChunkedUnitObjectHeaders : public GeneratedRecords {
 public:
  ChunkedUnitObjectHeaders(std::shared_ptr<const SpikeTimes> times, Chunking chunking,
                           std::shared_ptr<const UnitChunkBTrees> trees);

 private:
  void encode(std::uint64_t unit, std::span<std::byte> header) const override;

  std::shared_ptr<const SpikeTimes> times_;
  Chunking chunking_;
  std::shared_ptr<const UnitChunkBTrees> trees_;
};

/** The data segment of the group's local heap: numbers as text, in unit order. */
class UnitNames : public GeneratedRecords {
 public:
  explicit UnitNames(std::uint64_t units);

  [[nodiscard]] std::uint64_t offset_of(std::uint64_t unit) const { return (unit + 1) * record_size(); }

 private:
  void encode(std::uint64_t number, std::span<std::byte> name) const override;
};

/** The whole numbers below a count, in the order of their decimal text: 0, 1, 10, 11, …, 2, 20, … */
class DecimalOrder {
 public:
  explicit DecimalOrder(std::uint64_t count) : count_(count) {}

  [[nodiscard]] std::uint64_t count() const { return count_; }
  /** The number at this place of the order, below the count. */
  [[nodiscard]] std::uint64_t at(std::uint64_t place) const;
  /** The number following this one, which is not the last. */
  [[nodiscard]] std::uint64_t next(std::uint64_t number) const;

 private:
  /** How many of the numbers begin with the digits of this one, which is above 0. */
  [[nodiscard]] std::uint64_t count_beginning_with(std::uint64_t number) const;

  std::uint64_t count_;
};

/** The group's symbol table entries, in the order of the names. */
class UnitSymbolTableEntries : public SymbolTableEntries {
 public:
  /** @param headers the address of the first object header */
  UnitSymbolTableEntries(std::uint64_t units, std::shared_ptr<const UnitNames> names, std::uint64_t headers,
                         std::uint64_t header_size);
  [[nodiscard]] std::uint64_t count() const override { return order_.count(); }
  void read(std::uint64_t first, std::span<SymbolTableEntry> entries) const override;

 private:
  DecimalOrder order_;
  std::shared_ptr<const UnitNames> names_;
  std::uint64_t headers_;
  std::uint64_t header_size_;
};

}  // namespace spikeport::hdf5::direct
