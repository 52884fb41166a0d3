#include "exports/kinds.h"

#include <algorithm>
#include <optional>
#include <span>
#include <string_view>
#include <utility>

#include "hdf5/export.h"
#include "plain_files/export.h"
#include "sources/array_sources.h"
#include "sources/joined_arrays.h"
#include "sources/raster.h"
#include "sources/spike_sources.h"
#include "sources/transposed.h"

namespace spikeport::test {
namespace {

using Sources = std::vector<std::pair<std::string, std::shared_ptr<const Source>>>;
using Unit = TimeConversion::Unit;

constexpr double sampling_hz = 30000;
constexpr TimeConversion to_samples{.to = Unit::samples, .fs_hz = sampling_hz};

std::shared_ptr<const Source> raw(const Recording& recording) {
  const std::vector<std::uint64_t> shape{recording.channels, recording.samples.size() / recording.channels};
  return std::make_shared<Array>(ElementType::i16, shape, std::as_bytes(std::span(recording.samples)).data());
}

std::shared_ptr<const Source> raster(const Recording& recording) {
  return std::make_shared<Raster>(recording.trains, kernels::Bins{.start = 0, .width = 5, .count = 3001});
}

std::shared_ptr<const Source> joined(const Recording& recording) {
  const auto arrays = std::make_shared<ArrayList>();
  const auto bytes = std::as_bytes(std::span(recording.samples));
  for (std::size_t i = 0; i < recording.columns.size(); i++) static_cast<void>(arrays->append(ElementType::i16, bytes));
  const std::vector<std::uint64_t> shape{arrays->element_count() / recording.channels, recording.channels};
  return std::make_shared<JoinedArrays>(arrays, shape, recording.columns);
}

Sources flat_sources(const Recording& recording) {
  return {{"times", std::make_shared<SpikeTimes>(recording.trains, TimeConversion{.to = Unit::s})},
          {"index", std::make_shared<SpikeTimesIndex>(recording.trains, ElementType::u64)}};
}

Sources paired_sources(const Recording& recording) {
  const std::uint64_t count = recording.samples.size() / recording.channels;
  return {{"idces", std::make_shared<SpikeUnits>(recording.trains, recording.ids)},
          {"times", std::make_shared<SpikeTimes>(recording.trains, to_samples)},
          {"values_index", std::make_shared<SpikeValuesIndex>(recording.trains, recording.values, ElementType::u32)},
          {"raw", raw(recording)},
          {"joined", joined(recording)},
          {"raw_time", std::make_shared<SampleTimes>(count, 30.0, TimeConversion{.to = Unit::s})},
          {"turned", std::make_shared<Transposed>(ElementType::i16, recording.channels, count,
                                                  std::as_bytes(std::span(recording.samples)).data())}};
}

ExportJob hdf5_job(const Sources& sources, const std::optional<hdf5::Chunking>& chunking, const std::string& target,
                   const ExportSettings& settings, hdf5::Writer writer = hdf5::Writer::direct) {
  hdf5::Plan plan{target, {{"start", 0.5}, {"names", std::vector<std::string>{"a", "ü"}}}, {}};
  for (const auto& [name, source] : sources) plan.objects.emplace_back(hdf5::Dataset{name, source, chunking, {}});
  return hdf5::export_job(std::move(plan), settings, writer);
}

hdf5::Chunking chunks(std::optional<unsigned> level, bool shuffle) {
  return {.chunk = {}, .chunk_bytes = 1U << 14U, .deflate_level = level, .shuffle = shuffle};
}

ExportJob hdf5_units(const Recording& recording, std::optional<hdf5::Chunking> chunking, const std::string& target,
                     const ExportSettings& settings, hdf5::Writer writer = hdf5::Writer::direct) {
  hdf5::Plan plan{target, {}, {}};
  const auto times = std::make_shared<SpikeTimes>(recording.trains, to_samples);
  plan.objects.emplace_back(hdf5::UnitDatasets{"all/units", times, std::move(chunking)});
  return hdf5::export_job(std::move(plan), settings, writer);
}

hdf5::Chunking extendable() {
  hdf5::Chunking chunking = chunks({}, false);
  chunking.is_extendable = true;
  return chunking;
}

/** As an NWB file has them: texts, references, groups and links, and a name that is not ASCII. */
ExportJob hdf5_tree(const Recording& recording, hdf5::Writer writer, const std::string& target,
                    const ExportSettings& settings) {
  hdf5::Plan plan{target, {{"specloc", hdf5::Reference{"spec"}}}, {}};
  const hdf5::PackedTexts texts(recording.texts, recording.text_ends);
  const std::uint64_t units = recording.text_ends.size();
  plan.objects.emplace_back(hdf5::Group{"spec", {{"text", std::string("é")}}});
  plan.objects.emplace_back(
      hdf5::TextDataset{"units/names", texts, {units}, {{"version", std::int32_t{2}}}, extendable()});
  plan.objects.emplace_back(
      hdf5::ReferenceDataset{"units/group", {{"spec"}, {"units"}}, recording.choices, {}, extendable()});
  plan.objects.emplace_back(hdf5::SoftLink{"units/spec", "/spec"});
  plan.objects.emplace_back(hdf5::Dataset{"µV", raw(recording), std::nullopt, {{"µ", std::string("V")}}});
  return hdf5::export_job(std::move(plan), settings, writer);
}

plain_files::Bytes bytes(std::string_view text) { return {std::as_bytes(std::span(text))}; }

/** As a pickle has them: an array of all, and one of each unit. */
std::vector<plain_files::Segment> segments(const Recording& recording,
                                           std::optional<plain_files::Transcoding> transcoding) {
  const auto times = std::make_shared<SpikeTimes>(recording.trains, TimeConversion{});
  const auto encoding = plain_files::NumberEncoding::u32;
  return {
      bytes("begin"),
      plain_files::SourceByteLength{raw(recording), transcoding, encoding},
      plain_files::SourceData{raw(recording), transcoding},
      plain_files::Repeat{times,
                          transcoding,
                          {bytes("unit"), plain_files::UnitSpikeCount{}, plain_files::UnitByteLength{encoding},
                           plain_files::UnitData{}}},
      bytes("end"),
  };
}

ExportJob file_job(const Recording& recording, std::optional<plain_files::Transcoding> transcoding,
                   const std::string& target, const ExportSettings& settings) {
  return plain_files::export_job(plain_files::FilePlan{target, segments(recording, transcoding)}, settings);
}

ExportJob folder_job(const Recording& recording, bool ordered, const std::string& target,
                     const ExportSettings& settings) {
  plain_files::FolderPlan plan{target, {}, std::nullopt, {"gone"}, std::nullopt};
  for (const auto& [name, source] : paired_sources(recording)) {
    plan.files.push_back({name, {bytes("header"), plain_files::SourceData{source, std::nullopt}}});
  }
  if (ordered) {
    plan.spikes = {.trains = recording.trains, .fs_hz = sampling_hz, .start_ms = 0};
    plan.files.push_back({"samples", {bytes("header")}, plain_files::OrderedPart::samples});
    plan.files.push_back({"units", {bytes("header")}, plain_files::OrderedPart::units});
  }
  return plain_files::export_job(std::move(plan), settings);
}

}  // namespace

const std::vector<Kind>& kinds() {
  using R = Recording;
  using T = std::string;
  using S = ExportSettings;
  static const std::vector<Kind> all{
      {"flat", false, [](const R& r, const T& t, const S& s) { return hdf5_job(flat_sources(r), {}, t, s); }},
      {"extendable", false,
       [](const R& r, const T& t, const S& s) { return hdf5_job(flat_sources(r), extendable(), t, s); }},
      {"paired", false, [](const R& r, const T& t, const S& s) { return hdf5_job(paired_sources(r), {}, t, s); }},
      {"planes", false,
       [](const R& r, const T& t, const S& s) { return hdf5_job(paired_sources(r), chunks(1, true), t, s); }},
      {"deflate", false,
       [](const R& r, const T& t, const S& s) { return hdf5_job(paired_sources(r), chunks(4, false), t, s); }},
      {"chunks", false,
       [](const R& r, const T& t, const S& s) { return hdf5_job(flat_sources(r), chunks({}, false), t, s); }},
      {"raster", false,
       [](const R& r, const T& t, const S& s) {
         return hdf5_job({{"raster", raster(r)}}, chunks(1, true), t, s);
       }},
      {"dense raster", false,
       [](const R& r, const T& t, const S& s) {
         return hdf5_job({{"raster", raster(r)}}, {}, t, s);
       }},
      {"units", false, [](const R& r, const T& t, const S& s) { return hdf5_units(r, {}, t, s); }},
      {"units in chunks", false,
       [](const R& r, const T& t, const S& s) { return hdf5_units(r, chunks(1, true), t, s); }},
      {"planes by the library", true,
       [](const R& r, const T& t, const S& s) {
         return hdf5_job(paired_sources(r), chunks(1, true), t, s, hdf5::Writer::library);
       }},
      {"units in chunks by the library", true,
       [](const R& r, const T& t, const S& s) { return hdf5_units(r, chunks(1, true), t, s, hdf5::Writer::library); }},
      {"tree", false, [](const R& r, const T& t, const S& s) { return hdf5_tree(r, hdf5::Writer::direct, t, s); }},
      {"tree by the library", true,
       [](const R& r, const T& t, const S& s) { return hdf5_tree(r, hdf5::Writer::library, t, s); }},
      {"file", false, [](const R& r, const T& t, const S& s) { return file_job(r, {}, t, s); }},
      {"utf8", false,
       [](const R& r, const T& t, const S& s) { return file_job(r, plain_files::Transcoding::utf8, t, s); }},
      {"escaped", false,
       [](const R& r, const T& t, const S& s) {
         return file_job(r, plain_files::Transcoding::raw_unicode_escape, t, s);
       }},
      {"folder", false, [](const R& r, const T& t, const S& s) { return folder_job(r, false, t, s); }},
      {"folder in order", false, [](const R& r, const T& t, const S& s) { return folder_job(r, true, t, s); }},
  };
  return all;
}

}  // namespace spikeport::test
