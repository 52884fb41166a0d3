#include "binding/source_reader.h"

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <utility>

#include "binding/arrays.h"
#include "binding/fields.h"
#include "binding/spike_trains_object.h"
#include "sources/array_sources.h"
#include "sources/transposed.h"

namespace spikeport::binding {
namespace {

TimeConversion read_time(const Napi::Object& source) {
  const auto time = object(source, "time");
  const std::string to = text(time, "to");
  if (to == "ms") return {.unit = TimeConversion::Unit::ms};
  if (to == "s") return {.unit = TimeConversion::Unit::s};
  return {.unit = TimeConversion::Unit::samples, .fs_hz = number(time, "fsHz")};
}

/** The type of whole numbers. */
ElementType read_type(const Napi::Object& source) {
  if (source.Get("type").IsUndefined()) return ElementType::i64;
  return text(source, "type") == "uint32" ? ElementType::u32 : ElementType::u64;
}

/** An array, as it is or transposed. */
std::shared_ptr<const Source> read_array(const Napi::Object& source) {
  const auto data = source.Get("data").As<Napi::TypedArray>();
  auto shape = read_shape(source.Get("shape"));
  // What JavaScript says of a shape is not trusted with memory.
  if (element_count(shape) != data.ElementLength()) {
    throw Napi::RangeError::New(source.Env(), "Expected an array that has as many elements as its shape says.");
  }
  const ElementType type = element_type_of(data);
  const std::byte* const bytes = bytes_of(data).data();
  if (text(source, "kind") == "array") return std::make_shared<Array>(type, std::move(shape), bytes);
  if (shape.size() != 2) throw Napi::RangeError::New(source.Env(), "Expected rows and columns to be transposed.");
  return std::make_shared<Transposed>(type, shape[0], shape[1], bytes);
}

std::shared_ptr<const Source> read_times(const Napi::Object& source) {
  const auto data = source.Get("data").As<Napi::TypedArray>();
  const bool in_float32 = source.Get("keepsFloat32").ToBoolean();
  return std::make_shared<Times>(element_type_of(data), bytes_of(data), read_time(source), in_float32);
}

std::shared_ptr<const Source> read_repeated(const Napi::Object& source) {
  const auto data = source.Get("data").As<Napi::TypedArray>();
  return std::make_shared<Repeated>(element_type_of(data), count(source, "count"), data.ElementLength(),
                                    bytes_of(data).data());
}

std::shared_ptr<const Source> read_one_column_each(const Napi::Object& source) {
  const auto numbers = elements_of<float>(source.Get("data"));
  const auto places = elements_of<std::int32_t>(source.Get("places"));
  const std::uint64_t rows = count(source, "rows");
  const std::uint64_t columns = count(source, "columns");
  if (numbers.size() != rows && numbers.size() != rows * places.size()) {
    throw Napi::RangeError::New(source.Env(), "Expected a number for each row, of one matrix or of all.");
  }
  return std::make_shared<OneColumnEach>(numbers, rows, columns, places);
}

}  // namespace

std::vector<std::uint64_t> read_shape(const Napi::Value& value) {
  std::vector<std::uint64_t> shape;
  for_each(value, [&](const Napi::Value& axis) {
    shape.push_back(static_cast<std::uint64_t>(axis.As<Napi::Number>().DoubleValue()));
  });
  return shape;
}

std::shared_ptr<const SpikeTimes> read_spike_times(const Napi::Object& source) {
  return std::make_shared<SpikeTimes>(trains_of(source.Get("trains")), read_time(source));
}

std::shared_ptr<const Source> read_source(const Napi::Object& source) {
  const std::string name = text(source, "kind");
  if (name == "spikeTimes") return read_spike_times(source);
  if (name == "spikeTimesIndex") {
    return std::make_shared<SpikeTimesIndex>(trains_of(source.Get("trains")), read_type(source));
  }
  if (name == "spikeUnits") {
    std::optional<std::span<const std::int64_t>> ids;
    if (!source.Get("ids").IsUndefined()) ids = elements_of<std::int64_t>(source.Get("ids"));
    return std::make_shared<SpikeUnits>(trains_of(source.Get("trains")), ids);
  }
  if (name == "raster") return read_raster(source);
  if (name == "array" || name == "transposed") return read_array(source);
  if (name == "repeated") return read_repeated(source);
  if (name == "oneColumnEach") return read_one_column_each(source);
  if (name == "times") return read_times(source);
  if (name == "sampleTimes") {
    return std::make_shared<SampleTimes>(count(source, "count"), number(source, "rateKHz"), read_time(source));
  }
  if (name == "range") {
    const auto first = static_cast<std::int64_t>(number(source, "first"));
    return std::make_shared<Range>(first, count(source, "count"), read_type(source));
  }
  if (name == "ones") {
    const ElementType type = text(source, "type") == "float32" ? ElementType::f32 : ElementType::f64;
    return std::make_shared<Ones>(type, read_shape(source.Get("shape")), count(source, "first"), count(source, "step"));
  }
  throw_unknown(source.Env(), "source", name);
}

std::unique_ptr<const Raster> read_raster(const Napi::Object& source) {
  const kernels::Bins bins{
      .start = number(source, "startTime"), .width = number(source, "binSizeMs"), .count = count(source, "bins")};
  return std::make_unique<Raster>(trains_of(source.Get("trains")), bins);
}

}  // namespace spikeport::binding
