#include "binding/plan_reader.h"

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "binding/arrays.h"
#include "binding/column_reader.h"
#include "binding/fields.h"
#include "binding/folder_entries.h"
#include "binding/hdf5_reader.h"
#include "binding/segments_object.h"
#include "binding/trains_object.h"
#include "bytes/export.h"
#include "hdf5/export.h"

namespace spikeport::binding {
namespace {

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
  bytes::FolderPlan plan{text(value, "target"), {}, std::nullopt, {}, std::nullopt};
  for_each(value.Get("files"), [&](const Napi::Value& entry) {
    const auto file = entry.As<Napi::Object>();
    plan.files.push_back({text(file, "name"), read_segments(file), read_ordered_part(file)});
  });
  if (!value.Get("spikes").IsUndefined()) {
    const auto spikes = object(value, "spikes");
    plan.spikes = {.trains = trains_of(spikes.Get("trains")), .fs_hz = number(spikes, "fsHz")};
  }
  for_each(value.Get("remove"), [&](const Napi::Value& name) { plan.remove.push_back(name.As<Napi::String>()); });
  plan.expected = folder_entries_of(value.Get("expected"));
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

ExportJob export_job_for(const Napi::Object& plan, const ExportSettings& settings) {
  const std::string format = text(plan, "format");
  if (format == "hdf5") return hdf5::export_job(read_hdf5_plan(plan), settings);
  if (format == "file") return bytes::export_job(bytes::FilePlan{text(plan, "target"), read_segments(plan)}, settings);
  if (format == "folder") return bytes::export_job(read_folder_plan(plan), settings);
  throw_unknown(plan.Env(), "format", format);
}

}  // namespace spikeport::binding
