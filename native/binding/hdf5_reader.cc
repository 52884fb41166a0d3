#include "binding/hdf5_reader.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "binding/arrays.h"
#include "binding/list_object.h"
#include "binding/source_reader.h"
#include "binding/streamed_object.h"

namespace spikeport::binding {
namespace {

using AttributeValue = decltype(hdf5::Attribute::value);

AttributeValue read_attribute_numbers(Fields& fields) {
  const Numbers numbers = fields.numbers("numbers");
  const auto shape = fields.shape("shape");
  if (shape.size() > 1 || element_count(shape) != numbers.count()) {
    fields.refuse("shape", "no axis, or one, of " + std::to_string(numbers.count()) + " numbers");
  }
  hdf5::AttributeNumbers value{.type = numbers.type, .length = std::nullopt, .bytes = {}};
  if (!shape.empty()) value.length = shape.front();
  if (fields.has("areBooleans") && fields.flag("areBooleans")) {
    if (numbers.type != ElementType::i8) fields.refuse("areBooleans", "false, as the numbers are not int8,");
    value.type = hdf5::Boolean{};
  }
  value.bytes.assign(numbers.bytes.begin(), numbers.bytes.end());
  return value;
}

std::string_view read_utf8(Fields& fields, const char* key) {
  const auto bytes = fields.elements<char>(key);
  return {bytes.data(), bytes.size()};
}

AttributeValue read_value(Fields& attribute) {
  constexpr const char* key = "value";
  const Value value = attribute.get(key);
  switch (value.kind()) {
    case ValueKind::text:
      return attribute.text(key);
    case ValueKind::number:
      return value.number();
    case ValueKind::array:
      return attribute.texts(key);
    case ValueKind::object:
      return attribute.object(key, [](Fields& fields) -> AttributeValue {
        using Limits = std::numeric_limits<std::int32_t>;
        if (fields.has("int32")) {
          return static_cast<std::int32_t>(fields.whole("int32", Limits::min(), Limits::max()));
        }
        if (fields.has("numbers")) return read_attribute_numbers(fields);
        if (fields.has("utf8")) return hdf5::LongText{read_utf8(fields, "utf8")};
        return hdf5::Reference{fields.name("reference")};
      });
    default:
      attribute.refuse_type(key, "a number, a string, an array or an object");
  }
}

std::vector<hdf5::Attribute> read_attributes(Fields& owner) {
  return owner.list("attributes", [](Fields& attribute) -> hdf5::Attribute {
    hdf5::Attribute read{.name = attribute.name("name"), .value = read_value(attribute)};
    // An NWB file has hundreds. Both fields are required, so that a misspelt one is missing.
    attribute.skip_search();
    return read;
  });
}

std::vector<hdf5::Attribute> read_optional_attributes(Fields& owner) {
  return owner.has("attributes") ? read_attributes(owner) : std::vector<hdf5::Attribute>();
}

using Chunking = std::optional<hdf5::Chunking>;

/** Which fields the storage of chunks may have: all, all but the shape, or those without a shape and filters. */
enum class ChunkFields : std::uint8_t { all, without_shape, plain };

Chunking read_storage(Fields& owner, ChunkFields chunk_fields) {
  constexpr Word<bool> layouts[] = {{"contiguous", false}, {"chunked", true}};
  return owner.object("storage", [&](Fields& storage) -> Chunking {
    if (!storage.word("layout", layouts)) return std::nullopt;
    hdf5::Chunking chunking{};
    chunking.chunk_bytes = static_cast<std::uint64_t>(storage.whole("chunkBytes", 1, hdf5::most_chunk_bytes));
    chunking.is_extendable = storage.has("isExtendable") && storage.flag("isExtendable");
    if (chunk_fields == ChunkFields::plain) return chunking;
    if (storage.has("deflateLevel")) {
      chunking.deflate_level = static_cast<unsigned>(storage.whole("deflateLevel", 1, 9));
    }
    chunking.shuffle = storage.has("shuffle") && storage.flag("shuffle");
    if (chunk_fields == ChunkFields::all && storage.has("chunk")) {
      chunking.chunk = storage.shape("chunk");
      if (chunking.chunk.empty()) storage.refuse("chunk", "the length of each axis");
    }
    return chunking;
  });
}

/** The storage of texts and references. */
Chunking read_plain_storage(Fields& owner) {
  return owner.has("storage") ? read_storage(owner, ChunkFields::plain) : std::nullopt;
}

/** Refuses chunks that do not fit into their array, or into memory. */
void check_chunk(Fields& dataset, std::span<const std::uint64_t> chunk, const Source& source) {
  const auto fits = [](std::uint64_t most, std::uint64_t length) { return length >= 1 && length <= most; };
  if (chunk.empty()) return;
  if (!std::ranges::equal(source.shape(), chunk, fits) ||
      element_count(chunk) > hdf5::most_chunk_bytes / size_of(source.type())) {
    dataset.refuse("storage", "chunks of less than 4 GiB that fit into their array");
  }
}

hdf5::Object read_dataset(Fields& object) {
  hdf5::Dataset dataset{.path = object.name("path"),
                        .source = object.object("source", read_source),
                        .chunking = read_storage(object, ChunkFields::all),
                        .attributes = read_optional_attributes(object)};
  dataset.is_boolean = object.has("isBoolean") && object.flag("isBoolean");
  if (dataset.is_boolean && dataset.source->type() != ElementType::i8) {
    object.refuse("isBoolean", "false, as the numbers are not int8,");
  }
  if (dataset.chunking) check_chunk(object, dataset.chunking->chunk, *dataset.source);
  return dataset;
}

hdf5::Object read_streamed_dataset(Fields& object) {
  auto path = object.name("path");
  const auto stream = read_stream(object);
  const auto chunks = stream->chunks();
  return hdf5::Dataset{.path = std::move(path),
                       .source = chunks,
                       .chunking = stream->chunking(),
                       .attributes = read_optional_attributes(object),
                       .streamed = chunks};
}

hdf5::Object read_position_dataset(Fields& object) {
  hdf5::Dataset dataset{.path = object.name("path"),
                        .source = object.object("source", read_source),
                        .chunking = std::nullopt,
                        .attributes = read_optional_attributes(object),
                        .is_position = true};
  if (dataset.source->type() != ElementType::f64 || dataset.source->byte_size() != hdf5::Position::stored_size) {
    object.refuse("source", "three float64");
  }
  return dataset;
}

hdf5::Object read_unit_datasets(Fields& object) {
  return hdf5::UnitDatasets{.path = object.name("path"),
                            .source = object.object("source", read_unit_source),
                            .chunking = read_storage(object, ChunkFields::without_shape)};
}

/** Where the texts end is checked on a working thread: there can be many. */
hdf5::PackedTexts read_packed_texts(Fields& texts) {
  const std::string_view bytes = read_utf8(texts, "bytes");
  return {bytes, texts.elements<double>("ends")};
}

hdf5::Object read_text_dataset(Fields& object) {
  hdf5::TextDataset dataset{.path = object.name("path"),
                            .texts = object.object("texts", read_packed_texts),
                            .shape = object.shape("shape"),
                            .attributes = read_optional_attributes(object),
                            .chunking = read_plain_storage(object)};
  if (element_count(dataset.shape) != dataset.texts.size()) {
    object.refuse("shape", "the shape of " + std::to_string(dataset.texts.size()) + " texts");
  }
  return dataset;
}

/** The targets are checked on a working thread. */
hdf5::Object read_reference_dataset(Fields& object) {
  hdf5::ReferenceDataset dataset{.path = object.name("path"),
                                 .targets = {},
                                 .choices = object.copied<std::int32_t>("choices"),
                                 .attributes = read_optional_attributes(object),
                                 .chunking = read_plain_storage(object)};
  for (std::string& target : object.names("targets")) dataset.targets.push_back({std::move(target)});
  const auto is_target = [count = dataset.targets.size()](std::int32_t choice) {
    return choice >= 0 && static_cast<std::size_t>(choice) < count;
  };
  if (!std::ranges::all_of(dataset.choices, is_target)) object.refuse("choices", "numbers of targets");
  return dataset;
}

hdf5::Object read_group(Fields& object) { return hdf5::Group{object.name("path"), read_optional_attributes(object)}; }

/** The target is checked on a working thread. */
hdf5::Object read_soft_link(Fields& object) { return hdf5::SoftLink{object.name("path"), object.text("target")}; }

hdf5::Companion read_companion(Fields& companion) {
  return {.target = companion.name("target"), .bytes = companion.elements<std::byte>("bytes")};
}

}  // namespace

hdf5::Object read_hdf5_object(Fields& object) {
  constexpr Word<hdf5::Object (*)(Fields&)> kinds[] = {{"dataset", read_dataset},
                                                       {"streamedDataset", read_streamed_dataset},
                                                       {"textDataset", read_text_dataset},
                                                       {"positionDataset", read_position_dataset},
                                                       {"referenceDataset", read_reference_dataset},
                                                       {"group", read_group},
                                                       {"softLink", read_soft_link},
                                                       {"unitDatasets", read_unit_datasets}};
  return object.word("object", kinds)(object);
}

hdf5::Plan read_hdf5_plan(Fields& fields) {
  hdf5::Plan plan{.target = fields.name("target"), .attributes = read_attributes(fields), .objects = {}};
  // Objects in an array, or those that were handed over before.
  plan.is_long = Hdf5Objects::is(fields.other("objects"));
  if (plan.is_long) {
    plan.objects = Hdf5Objects::take(fields, "objects");
  } else {
    plan.objects = fields.list("objects", read_hdf5_object);
  }
  if (fields.has("begun")) {
    plan.begun = BegunFileObject::file_of(fields.other("begun"));
    if (!plan.begun) fields.refuse_type("begun", "a native begun file");
  }
  if (fields.has("companion")) plan.companion = fields.object("companion", read_companion);
  if (fields.has("pageBytes")) {
    plan.page_bytes =
        static_cast<std::uint64_t>(fields.whole("pageBytes", hdf5::least_page_bytes, hdf5::most_page_bytes));
  }
  return plan;
}

}  // namespace spikeport::binding
