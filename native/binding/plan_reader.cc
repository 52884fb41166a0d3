#include "binding/plan_reader.h"

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "binding/arrays.h"
#include "binding/fields.h"
#include "binding/folder_entries.h"
#include "binding/hdf5_reader.h"
#include "binding/segments_object.h"
#include "binding/source_reader.h"
#include "binding/spike_trains_object.h"
#include "hdf5/export.h"
#include "plain_files/export.h"

namespace spikeport::binding {
namespace {

std::optional<plain_files::Transcoding> read_transcoding(const Napi::Object& segment) {
  if (segment.Get("transcoding").IsUndefined()) return std::nullopt;
  return text(segment, "transcoding") == "utf8" ? plain_files::Transcoding::utf8
                                                : plain_files::Transcoding::raw_unicode_escape;
}

plain_files::NumberWidth read_width(const Napi::Object& segment) {
  return text(segment, "encoding") == "u32" ? plain_files::NumberWidth::u32 : plain_files::NumberWidth::u64;
}

plain_files::Literal read_literal(const Napi::Object& segment) {
  return {bytes_of(segment.Get("bytes").As<Napi::TypedArray>())};
}

plain_files::UnitPart read_unit_part(const Napi::Object& part) {
  const std::string name = text(part, "segment");
  if (name == "bytes") return read_literal(part);
  if (name == "unitSpikeCount") {
    if (text(part, "encoding") == "decimal") return plain_files::UnitSpikeCount{};
    return plain_files::UnitSpikeCount{read_width(part)};
  }
  if (name == "unitByteLength") return plain_files::UnitByteLength{read_width(part)};
  if (name == "unitColumn") return plain_files::UnitData{};
  throw_unknown(part.Env(), "part", name);
}

std::vector<plain_files::Segment> read_segments(const Napi::Object& file) {
  const Napi::Value value = file.Get("segments");
  if (!value.IsArray()) return SegmentsObject::take(value);
  std::vector<plain_files::Segment> segments;
  for_each(value, [&](const Napi::Value& segment) { segments.push_back(read_segment(segment.As<Napi::Object>())); });
  return segments;
}

std::optional<plain_files::OrderedPart> read_ordered_part(const Napi::Object& file) {
  if (file.Get("ordered").IsUndefined()) return std::nullopt;
  return text(file, "ordered") == "samples" ? plain_files::OrderedPart::samples : plain_files::OrderedPart::units;
}

plain_files::FolderPlan read_folder_plan(const Napi::Object& value) {
  plain_files::FolderPlan plan{text(value, "target"), {}, std::nullopt, {}, std::nullopt};
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

/**
 * The value of the variable that chooses the writer of HDF5 files. It is read through process.env, and not by getenv,
 * which races with other threads' assignments to process.env; and a worker thread has variables of its own.
 */
std::string hdf5_writer(const Napi::Env& env) {
  const Napi::Value process = env.Global().Get("process");
  const Napi::Value variables = process.IsObject() ? process.As<Napi::Object>().Get("env") : env.Undefined();
  const Napi::Value value =
      variables.IsObject() ? variables.As<Napi::Object>().Get(hdf5::writer_variable) : env.Undefined();
  return value.IsString() ? value.As<Napi::String>().Utf8Value() : "auto";
}

}  // namespace

plain_files::Segment read_segment(const Napi::Object& segment) {
  const std::string name = text(segment, "segment");
  if (name == "bytes") return read_literal(segment);
  if (name == "source")
    return plain_files::SourceData{read_source(object(segment, "source")), read_transcoding(segment)};
  if (name == "byteLength") {
    return plain_files::SourceLength{read_source(object(segment, "source")), read_transcoding(segment),
                                     read_width(segment)};
  }
  if (name == "repeat") {
    plain_files::Repeat repeat{read_spike_times(object(segment, "source")), read_transcoding(segment), {}};
    for_each(segment.Get("parts"),
             [&](const Napi::Value& part) { repeat.parts.push_back(read_unit_part(part.As<Napi::Object>())); });
    return repeat;
  }
  throw_unknown(segment.Env(), "segment", name);
}

ExportJob export_job_for(const Napi::Object& plan, const ExportSettings& settings) {
  const std::string format = text(plan, "format");
  if (format == "hdf5") return hdf5::export_job(read_hdf5_plan(plan), settings, hdf5_writer(plan.Env()));
  if (format == "file")
    return plain_files::export_job(plain_files::FilePlan{text(plan, "target"), read_segments(plan)}, settings);
  if (format == "folder") return plain_files::export_job(read_folder_plan(plan), settings);
  throw_unknown(plan.Env(), "format", format);
}

}  // namespace spikeport::binding
