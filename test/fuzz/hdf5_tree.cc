#include "hdf5_tree.h"

#include <array>
#include <cstring>
#include <optional>
#include <string_view>
#include <utility>

#include "hdf5/model/object_path.h"
#include "sources/array_sources.h"
#include "spikes/memory_spike_trains.h"

namespace spikeport::fuzz {
namespace {

constexpr std::array types{ElementType::i8,  ElementType::u8,  ElementType::i16, ElementType::u16, ElementType::i32,
                           ElementType::u32, ElementType::i64, ElementType::u64, ElementType::f32, ElementType::f64};

std::string counted(const std::string& text) { return std::to_string(text.size()) + ":" + text; }

std::string shape_text(std::span<const std::uint64_t> shape) {
  std::string text;
  for (const std::uint64_t length : shape) text += std::to_string(length) + " ";
  return text;
}

template <typename T>
std::string number_text(T value) {
  return "x" + std::to_string(sizeof value) + " " + std::string(reinterpret_cast<const char*>(&value), sizeof value);
}

/** A path as the library reads it. */
std::string plain(const std::string& path) {
  std::string joined;
  for (const std::string_view name : hdf5::steps_in(path)) {
    joined += (joined.empty() ? "" : "/") + std::string(name);
  }
  return joined;
}

std::vector<std::uint64_t> any_shape(Input& input) {
  if (input.below(16) == 0) return {input.below(65536)};
  std::vector<std::uint64_t> shape(input.below(5));
  for (std::uint64_t& length : shape) length = input.below(9);
  return shape;
}

std::optional<hdf5::Chunking> any_chunking(Input& input) {
  if (input.below(3) > 0) return std::nullopt;
  hdf5::Chunking chunking{
      .chunk = {}, .chunk_bytes = 1 + input.below(65536), .deflate_level = std::nullopt, .shuffle = input.flag()};
  if (const auto level = static_cast<unsigned>(input.below(4)); level > 0) chunking.deflate_level = level;
  chunking.is_extendable = input.flag();
  return chunking;
}

/** Of texts and references, which go through no filter. */
std::optional<hdf5::Chunking> any_plain_chunking(Input& input) {
  auto chunking = any_chunking(input);
  if (chunking) {
    chunking->deflate_level = std::nullopt;
    chunking->shuffle = false;
  }
  return chunking;
}

}  // namespace

Hdf5Tree::Hdf5Tree(Input& input, std::string target) {
  plan_.target = std::move(target);
  for (int i = 0; i < 12 && !input.is_empty(); i++) {
    constexpr std::array adders{&Hdf5Tree::add_dataset,   &Hdf5Tree::add_dataset, &Hdf5Tree::add_units,
                                &Hdf5Tree::add_texts,     &Hdf5Tree::add_group,   &Hdf5Tree::add_link,
                                &Hdf5Tree::add_references};
    (this->*adders.at(input.below(adders.size())))(input);
  }
  plan_.attributes = any_attributes(input, "/");
}

std::string Hdf5Tree::any_path(Input& input) {
  constexpr std::array names{"a", "b", "a-b", "0", "10", "..", ".", "", "é", "eight..."};
  std::string path;
  for (std::size_t depth = 1 + input.below(3); depth > 0; depth--) {
    std::string name = names.at(input.below(names.size()));
    if (input.below(4) == 0) name = input.text(20);
    if (input.below(64) == 0) name = std::string(1 + input.below(300), 'n');
    path += (path.empty() ? "" : "/") + name;
  }
  return path;
}

std::vector<hdf5::Attribute> Hdf5Tree::any_attributes(Input& input, const std::string& path) {
  std::vector<hdf5::Attribute> attributes(input.below(4) == 0 ? input.below(20) : 0);
  for (auto& [name, value] : attributes) {
    name = input.text(9);
    std::string& text = content_[path + "@" + name];
    switch (input.below(5)) {
      case 0:
        value = input.any<double>();
        text = number_text(std::get<double>(value));
        break;
      case 1:
        value = input.any<std::int32_t>();
        text = number_text(std::get<std::int32_t>(value));
        break;
      case 2:
        value = input.text(100);
        text = counted(std::get<std::string>(value));
        break;
      case 3: {
        std::vector<std::string> texts(input.below(5));
        text = std::to_string(texts.size()) + " ";
        for (std::string& each : texts) text += counted(each = input.text(40));
        value = std::move(texts);
        break;
      }
      default:
        value = hdf5::Reference{places_[input.below(places_.size())]};
        text = counted("/" + plain(std::get<hdf5::Reference>(value).target));
    }
  }
  return attributes;
}

void Hdf5Tree::add_dataset(Input& input) {
  const std::string path = any_path(input);
  const auto shape = any_shape(input);
  const bool is_boolean = input.below(8) == 0;
  const ElementType type = is_boolean ? ElementType::i8 : types.at(input.below(types.size()));
  auto& bytes = numbers_.emplace_back(input.bytes(element_count(shape) * size_of(type)));
  if (is_boolean) {
    for (std::byte& byte : bytes) byte &= std::byte{1};
  }
  hdf5::Dataset dataset{path, std::make_shared<Array>(type, shape, bytes.data()), any_chunking(input),
                        any_attributes(input, plain(path)), is_boolean};
  plan_.objects.emplace_back(std::move(dataset));
  content_[plain(path)] = shape_text(shape) + "x" + std::to_string(size_of(type)) + " " +
                          std::string(reinterpret_cast<const char*>(bytes.data()), bytes.size());
  places_.push_back(path);
}

void Hdf5Tree::add_units(Input& input) {
  const std::string path = any_path(input);
  const auto trains = std::make_shared<MemorySpikeTrains>();
  for (std::size_t units = input.below(input.below(4) == 0 ? 300 : 12), unit = 0; unit < units; unit++) {
    auto& times = times_.emplace_back(input.below(20));
    for (std::size_t i = 0; i < times.size(); i++) times[i] = static_cast<double>(unit + i);
    trains->append(times);
    const std::uint64_t count = times.size();
    content_[plain(path) + "/" + std::to_string(unit)] =
        shape_text({&count, 1}) + "x8 " + std::string(reinterpret_cast<const char*>(times.data()), 8 * count);
  }
  const auto source = std::make_shared<SpikeTimes>(trains, TimeConversion{});
  plan_.objects.emplace_back(hdf5::UnitDatasets{path, source, any_chunking(input)});
  places_.push_back(path);
}

void Hdf5Tree::add_texts(Input& input) {
  const std::string path = any_path(input);
  const auto shape = any_shape(input);
  std::string& all = texts_.emplace_back();
  auto& ends = ends_.emplace_back();
  std::string& content = content_[plain(path)] = shape_text(shape);
  std::vector<std::string> some(1 + input.below(4));
  for (std::string& text : some) text = input.text(60);
  if (input.below(16) == 0) some[0] = std::string(input.below(9000), 'x');
  for (std::uint64_t i = 0; i < element_count(shape); i++) {
    const std::string& text = some[i % some.size()];
    all += text;
    ends.push_back(static_cast<double>(all.size()));
    content += counted(text);
  }
  plan_.objects.emplace_back(hdf5::TextDataset{path, hdf5::PackedTexts(all, ends), shape,
                                               any_attributes(input, plain(path)), any_plain_chunking(input)});
  places_.push_back(path);
}

void Hdf5Tree::add_references(Input& input) {
  const std::string path = any_path(input);
  std::vector<hdf5::Reference> targets(1 + input.below(3));
  for (auto& [target] : targets) target = places_[input.below(places_.size())];
  auto& choices = choices_.emplace_back(input.below(16) == 0 ? input.below(65536) : input.below(5));
  for (std::size_t i = 0; i < choices.size(); i++) choices[i] = static_cast<std::int32_t>(i % targets.size());
  hdf5::ReferenceDataset dataset{path, targets, choices, any_attributes(input, plain(path)), any_plain_chunking(input)};
  std::string& content = content_[plain(path)] = shape_text(dataset.shape);
  plan_.objects.emplace_back(std::move(dataset));
  for (const std::int32_t choice : choices)
    content += counted("/" + plain(targets[static_cast<std::size_t>(choice)].target));
  places_.push_back(path);
}

void Hdf5Tree::add_group(Input& input) {
  const std::string path = any_path(input);
  plan_.objects.emplace_back(hdf5::Group{path, any_attributes(input, plain(path))});
  places_.push_back(path);
}

void Hdf5Tree::add_link(Input& input) {
  const std::string path = any_path(input);
  const std::string target = "/" + any_path(input);
  plan_.objects.emplace_back(hdf5::SoftLink{path, target});
  content_[plain(path)] = "link to " + hdf5::without_spare_slashes(target) + std::string(1, '\0');
}

}  // namespace spikeport::fuzz
