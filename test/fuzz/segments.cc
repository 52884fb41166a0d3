// Byte segments of any kind, one after the other: the file is what plain code makes of them.
#include <algorithm>
#include <cstring>
#include <memory>
#include <vector>

#include "exports/run.h"
#include "exports/temporary_folder.h"
#include "input.h"
#include "plain_files/export.h"
#include "sources/array_sources.h"
#include "spikes/memory_spike_trains.h"
#include "target.h"

namespace spikeport::fuzz {
namespace {

using plain_files::NumberEncoding;
using plain_files::Transcoding;

/** What segments point into, and the bytes they stand for. */
struct Made {
  std::vector<std::vector<std::byte>> kept;
  std::vector<std::vector<double>> times;
  std::shared_ptr<MemorySpikeTrains> trains = std::make_shared<MemorySpikeTrains>();
  std::vector<plain_files::Segment> segments;
  std::string expected;
};

/** A few bytes, or many more than a piece holds. */
std::size_t any_length(Input& input) { return input.below(32) == 0 ? 30 * input.below(65536) : input.below(300); }

std::string transcoded(std::string_view text, std::optional<Transcoding> transcoding) {
  if (!transcoding) return std::string(text);
  std::string made;
  for (const char character : text) {
    const auto byte = static_cast<unsigned char>(character);
    if (*transcoding == Transcoding::utf8) {
      if (byte >= 0x80) made += static_cast<char>(0xC0U | byte >> 6U);
      made += byte < 0x80 ? character : static_cast<char>(0x80U | (byte & 0x3FU));
    } else if (std::string_view("\0\n\r\x1A\\", 5).find(character) != std::string_view::npos) {
      made += std::string("\\u00") + "0123456789abcdef"[byte >> 4U] + "0123456789abcdef"[byte & 0xFU];
    } else {
      made += character;
    }
  }
  return made;
}

std::string number(std::uint64_t value, NumberEncoding encoding) {
  return {reinterpret_cast<const char*>(&value), static_cast<std::size_t>(encoding)};
}

std::string_view text_of(std::span<const std::byte> bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

/** The bytes of elements as `fill` makes them. */
std::string filled(const Source& source, std::uint64_t first, std::uint64_t count) {
  std::vector<std::byte> block(count * size_of(source.type()));
  source.fill(first, block);
  return std::string(text_of(block));
}

plain_files::Bytes add_bytes(Input& input, Made& made) {
  made.kept.push_back(input.bytes(any_length(input)));
  return {made.kept.back()};
}

std::optional<Transcoding> any_transcoding(Input& input) {
  const std::size_t choice = input.below(3);
  if (choice == 0) return std::nullopt;
  return choice == 1 ? Transcoding::utf8 : Transcoding::raw_unicode_escape;
}

std::shared_ptr<const Source> any_source(Input& input, Made& made) {
  if (input.flag()) {
    return std::make_shared<Range>(input.any<std::uint32_t>(), any_length(input) / 8, input.any<std::uint8_t>(),
                                   ElementType::i64);
  }
  made.kept.push_back(input.bytes(any_length(input)));
  const auto& bytes = made.kept.back();
  return std::make_shared<Array>(ElementType::u8, std::vector<std::uint64_t>{bytes.size()}, bytes.data());
}

void add_column(Input& input, Made& made) {
  const auto source = any_source(input, made);
  const auto transcoding = any_transcoding(input);
  const std::string text = transcoded(filled(*source, 0, source->size()), transcoding);
  if (input.flag()) {
    const NumberEncoding encoding = input.flag() ? NumberEncoding::u32 : NumberEncoding::u64;
    made.segments.emplace_back(plain_files::SourceByteLength{source, transcoding, encoding});
    made.expected += number(text.size(), encoding);
  }
  made.segments.emplace_back(plain_files::SourceData{source, transcoding});
  made.expected += text;
}

void add_repeat(Input& input, Made& made) {
  const TimeConversion conversion{.to = input.flag() ? TimeConversion::Unit::ms : TimeConversion::Unit::s};
  const auto times = std::make_shared<SpikeTimes>(made.trains, conversion);
  plain_files::Repeat repeat{times, any_transcoding(input), {}};
  const auto given = add_bytes(input, made);
  const NumberEncoding encoding = input.flag() ? NumberEncoding::u32 : NumberEncoding::u64;
  const bool decimal = input.flag();
  repeat.parts = {given, plain_files::UnitSpikeCount{decimal ? std::nullopt : std::optional(encoding)},
                  plain_files::UnitByteLength{encoding}, plain_files::UnitData{}};
  for (std::size_t unit = 0; unit < made.trains->unit_count(); unit++) {
    const std::uint64_t count = made.trains->spike_count(unit);
    const std::string text = transcoded(filled(*times, made.trains->first_spike(unit), count), repeat.transcoding);
    made.expected += text_of(given.bytes);
    made.expected += decimal ? std::to_string(count) : number(count, encoding);
    made.expected += number(text.size(), encoding) + text;
  }
  made.segments.emplace_back(std::move(repeat));
}

void add_trains(Input& input, Made& made) {
  for (std::size_t units = input.below(6); units > 0; units--) {
    const std::size_t count = input.below(64) == 0 ? input.below(65536) : input.below(50);
    const auto step = static_cast<double>(input.below(256));
    auto& times = made.times.emplace_back();
    for (std::size_t i = 0; i < count; i++) times.push_back(static_cast<double>(i) * step);
    made.trains->append(times);
  }
  if (input.flag()) made.trains->append_empty(input.below(4));
}

}  // namespace
}  // namespace spikeport::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace spikeport::fuzz;
  static const spikeport::test::TemporaryFolder folder;
  static const std::string path = folder.at("file");
  Input input(data, size);
  Made made;
  const auto threads = static_cast<unsigned>(1 + input.below(3));
  add_trains(input, made);
  for (int i = 0; i < 8 && !input.is_empty() && made.expected.size() < 20'000'000; i++) {
    const std::size_t kind = input.below(4);
    if (kind == 0) {
      const auto given = add_bytes(input, made);
      made.segments.emplace_back(given);
      made.expected += text_of(given.bytes);
    } else if (kind == 1) {
      add_repeat(input, made);
    } else {
      add_column(input, made);
    }
  }
  const auto job = spikeport::plain_files::export_job({path, made.segments}, {.threads = threads}).job;
  const auto failure = spikeport::test::run(job);
  require(!failure, spikeport::test::message_of(failure));
  require(spikeport::test::bytes_at(path) == made.expected, "the file differs from its segments");
  return 0;
}
