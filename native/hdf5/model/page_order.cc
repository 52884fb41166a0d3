#include "hdf5/model/page_order.h"

#include <algorithm>
#include <variant>

namespace spikeport::hdf5 {

std::uint64_t rough_size(const Object& object) {
  constexpr std::uint64_t around_unit = 200;
  constexpr std::uint64_t around_text = 32;
  if (const auto* dataset = std::get_if<Dataset>(&object)) return dataset->source->byte_size();
  if (const auto* units = std::get_if<UnitDatasets>(&object)) {
    return units->source->byte_size() + around_unit * units->source->trains().unit_count();
  }
  if (const auto* texts = std::get_if<TextDataset>(&object)) {
    return texts->texts.bytes().size() + around_text * texts->texts.size();
  }
  if (const auto* references = std::get_if<ReferenceDataset>(&object)) {
    return ObjectReference::stored_size * references->choices.size();
  }
  return 0;
}

void arrange_for_pages(std::vector<Object>& objects) {
  const auto fill_pages = [](auto& object) {
    if constexpr (requires { object.chunking; }) {
      if (object.chunking) object.chunking->fills_pages = true;
    }
  };
  for (Object& object : objects) std::visit(fill_pages, object);
  std::ranges::stable_sort(objects, {}, rough_size);
}

}  // namespace spikeport::hdf5
