#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>

#include "hdf5/direct/decimal_order.h"
#include "hdf5/direct/records.h"
#include "hdf5/direct/symbol_table.h"
#include "sources/spike_sources.h"

namespace spikeport::hdf5::direct {

// A group with one dataset a unit, named by the unit's number. Everything about a unit follows from its number, so that
// the metadata of a million units is written without being held.

/** The object headers of the datasets, in unit order. Their elements lie behind each other in the same order. */
class UnitHeaders : public Records {
 public:
  /** @param data the address of all elements */
  UnitHeaders(std::shared_ptr<const SpikeTimes> times, std::uint64_t data);

 private:
  void encode(std::uint64_t unit, std::span<std::byte> header) const override;

  std::shared_ptr<const SpikeTimes> times_;
  std::uint64_t data_;
};

/** The data segment of the group's heap: numbers as text, in unit order. */
class UnitNames : public Records {
 public:
  explicit UnitNames(std::uint64_t units);

  [[nodiscard]] std::uint64_t offset_of(std::uint64_t unit) const { return (unit + 1) * record_size(); }

 private:
  void encode(std::uint64_t number, std::span<std::byte> name) const override;
};

/** The group's entries, in the order of the names: 0, 1, 10, 11, …, 2, 20, … */
class UnitEntries : public SymbolTableEntries {
 public:
  /** @param headers the address of the first object header */
  UnitEntries(std::uint64_t units, std::shared_ptr<const UnitNames> names, std::uint64_t headers,
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
