#include "binding/plan_reader.h"

#include <algorithm>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "binding/arrays_object.h"
#include "binding/hdf5_reader.h"
#include "binding/list_object.h"
#include "binding/source_reader.h"
#include "binding/spike_trains_object.h"
#include "hdf5/export.h"
#include "kernels/decode.h"
#include "plain_files/export.h"

namespace spikeport::binding {
namespace {

using plain_files::NumberEncoding;
using plain_files::Segment;
using plain_files::UnitPart;

std::optional<plain_files::Transcoding> read_transcoding(Fields& segment) {
  constexpr Word<plain_files::Transcoding> transcodings[] = {
      {"utf8", plain_files::Transcoding::utf8}, {"rawUnicodeEscape", plain_files::Transcoding::raw_unicode_escape}};
  if (!segment.has("transcoding")) return std::nullopt;
  return segment.word("transcoding", transcodings);
}

NumberEncoding read_encoding(Fields& segment) {
  constexpr Word<NumberEncoding> encodings[] = {{"u32", NumberEncoding::u32}, {"u64", NumberEncoding::u64}};
  return segment.word("encoding", encodings);
}

plain_files::Bytes read_bytes(Fields& segment) { return {segment.elements<std::byte>("bytes")}; }

plain_files::UnitSpikeCount read_unit_spike_count(Fields& part) {
  constexpr Word<std::optional<NumberEncoding>> encodings[] = {
      {"u32", NumberEncoding::u32}, {"u64", NumberEncoding::u64}, {"decimal", std::nullopt}};
  return {part.word("encoding", encodings)};
}

UnitPart read_unit_part(Fields& part) {
  constexpr Word<UnitPart (*)(Fields&)> kinds[] = {
      {"bytes", [](Fields& fields) -> UnitPart { return read_bytes(fields); }},
      {"unitSpikeCount", [](Fields& fields) -> UnitPart { return read_unit_spike_count(fields); }},
      {"unitByteLength", [](Fields& fields) -> UnitPart { return plain_files::UnitByteLength{read_encoding(fields)}; }},
      {"unitData", [](Fields& /*fields*/) -> UnitPart { return plain_files::UnitData{}; }}};
  return part.word("segment", kinds)(part);
}

Segment read_source_data(Fields& segment) {
  return plain_files::SourceData{segment.object("source", read_source), read_transcoding(segment)};
}

Segment read_source_byte_length(Fields& segment) {
  return plain_files::SourceByteLength{segment.object("source", read_source), read_transcoding(segment),
                                       read_encoding(segment)};
}

Segment read_repeat(Fields& segment) {
  return plain_files::Repeat{segment.object("source", read_unit_source), read_transcoding(segment),
                             segment.list("parts", read_unit_part)};
}

/** Segments in an array, or those that were handed over before. */
std::vector<Segment> read_segments(Fields& file) {
  if (Segments::is(file.other("segments"))) return Segments::take(file, "segments");
  return file.list("segments", read_segment);
}

plain_files::FilePlan read_file_plan(Fields& plan) { return {plan.name("target"), read_segments(plan)}; }

/** Whether a name leads to an entry of a folder, and nowhere else. */
bool is_entry(const std::string& name) {
  return name != "." && name != ".." && name.find_first_of("/\\") == std::string::npos;
}

plain_files::OrderedValues read_ordered_values(Fields& values) {
  auto arrays = ArraysObject::list_of(values.other("arrays"));
  if (!arrays) values.refuse_type("arrays", "native arrays");
  return {.arrays = std::move(arrays), .width = static_cast<std::uint64_t>(values.whole("width", 1, max_count))};
}

plain_files::OrderedColumn read_ordered_column(Fields& column) {
  constexpr Word<ElementType> types[] = {{"float32", ElementType::f32}, {"float64", ElementType::f64}};
  const ElementType type = column.word("type", types);
  return {.column = static_cast<std::size_t>(column.count("column")), .type = type};
}

/** Whether trains have a column, which can become what it has to. */
bool have_column(const SpikeTrains& trains, const plain_files::OrderedColumn& column) {
  const auto types = trains.value_types();
  return column.column < types.size() && kernels::can_decode({.type = types[column.column]}, column.type, {});
}

/** Whether there are values for each spike of each unit, or for all spikes of a unit together. */
bool are_complete(const plain_files::OrderedValues& values, const SpikeTrains& trains) {
  const ArrayList& arrays = *values.arrays;
  const std::size_t width = values.byte_width();
  if (arrays.size() != trains.unit_count()) return false;
  for (std::size_t unit = 0; unit < arrays.size(); unit++) {
    const std::size_t size = arrays[unit].size();
    // Not by a product, which can be more than 64 bits hold.
    if (size != width && (size % width != 0 || size / width != trains.spike_count(unit))) return false;
  }
  return true;
}

plain_files::PlainFile read_plain_file(Fields& file) {
  constexpr Word<plain_files::OrderedPart> parts[] = {{"samples", plain_files::OrderedPart::samples},
                                                      {"units", plain_files::OrderedPart::units}};
  plain_files::PlainFile plain{file.name("name"), read_segments(file)};
  if (!is_entry(plain.name)) file.refuse("name", "the name of a file in the folder");
  if (file.has("ordered")) plain.ordered = file.word("ordered", parts);
  if (file.has("orderedValues")) plain.ordered_values = file.object("orderedValues", read_ordered_values);
  if (file.has("orderedColumn")) plain.ordered_column = file.object("orderedColumn", read_ordered_column);
  return plain;
}

plain_files::OrderedSpikes read_ordered_spikes(Fields& spikes) {
  return {.trains = read_trains(spikes),
          .fs_hz = spikes.positive("fsHz"),
          .start_ms = spikes.has("startMs") ? spikes.number("startMs") : 0};
}

plain_files::FolderPlan read_folder_plan(Fields& folder) {
  plain_files::FolderPlan plan{folder.name("target"), folder.list("files", read_plain_file), {}, {}, {}};
  if (folder.has("spikes")) {
    plan.spikes = folder.object("spikes", read_ordered_spikes);
    const auto lacks = [&](const auto& file) {
      const SpikeTrains& trains = *plan.spikes->trains;
      return (file.ordered_values && !are_complete(*file.ordered_values, trains)) ||
             (file.ordered_column && !have_column(trains, *file.ordered_column));
    };
    if (std::ranges::any_of(plan.files, lacks)) folder.refuse("files", "values for all spikes of all units");
  } else if (std::ranges::any_of(plan.files, [](const auto& file) {
               return file.ordered || file.ordered_values || file.ordered_column;
             })) {
    folder.refuse("spikes", "the spikes of an ordered file");
  }
  plan.remove = folder.names("remove");
  if (!std::ranges::all_of(plan.remove, is_entry)) folder.refuse("remove", "names of files in the folder");
  if (folder.has("expected")) {
    const auto expected = folder.elements<char>("expected");
    plan.expected = std::string(expected.data(), expected.size());
  }
  return plan;
}

hdf5::Writer read_writer(Fields& file) {
  constexpr Word<hdf5::Writer> writers[] = {
      {"auto", hdf5::Writer::automatic}, {"direct", hdf5::Writer::direct}, {"library", hdf5::Writer::library}};
  return file.has("writer") ? file.word("writer", writers) : hdf5::Writer::automatic;
}

}  // namespace

Segment read_segment(Fields& segment) {
  constexpr Word<Segment (*)(Fields&)> kinds[] = {
      {"bytes", [](Fields& fields) -> Segment { return read_bytes(fields); }},
      {"sourceData", read_source_data},
      {"sourceByteLength", read_source_byte_length},
      {"repeat", read_repeat}};
  return segment.word("segment", kinds)(segment);
}

ExportJob export_job_for(Napi::Env env, Value plan, const ExportSettings& settings) {
  using Make = ExportJob (*)(Fields&, const ExportSettings&);
  constexpr Word<Make> formats[] = {
      {"hdf5",
       [](Fields& fields, const ExportSettings& s) {
         auto file = read_hdf5_plan(fields);
         return hdf5::export_job(std::move(file), s, read_writer(fields));
       }},
      {"file",
       [](Fields& fields, const ExportSettings& s) { return plain_files::export_job(read_file_plan(fields), s); }},
      {"folder",
       [](Fields& fields, const ExportSettings& s) { return plain_files::export_job(read_folder_plan(fields), s); }}};
  return read_root(env, plan, "", [&](Fields& fields) { return fields.word("format", formats)(fields, settings); });
}

}  // namespace spikeport::binding
