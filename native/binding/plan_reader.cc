#include "binding/plan_reader.h"

#include <algorithm>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "binding/arrays.h"
#include "binding/segments_object.h"
#include "binding/trains_object.h"
#include "bytes/export.h"
#include "columns/array_columns.h"
#include "columns/spike_columns.h"
#include "hdf5/export.h"

namespace spikeport::binding {
namespace {

std::string text(const Napi::Object& object, const char* key) { return object.Get(key).As<Napi::String>(); }

double number(const Napi::Object& object, const char* key) { return object.Get(key).As<Napi::Number>().DoubleValue(); }

std::uint64_t count(const Napi::Object& object, const char* key) {
  return static_cast<std::uint64_t>(number(object, key));
}

Napi::Object object(const Napi::Object& parent, const char* key) { return parent.Get(key).As<Napi::Object>(); }

/** Calls `visit` with each element of an array; without one, not at all. */
template <typename Visit>
void for_each(const Napi::Value& array, Visit visit) {
  if (!array.IsArray()) return;
  const auto elements = array.As<Napi::Array>();
  for (std::uint32_t i = 0; i < elements.Length(); i++) {
    const Napi::HandleScope scope(array.Env());
    visit(elements.Get(i));
  }
}

[[noreturn]] void throw_unknown(const Napi::Env& env, const std::string& what, const std::string& name) {
  throw Napi::Error::New(env, "Unknown " + what + " in a plan: " + name);
}

// Columns

std::vector<std::uint64_t> read_shape(const Napi::Value& value) {
  std::vector<std::uint64_t> shape;
  for_each(value, [&](const Napi::Value& axis) {
    shape.push_back(static_cast<std::uint64_t>(axis.As<Napi::Number>().DoubleValue()));
  });
  return shape;
}

TimeConversion read_time(const Napi::Object& column) {
  const auto time = object(column, "time");
  const std::string to = text(time, "to");
  if (to == "ms") return {.unit = TimeConversion::Unit::ms};
  if (to == "s") return {.unit = TimeConversion::Unit::s};
  return {.unit = TimeConversion::Unit::samples, .fs_hz = number(time, "fsHz")};
}

std::shared_ptr<const SpikeTimes> read_spike_times(const Napi::Object& column) {
  return std::make_shared<SpikeTimes>(trains_of(column.Get("trains")), read_time(column));
}

std::shared_ptr<const Column> read_array(const Napi::Object& column) {
  const auto data = column.Get("data").As<Napi::TypedArray>();
  auto shape = read_shape(column.Get("shape"));
  // What JavaScript says of a shape is not trusted with memory.
  if (element_count(shape) != data.ElementLength()) {
    throw Napi::RangeError::New(column.Env(), "Expected an array that has as many elements as its shape says.");
  }
  return std::make_shared<Array>(element_type_of(data), std::move(shape), bytes_of(data).data());
}

std::shared_ptr<const Column> read_column(const Napi::Object& column) {
  const std::string name = text(column, "column");
  if (name == "spikeTimes") return read_spike_times(column);
  if (name == "spikeTimesIndex") return std::make_shared<SpikeTimesIndex>(trains_of(column.Get("trains")));
  if (name == "spikeUnits") {
    std::optional<std::span<const std::int64_t>> ids;
    if (!column.Get("ids").IsUndefined()) ids = elements_of<std::int64_t>(column.Get("ids"));
    return std::make_shared<SpikeUnits>(trains_of(column.Get("trains")), ids);
  }
  if (name == "raster") return read_raster(column);
  if (name == "array") return read_array(column);
  if (name == "times") return std::make_shared<Times>(elements_of<double>(column.Get("data")), read_time(column));
  if (name == "sampleTimes") {
    return std::make_shared<SampleTimes>(count(column, "count"), number(column, "rateKHz"), read_time(column));
  }
  if (name == "range") {
    return std::make_shared<Range>(static_cast<std::int64_t>(number(column, "first")), count(column, "count"));
  }
  throw_unknown(column.Env(), "column", name);
}

// HDF5 trees

std::vector<hdf5::Attribute> read_attributes(const Napi::Object& owner) {
  std::vector<hdf5::Attribute> attributes;
  for_each(owner.Get("attributes"), [&](const Napi::Value& value) {
    const auto attribute = value.As<Napi::Object>();
    attributes.push_back({text(attribute, "name"), number(attribute, "value")});
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
                          .shuffle = storage.Get("shuffle").ToBoolean()};
  if (!storage.Get("deflateLevel").IsUndefined()) {
    chunking.deflate_level = static_cast<unsigned>(count(storage, "deflateLevel"));
  }
  return chunking;
}

hdf5::Object read_object(const Napi::Object& entry) {
  const std::string kind = text(entry, "object");
  if (kind == "dataset") {
    hdf5::Dataset dataset{text(entry, "path"), read_column(object(entry, "column")), read_chunking(entry),
                          read_attributes(entry)};
    if (dataset.chunking) check_chunk(entry.Env(), dataset.chunking->shape, dataset.column->shape());
    return dataset;
  }
  if (kind == "repeat") {
    return hdf5::UnitDatasets{text(entry, "path"), read_spike_times(object(entry, "column")), read_chunking(entry)};
  }
  throw_unknown(entry.Env(), "object", kind);
}

hdf5::Plan read_hdf5_plan(const Napi::Object& value) {
  hdf5::Plan plan{text(value, "target"), read_attributes(value), {}};
  for_each(value.Get("objects"),
           [&](const Napi::Value& entry) { plan.objects.push_back(read_object(entry.As<Napi::Object>())); });
  return plan;
}

// Byte segments

std::optional<bytes::Transcoding> read_transcoding(const Napi::Object& segment) {
  if (segment.Get("transcoding").IsUndefined()) return std::nullopt;
  return text(segment, "transcoding") == "utf8" ? bytes::Transcoding::utf8 : bytes::Transcoding::raw_unicode_escape;
}

bytes::NumberWidth read_width(const Napi::Object& segment) {
  return text(segment, "encoding") == "u32" ? bytes::NumberWidth::u32 : bytes::NumberWidth::u64;
}

bytes::Literal read_literal(const Napi::Object& segment) {
  return {bytes_of(segment.Get("bytes").As<Napi::TypedArray>())};
}

bytes::UnitPart read_unit_part(const Napi::Object& part) {
  const std::string name = text(part, "segment");
  if (name == "bytes") return read_literal(part);
  if (name == "unitSpikeCount") {
    if (text(part, "encoding") == "decimal") return bytes::UnitSpikeCount{};
    return bytes::UnitSpikeCount{read_width(part)};
  }
  if (name == "unitByteLength") return bytes::UnitByteLength{read_width(part)};
  if (name == "unitColumn") return bytes::UnitData{};
  throw_unknown(part.Env(), "part", name);
}

std::vector<bytes::Segment> read_segments(const Napi::Object& file) {
  const Napi::Value value = file.Get("segments");
  if (!value.IsArray()) return SegmentsObject::take(value);
  std::vector<bytes::Segment> segments;
  for_each(value, [&](const Napi::Value& segment) { segments.push_back(read_segment(segment.As<Napi::Object>())); });
  return segments;
}

std::optional<bytes::OrderedPart> read_ordered_part(const Napi::Object& file) {
  if (file.Get("ordered").IsUndefined()) return std::nullopt;
  return text(file, "ordered") == "samples" ? bytes::OrderedPart::samples : bytes::OrderedPart::units;
}

bytes::FolderPlan read_folder_plan(const Napi::Object& value) {
  bytes::FolderPlan plan{text(value, "target"), {}, std::nullopt, {}};
  for_each(value.Get("files"), [&](const Napi::Value& entry) {
    const auto file = entry.As<Napi::Object>();
    plan.files.push_back({text(file, "name"), read_segments(file), read_ordered_part(file)});
  });
  if (!value.Get("spikes").IsUndefined()) {
    const auto spikes = object(value, "spikes");
    plan.spikes = {.trains = trains_of(spikes.Get("trains")), .fs_hz = number(spikes, "fsHz")};
  }
  for_each(value.Get("remove"), [&](const Napi::Value& name) { plan.remove.push_back(name.As<Napi::String>()); });
  return plan;
}

}  // namespace

bytes::Segment read_segment(const Napi::Object& segment) {
  const std::string name = text(segment, "segment");
  if (name == "bytes") return read_literal(segment);
  if (name == "column") return bytes::ColumnData{read_column(object(segment, "column")), read_transcoding(segment)};
  if (name == "byteLength") {
    return bytes::ColumnLength{read_column(object(segment, "column")), read_transcoding(segment), read_width(segment)};
  }
  if (name == "repeat") {
    bytes::Repeat repeat{read_spike_times(object(segment, "column")), read_transcoding(segment), {}};
    for_each(segment.Get("parts"),
             [&](const Napi::Value& part) { repeat.parts.push_back(read_unit_part(part.As<Napi::Object>())); });
    return repeat;
  }
  throw_unknown(segment.Env(), "segment", name);
}

std::unique_ptr<const Raster> read_raster(const Napi::Object& column) {
  const kernels::Bins bins{
      .start = number(column, "startTime"), .width = number(column, "binSizeMs"), .count = count(column, "bins")};
  return std::make_unique<Raster>(trains_of(column.Get("trains")), bins);
}

ExportJob export_job_for(const Napi::Object& plan, const ExportSettings& settings) {
  const std::string format = text(plan, "format");
  if (format == "hdf5") return hdf5::export_job(read_hdf5_plan(plan), settings);
  if (format == "file") return bytes::export_job(bytes::FilePlan{text(plan, "target"), read_segments(plan)}, settings);
  if (format == "folder") return bytes::export_job(read_folder_plan(plan), settings);
  throw_unknown(plan.Env(), "format", format);
}

}  // namespace spikeport::binding
