#include "binding/source_reader.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "binding/arrays_object.h"
#include "binding/samples_object.h"
#include "binding/spike_trains_object.h"
#include "binding/streamed_object.h"
#include "sources/array_sources.h"
#include "sources/file_samples.h"
#include "sources/joined_arrays.h"
#include "sources/time_major_int16.h"
#include "sources/transposed.h"

namespace spikeport::binding {
namespace {

using SourcePtr = std::shared_ptr<const Source>;

TimeConversion read_time(Fields& source) {
  constexpr Word<TimeConversion::Unit> units[] = {
      {"ms", TimeConversion::Unit::ms}, {"s", TimeConversion::Unit::s}, {"samples", TimeConversion::Unit::samples}};
  return source.object("time", [&](Fields& time) {
    TimeConversion conversion{.to = time.word("to", units)};
    if (conversion.to == TimeConversion::Unit::samples) conversion.fs_hz = time.positive("fsHz");
    return conversion;
  });
}

/** The type of whole numbers that go up to `last`. */
ElementType read_whole_type(Fields& source, std::uint64_t last) {
  constexpr Word<ElementType> types[] = {{"uint32", ElementType::u32}, {"uint64", ElementType::u64}};
  if (!source.has("type")) return ElementType::i64;
  const ElementType type = source.word("type", types);
  if (type == ElementType::u32 && last > std::numeric_limits<std::uint32_t>::max()) {
    source.refuse("type", "'uint64', as the numbers go up to " + std::to_string(last) + ",");
  }
  return type;
}

/** Refuses a field by which the source gets more than 2^53 elements. */
void check_product(Fields& source, const char* key, std::uint64_t count, std::uint64_t each) {
  if (each > 0 && count > static_cast<std::uint64_t>(max_count) / each) source.refuse(key, "at most 2^53 elements");
}

SourcePtr read_spike_times(Fields& source) {
  auto trains = read_trains(source);
  return std::make_shared<SpikeTimes>(std::move(trains), read_time(source));
}

SourcePtr read_spike_times_index(Fields& source) {
  auto trains = read_trains(source);
  const ElementType type = read_whole_type(source, trains->spike_count());
  return std::make_shared<SpikeTimesIndex>(std::move(trains), type);
}

SourcePtr read_spike_units(Fields& source) {
  auto trains = read_trains(source);
  std::optional<std::span<const std::int64_t>> ids;
  if (source.has("ids")) {
    ids = source.elements<std::int64_t>("ids");
    if (ids->size() != trains->unit_count()) source.refuse("ids", "an id for each unit");
  }
  return std::make_shared<SpikeUnits>(std::move(trains), ids);
}

std::unique_ptr<const Raster> read_raster_fields(Fields& source) {
  auto trains = read_trains(source);
  const kernels::Bins bins{
      .start = source.number("startTime"), .width = source.positive("binSizeMs"), .count = source.count("bins")};
  check_product(source, "bins", bins.count, trains->unit_count());
  return std::make_unique<Raster>(std::move(trains), bins);
}

SourcePtr read_spike_values(Fields& source) {
  auto trains = read_trains(source);
  const std::size_t column = read_value_column(source, *trains);
  return std::make_shared<SpikeValues>(std::move(trains), column);
}

SourcePtr read_spike_values_index(Fields& source) {
  auto trains = read_trains(source);
  const auto each = source.elements<std::int32_t>("each");
  if (each.size() != trains->unit_count()) source.refuse("each", "a count for each unit");
  std::uint64_t last = 0;
  for (std::size_t unit = 0; unit < each.size(); unit++) {
    if (each[unit] < 0) source.refuse("each", "counts of 0 or more");
    const auto count = static_cast<std::uint64_t>(each[unit]);
    check_product(source, "each", trains->spike_count(unit), count);
    last += trains->spike_count(unit) * count;
    if (last > static_cast<std::uint64_t>(max_count)) source.refuse("each", "at most 2^53 elements");
  }
  const ElementType type = read_whole_type(source, last);
  return std::make_shared<SpikeValuesIndex>(std::move(trains), each, type);
}

SourcePtr read_raster_source(Fields& source) { return read_raster_fields(source); }

/** An array's numbers and its shape, which agree. */
std::pair<Numbers, std::vector<std::uint64_t>> read_shaped(Fields& source) {
  const Numbers data = source.numbers("data");
  auto shape = source.shape("shape");
  if (element_count(shape) != data.count()) {
    source.refuse("shape", "the shape of " + std::to_string(data.count()) + " elements");
  }
  return {data, std::move(shape)};
}

SourcePtr read_array(Fields& source) {
  constexpr Word<ElementType> types[] = {{"float64", ElementType::f64}};
  auto [data, shape] = read_shaped(source);
  if (source.has("type") && source.word("type", types) != data.type) {
    return std::make_shared<Widened>(data.type, std::move(shape), data.bytes);
  }
  return std::make_shared<Array>(data.type, std::move(shape), data.bytes.data());
}

SourcePtr read_transposed(Fields& source) {
  const auto [data, shape] = read_shaped(source);
  if (shape.size() != 2) source.refuse("shape", "two axes");
  return std::make_shared<Transposed>(data.type, shape[0], shape[1], data.bytes.data());
}

SourcePtr read_joined(Fields& source) {
  auto arrays = ArraysObject::list_of(source.other("arrays"));
  if (!arrays) source.refuse_type("arrays", "native arrays");
  if (!arrays->type()) source.refuse("arrays", "at least one array");
  auto shape = source.shape("shape");
  if (element_count(shape) != arrays->element_count()) {
    source.refuse("shape", "the shape of " + std::to_string(arrays->element_count()) + " elements");
  }
  std::vector<std::int32_t> columns;
  if (source.has("columns")) {
    columns = source.copied<std::int32_t>("columns");
    if (columns.size() != arrays->size()) source.refuse("columns", "a count for each array");
    for (std::size_t i = 0; i < columns.size(); i++) {
      if (columns[i] < 0) source.refuse("columns", "counts of 0 or more");
      if (columns[i] == 0 || (*arrays)[i].empty()) continue;
      if (shape.empty()) source.refuse("shape", "at least one axis");
      const std::uint64_t elements = (*arrays)[i].size() / size_of(*arrays->type());
      if (elements % shape.back() != 0 || elements / shape.back() % static_cast<std::uint64_t>(columns[i]) != 0) {
        source.refuse("columns", "columns of which arrays hold whole matrices");
      }
    }
  }
  return std::make_shared<JoinedArrays>(std::move(arrays), std::move(shape), std::move(columns));
}

SourcePtr read_repeated(Fields& source) {
  const Numbers data = source.numbers("data");
  const std::uint64_t count = source.count("count");
  check_product(source, "count", count, data.count());
  const std::uint64_t row_length = source.has("rowLength") ? source.count("rowLength") : data.count();
  if (row_length == 0 ? data.count() != 0 : data.count() % row_length != 0) {
    source.refuse("rowLength", "a divisor of " + std::to_string(data.count()));
  }
  return std::make_shared<Repeated>(data.type, count, data.count(), row_length, data.bytes.data());
}

SourcePtr read_times(Fields& source) {
  const Numbers data = source.numbers("data");
  const TimeConversion time = read_time(source);
  const bool keeps_float32 = source.has("keepsFloat32") && source.flag("keepsFloat32");
  return std::make_shared<Times>(data.type, data.bytes, time, keeps_float32);
}

SourcePtr read_sample_times(Fields& source) {
  const std::uint64_t count = source.count("count");
  const double rate_khz = source.positive("rateKHz");
  return std::make_shared<SampleTimes>(count, rate_khz, read_time(source));
}

SourcePtr read_stream_times(Fields& source) {
  const auto stream = read_stream(source);
  const double rate_khz = source.positive("rateKHz");
  return std::make_shared<SampleTimes>(stream->samples(), rate_khz, read_time(source));
}

SourcePtr read_range(Fields& source) {
  const std::uint64_t count = source.count("count");
  const std::uint64_t first = source.count("first");
  const std::uint64_t step = source.has("step") ? source.count("step") : 1;
  check_product(source, "count", count, step);
  const ElementType type = read_whole_type(source, first + step * (std::max<std::uint64_t>(count, 1) - 1));
  return std::make_shared<Range>(first, count, step, type);
}

SourcePtr read_ones(Fields& source) {
  constexpr Word<ElementType> types[] = {{"float32", ElementType::f32}, {"float64", ElementType::f64}};
  const ElementType type = source.word("type", types);
  auto shape = source.shape("shape");
  const std::uint64_t first = source.count("first");
  const auto step = static_cast<std::uint64_t>(source.whole("step", 1, max_count));
  return std::make_shared<Ones>(type, std::move(shape), first, step);
}

SourcePtr read_columns_each(Fields& source) {
  const auto data = source.elements<float>("data");
  const std::uint64_t rows = source.count("rows");
  const std::uint64_t columns = source.count("columns");
  const auto places = source.elements<std::int32_t>("places");
  const auto width = static_cast<std::uint64_t>(source.whole("width", 1, max_count));
  if (places.size() % width != 0) source.refuse("places", std::to_string(width) + " for each matrix");
  const std::uint64_t matrices = places.size() / width;
  check_product(source, "rows", rows, places.size());
  check_product(source, "rows", rows, width);
  check_product(source, "columns", columns, rows * matrices);
  if (data.size() != rows * width && data.size() != rows * places.size()) {
    source.refuse("data", "numbers for each row, of one matrix or of all,");
  }
  const auto is_column = [&](std::int32_t place) { return place < 0 || static_cast<std::uint64_t>(place) < columns; };
  if (!std::ranges::all_of(places, is_column)) source.refuse("places", "numbers of columns");
  return std::make_shared<ColumnsEach>(data, rows, columns, places, width);
}

std::optional<double> read_scale(Fields& source) {
  if (!source.has("scale")) return std::nullopt;
  return source.positive("scale");
}

/** The samples of a source, at most 2^53 elements. */
std::shared_ptr<const SampleFile> read_samples(Fields& source) {
  auto samples = SamplesObject::samples_of(source.other("samples"));
  if (!samples) source.refuse_type("samples", "native samples");
  check_product(source, "samples", samples->samples(), samples->channels());
  return samples;
}

SourcePtr read_file_samples(Fields& source) {
  constexpr Word<bool> orders[] = {{"time", false}, {"channel", true}};
  auto samples = read_samples(source);
  const bool by_channel = source.word("order", orders);
  if (by_channel && !samples->lies_by_channel()) source.refuse("order", "'time', as the samples lie like that,");
  return std::make_shared<FileSamples>(std::move(samples), by_channel);
}

SourcePtr read_file_int16(Fields& source) {
  auto samples = read_samples(source);
  const std::uint64_t skipped = source.count("skipped");
  if (skipped > samples->samples()) source.refuse("skipped", "at most " + std::to_string(samples->samples()));
  return std::make_shared<FileInt16>(std::move(samples), skipped, read_scale(source));
}

SourcePtr read_time_major_int16(Fields& source) {
  const auto [data, shape] = read_shaped(source);
  if (shape.size() != 2) source.refuse("shape", "two axes");
  const std::uint64_t skipped = source.count("skipped");
  if (skipped > shape[1]) source.refuse("skipped", "at most " + std::to_string(shape[1]));
  return std::make_shared<TimeMajorInt16>(data.type, shape[0], shape[1], skipped, read_scale(source),
                                          data.bytes.data());
}

}  // namespace

std::size_t read_value_column(Fields& owner, const SpikeTrains& trains) {
  const std::uint64_t column = owner.count("column");
  const std::size_t columns = trains.value_types().size();
  if (column >= columns) owner.refuse("column", "a number below " + std::to_string(columns));
  return static_cast<std::size_t>(column);
}

std::shared_ptr<const Source> read_source(Fields& source) {
  constexpr Word<SourcePtr (*)(Fields&)> kinds[] = {{"spikeTimes", read_spike_times},
                                                    {"spikeTimesIndex", read_spike_times_index},
                                                    {"spikeUnits", read_spike_units},
                                                    {"spikeValues", read_spike_values},
                                                    {"spikeValuesIndex", read_spike_values_index},
                                                    {"raster", read_raster_source},
                                                    {"array", read_array},
                                                    {"joined", read_joined},
                                                    {"repeated", read_repeated},
                                                    {"transposed", read_transposed},
                                                    {"times", read_times},
                                                    {"sampleTimes", read_sample_times},
                                                    {"streamTimes", read_stream_times},
                                                    {"range", read_range},
                                                    {"ones", read_ones},
                                                    {"columnsEach", read_columns_each},
                                                    {"fileSamples", read_file_samples},
                                                    {"fileInt16", read_file_int16},
                                                    {"timeMajorInt16", read_time_major_int16}};
  return source.word("kind", kinds)(source);
}

std::shared_ptr<const SpikeTimes> read_unit_source(Fields& source) {
  constexpr Word<bool> kinds[] = {{"unitSpikeTimes", true}};
  source.word("kind", kinds);
  auto trains = read_trains(source);
  return std::make_shared<SpikeTimes>(std::move(trains), read_time(source));
}

std::unique_ptr<const Raster> read_raster(Fields& source) {
  constexpr Word<bool> kinds[] = {{"raster", true}};
  source.word("kind", kinds);
  return read_raster_fields(source);
}

std::shared_ptr<const hdf5::StreamedDataset> read_stream(Fields& owner) {
  auto stream = StreamedDatasetObject::dataset_of(owner.other("stream"));
  if (!stream) owner.refuse_type("stream", "a native streamed dataset");
  return stream;
}

std::shared_ptr<const SpikeTrains> read_trains(Fields& owner) {
  auto trains = trains_of(owner.other("trains"));
  if (!trains) owner.refuse_type("trains", "native trains");
  return trains;
}

}  // namespace spikeport::binding
