#include "hdf5/direct/shared_texts.h"

#include <variant>

namespace spikeport::hdf5::direct {

void SharedTexts::add(std::string_view text) {
  bytes_ += text;
  ends_.push_back(static_cast<double>(bytes_.size()));
}

void SharedTexts::add(const PackedTexts& texts) {
  for (std::size_t text = 0; text < texts.size(); text++) add(texts[text]);
}

void SharedTexts::add(std::span<const Attribute> attributes) {
  for (const auto& [name, value] : attributes) {
    if (const auto* text = std::get_if<std::string>(&value)) add(*text);
    if (const auto* texts = std::get_if<std::vector<std::string>>(&value)) {
      for (const std::string& text : *texts) add(text);
    }
  }
}

}  // namespace spikeport::hdf5::direct
