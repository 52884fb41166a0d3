#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string_view>
#include <vector>

#include "columns/column.h"
#include "hdf5/format/messages.h"
#include "hdf5/format/symbol_table.h"
#include "hdf5/plan.h"
#include "sinks/extents.h"

namespace spikeport::hdf5::format {

/**
 * Where everything of a file lies: the superblock, the elements of its datasets, and behind them the metadata, in which
 * each object comes before whatever holds its address.
 */
class FileImage {
 public:
  /** The file of a plan that `holds_directly`; its columns stay where they are. */
  explicit FileImage(const Plan& plan);

  [[nodiscard]] std::uint64_t size() const { return end_; }
  /** All bytes of the file, by address. */
  [[nodiscard]] const std::vector<Extent>& extents() const { return extents_; }

 private:
  /** An object of the plan, the names that lead to it, and the address of its elements. */
  struct Placed {
    std::vector<std::string_view> names;
    const Object* object;
    std::uint64_t data;
  };

  std::uint64_t place(const Column& column);
  std::uint64_t place(std::shared_ptr<const Column> metadata);
  std::uint64_t place_data(const Column& column);
  void pad(std::uint64_t alignment);

  SymbolTableEntry add_group(std::span<const Placed> members, std::size_t depth, std::span<const Attribute> attributes);
  SymbolTableEntry add_group(const std::shared_ptr<const SymbolTableEntries>& entries,
                             const std::shared_ptr<const Column>& names, std::span<const Attribute> attributes);
  SymbolTableEntry add_object(const Placed& object);
  SymbolTableEntry add(const Dataset& dataset, std::uint64_t data);
  SymbolTableEntry add(const UnitDatasets& units, std::uint64_t data);
  std::uint64_t add_header(std::span<const Message> messages);

  std::uint64_t end_ = 0;
  std::vector<Extent> extents_;
  /** What we made ourselves, for the extents to point at. */
  std::vector<std::shared_ptr<const Column>> metadata_;
};

}  // namespace spikeport::hdf5::format
