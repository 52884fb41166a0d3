#include "hdf5/direct/symbol_table.h"

#include <algorithm>
#include <array>
#include <utility>

namespace spikeport::hdf5::direct {

void SymbolTableEntry::encode(Encoder& out) const {
  constexpr std::size_t scratch_pad_size = 16;
  constexpr std::uint32_t nothing_cached = 0;
  constexpr std::uint32_t symbol_table_cached = 1;
  constexpr std::uint32_t link_cached = 2;
  out.u64(name_offset);
  out.u64(object_header);
  if (group) {
    out.u32(symbol_table_cached);
    out.skip(4);
    group->encode(out);
  } else if (link) {
    out.u32(link_cached);
    out.skip(4);
    out.u32(static_cast<std::uint32_t>(*link));
    out.skip(scratch_pad_size - sizeof(std::uint32_t));
  } else {
    out.u32(nothing_cached);
    out.skip(4 + scratch_pad_size);
  }
}

void EntryList::read(std::uint64_t first, std::span<SymbolTableEntry> entries) const {
  std::ranges::copy(std::span(entries_).subspan(first, entries.size()), entries.begin());
}

SymbolTableNodes::SymbolTableNodes(std::shared_ptr<const SymbolTableEntries> entries)
    : Records(node_size, count_for(entries->count())), entries_(std::move(entries)) {}

void SymbolTableNodes::encode(std::uint64_t number, std::span<std::byte> node) const {
  const std::uint64_t first = number * entries_per_node;
  std::array<SymbolTableEntry, entries_per_node> room;
  const auto entries = std::span(room).first(std::min(entries_per_node, entries_->count() - first));
  entries_->read(first, entries);
  Encoder out(node);
  out.text("SNOD");
  out.u8(1);  // version
  out.skip(1);
  out.u16(static_cast<std::uint16_t>(entries.size()));
  for (const SymbolTableEntry& entry : entries) entry.encode(out);
}

}  // namespace spikeport::hdf5::direct
