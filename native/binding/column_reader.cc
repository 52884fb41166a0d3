#include "binding/column_reader.h"

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <utility>

#include "binding/arrays.h"
#include "binding/fields.h"
#include "binding/trains_object.h"
#include "columns/array_columns.h"
#include "columns/transposed.h"

namespace spikeport::binding {
namespace {

TimeConversion read_time(const Napi::Object& column) {
  const auto time = object(column, "time");
  const std::string to = text(time, "to");
  if (to == "ms") return {.unit = TimeConversion::Unit::ms};
  if (to == "s") return {.unit = TimeConversion::Unit::s};
  return {.unit = TimeConversion::Unit::samples, .fs_hz = number(time, "fsHz")};
}

/** The type of whole numbers. */
ElementType read_type(const Napi::Object& column) {
  if (column.Get("type").IsUndefined()) return ElementType::i64;
  return text(column, "type") == "uint32" ? ElementType::u32 : ElementType::u64;
}

/** An array, as it is or transposed. */
std::shared_ptr<const Column> read_array(const Napi::Object& column) {
  const auto data = column.Get("data").As<Napi::TypedArray>();
  auto shape = read_shape(column.Get("shape"));
  // What JavaScript says of a shape is not trusted with memory.
  if (element_count(shape) != data.ElementLength()) {
    throw Napi::RangeError::New(column.Env(), "Expected an array that has as many elements as its shape says.");
  }
  const ElementType type = element_type_of(data);
  const std::byte* const bytes = bytes_of(data).data();
  if (text(column, "column") == "array") return std::make_shared<Array>(type, std::move(shape), bytes);
  if (shape.size() != 2) throw Napi::RangeError::New(column.Env(), "Expected rows and columns to be transposed.");
  return std::make_shared<Transposed>(type, shape[0], shape[1], bytes);
}

std::shared_ptr<const Column> read_times(const Napi::Object& column) {
  const auto data = column.Get("data").As<Napi::TypedArray>();
  const bool in_float32 = column.Get("keepsFloat32").ToBoolean();
  return std::make_shared<Times>(element_type_of(data), bytes_of(data), read_time(column), in_float32);
}

std::shared_ptr<const Column> read_repeated(const Napi::Object& column) {
  const auto data = column.Get("data").As<Napi::TypedArray>();
  return std::make_shared<Repeated>(element_type_of(data), count(column, "count"), data.ElementLength(),
                                    bytes_of(data).data());
}

std::shared_ptr<const Column> read_one_column_each(const Napi::Object& column) {
  const auto numbers = elements_of<float>(column.Get("data"));
  const auto places = elements_of<std::int32_t>(column.Get("places"));
  const std::uint64_t rows = count(column, "rows");
  const std::uint64_t columns = count(column, "columns");
  if (numbers.size() != rows && numbers.size() != rows * places.size()) {
    throw Napi::RangeError::New(column.Env(), "Expected a number for each row, of one matrix or of all.");
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

std::shared_ptr<const SpikeTimes> read_spike_times(const Napi::Object& column) {
  return std::make_shared<SpikeTimes>(trains_of(column.Get("trains")), read_time(column));
}

std::shared_ptr<const Column> read_column(const Napi::Object& column) {
  const std::string name = text(column, "column");
  if (name == "spikeTimes") return read_spike_times(column);
  if (name == "spikeTimesIndex") {
    return std::make_shared<SpikeTimesIndex>(trains_of(column.Get("trains")), read_type(column));
  }
  if (name == "spikeUnits") {
    std::optional<std::span<const std::int64_t>> ids;
    if (!column.Get("ids").IsUndefined()) ids = elements_of<std::int64_t>(column.Get("ids"));
    return std::make_shared<SpikeUnits>(trains_of(column.Get("trains")), ids);
  }
  if (name == "raster") return read_raster(column);
  if (name == "array" || name == "transposed") return read_array(column);
  if (name == "repeated") return read_repeated(column);
  if (name == "oneColumnEach") return read_one_column_each(column);
  if (name == "times") return read_times(column);
  if (name == "sampleTimes") {
    return std::make_shared<SampleTimes>(count(column, "count"), number(column, "rateKHz"), read_time(column));
  }
  if (name == "range") {
    const auto first = static_cast<std::int64_t>(number(column, "first"));
    return std::make_shared<Range>(first, count(column, "count"), read_type(column));
  }
  if (name == "ones") {
    const ElementType type = text(column, "type") == "float32" ? ElementType::f32 : ElementType::f64;
    return std::make_shared<Ones>(type, read_shape(column.Get("shape")), count(column, "first"), count(column, "step"));
  }
  throw_unknown(column.Env(), "column", name);
}

std::unique_ptr<const Raster> read_raster(const Napi::Object& column) {
  const kernels::Bins bins{
      .start = number(column, "startTime"), .width = number(column, "binSizeMs"), .count = count(column, "bins")};
  return std::make_unique<Raster>(trains_of(column.Get("trains")), bins);
}

}  // namespace spikeport::binding
