#include "binding/hdf5_reader.h"

#include <algorithm>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "binding/arrays.h"
#include "binding/fields.h"
#include "binding/source_reader.h"

namespace spikeport::binding {
namespace {

using AttributeValue = decltype(hdf5::Attribute::value);

AttributeValue read_value(const Napi::Value& value) {
  if (value.IsNumber()) return value.As<Napi::Number>().DoubleValue();
  if (value.IsString()) return value.As<Napi::String>().Utf8Value();
  if (!value.IsArray()) {
    const auto object = value.As<Napi::Object>();
    if (object.Has("int32")) return object.Get("int32").As<Napi::Number>().Int32Value();
    return hdf5::Reference{text(object, "reference")};
  }
  std::vector<std::string> texts;
  for_each(value, [&](const Napi::Value& entry) { texts.push_back(entry.As<Napi::String>()); });
  return texts;
}

std::vector<hdf5::Attribute> read_attributes(const Napi::Object& owner) {
  std::vector<hdf5::Attribute> attributes;
  for_each(owner.Get("attributes"), [&](const Napi::Value& value) {
    const auto attribute = value.As<Napi::Object>();
    attributes.push_back({text(attribute, "name"), read_value(attribute.Get("value"))});
  });
  return attributes;
}

/** What JavaScript says of a chunk's shape is not trusted with memory, either. */
void check_chunk(const Napi::Env& env, std::span<const std::uint64_t> chunk, std::span<const std::uint64_t> shape) {
  const auto fits = [](std::uint64_t most, std::uint64_t length) { return length >= 1 && length <= most; };
  if (!chunk.empty() && !std::ranges::equal(shape, chunk, fits)) {
    throw Napi::RangeError::New(env, "Expected chunks that fit into their array.");
  }
}

std::optional<hdf5::Chunking> read_chunking(const Napi::Object& dataset) {
  const auto storage = object(dataset, "storage");
  if (text(storage, "layout") == "contiguous") return std::nullopt;
  hdf5::Chunking chunking{.shape = read_shape(storage.Get("chunk")),
                          .chunk_bytes = count(storage, "chunkBytes"),
                          .deflate_level = std::nullopt,
                          .shuffle = storage.Get("shuffle").ToBoolean(),
                          .is_extendable = storage.Get("extendable").ToBoolean()};
  if (!storage.Get("deflateLevel").IsUndefined()) {
    chunking.deflate_level = static_cast<unsigned>(count(storage, "deflateLevel"));
  }
  return chunking;
}

/** The storage of texts and references, which have none where they are contiguous, and no filters. */
std::optional<hdf5::Chunking> read_unfiltered_chunking(const Napi::Object& dataset) {
  if (dataset.Get("storage").IsUndefined()) return std::nullopt;
  auto chunking = read_chunking(dataset);
  if (chunking && (!chunking->shape.empty() || chunking->deflate_level || chunking->shuffle)) {
    throw Napi::RangeError::New(dataset.Env(), "Expected texts and references in chunks without a shape or filters.");
  }
  return chunking;
}

/** Where the texts end is checked on a working thread: there can be many. */
hdf5::PackedTexts read_texts(const Napi::Object& packed) {
  const auto bytes = elements_of<char>(packed.Get("bytes"));
  return {{bytes.data(), bytes.size()}, elements_of<double>(packed.Get("ends"))};
}

hdf5::TextDataset read_text_dataset(const Napi::Object& entry) {
  hdf5::TextDataset dataset{text(entry, "path"), read_texts(object(entry, "texts")), read_shape(entry.Get("shape")),
                            read_attributes(entry), read_unfiltered_chunking(entry)};
  if (element_count(dataset.shape) != dataset.texts.size()) {
    throw Napi::RangeError::New(entry.Env(), "Expected as many texts as their shape says.");
  }
  return dataset;
}

hdf5::Object read_object(const Napi::Object& entry) {
  const std::string kind = text(entry, "object");
  if (kind == "dataset") {
    hdf5::Dataset dataset{text(entry, "path"), read_source(object(entry, "source")), read_chunking(entry),
                          read_attributes(entry)};
    dataset.is_boolean = entry.Get("isBoolean").ToBoolean();
    if (dataset.is_boolean && dataset.source->type() != ElementType::i8) {
      throw Napi::RangeError::New(entry.Env(), "Expected booleans as int8.");
    }
    if (dataset.chunking) check_chunk(entry.Env(), dataset.chunking->shape, dataset.source->shape());
    return dataset;
  }
  if (kind == "repeat") {
    return hdf5::UnitDatasets{text(entry, "path"), read_spike_times(object(entry, "source")), read_chunking(entry)};
  }
  if (kind == "text") return read_text_dataset(entry);
  if (kind == "references") {
    return hdf5::ReferenceDataset{text(entry, "path"),
                                  {text(entry, "target")},
                                  count(entry, "count"),
                                  read_attributes(entry),
                                  read_unfiltered_chunking(entry)};
  }
  if (kind == "group") return hdf5::Group{text(entry, "path"), read_attributes(entry)};
  if (kind == "softLink") return hdf5::SoftLink{text(entry, "path"), text(entry, "target")};
  throw_unknown(entry.Env(), "object", kind);
}

}  // namespace

hdf5::Plan read_hdf5_plan(const Napi::Object& value) {
  hdf5::Plan plan{text(value, "target"), read_attributes(value), {}};
  for_each(value.Get("objects"),
           [&](const Napi::Value& entry) { plan.objects.push_back(read_object(entry.As<Napi::Object>())); });
  return plan;
}

}  // namespace spikeport::binding
