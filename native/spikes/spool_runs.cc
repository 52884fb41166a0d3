#include "spikes/spool_runs.h"

#include <system_error>
#include <utility>

#include "platform/error.h"

namespace spikeport {
namespace {

/** The bytes of records that are read at a time, of which one column is taken. */
constexpr std::size_t records_bytes = std::size_t{1} << 16U;

const SpoolRuns& require_open(const std::shared_ptr<const SpoolRuns>& runs) {
  if (!runs) throw SystemError(std::errc::bad_file_descriptor, "read", "the spikes of a recording");
  return *runs;
}

}  // namespace

SpoolRuns::SpoolRuns(platform::File file, std::vector<SpoolRun> runs, std::size_t unit_count)
    : file_(std::move(file)), runs_(std::move(runs)) {
  const std::size_t stretches = runs_.size() * unit_count;
  // Until all runs are read, these are how many spikes there are.
  firsts_.resize(stretches);
  places_.resize(stretches);
  std::vector<RunEntry> entries;
  for (std::size_t run = 0; run < runs_.size(); run++) {
    entries.resize(runs_[run].entry_count);
    file_.read_all(std::as_writable_bytes(std::span(entries)), runs_[run].offset);
    std::uint32_t begin = 0;
    for (const auto& [unit, end] : entries) {
      const std::size_t stretch = unit * runs_.size() + run;
      firsts_[stretch] = end - begin;
      places_[stretch] = begin;
      begin = end;
    }
  }
  std::uint64_t next = 0;
  for (std::uint64_t& first : firsts_) next += std::exchange(first, next);
}

template <typename Visit>
void SpoolRuns::for_each_stretch(std::uint64_t first, std::size_t count, Visit visit) const {
  // The last one that does not begin after the first spike is not empty.
  auto found = std::ranges::upper_bound(firsts_, first) - 1;
  while (count > 0) {
    const auto next = found + 1;
    const std::uint64_t left = next == firsts_.end() ? count : *next - first;
    const auto part = static_cast<std::size_t>(std::min<std::uint64_t>(count, left));
    const auto stretch = static_cast<std::size_t>(found - firsts_.begin());
    if (part > 0) visit(runs_[stretch % runs_.size()], places_[stretch] + (first - *found), part);
    first += part;
    count -= part;
    found = next;
  }
}

void SpoolRuns::read_times(std::uint64_t first, std::span<double> times) const {
  for_each_stretch(first, times.size(), [&](const SpoolRun& run, std::uint64_t place, std::size_t count) {
    file_.read_all(std::as_writable_bytes(times.first(count)), run.times_offset() + place * sizeof(double));
    times = times.subspan(count);
  });
}

void SpoolRuns::read_records(std::uint64_t first, const kernels::Records& records) const {
  std::size_t done = 0;
  const std::size_t size = records.size;
  for_each_stretch(first, records.bytes.size() / size,
                   [&](const SpoolRun& run, std::uint64_t place, std::size_t count) {
                     file_.read_all(records.subspan(done, count).bytes, run.values_offset() + place * size);
                     done += count;
                   });
}

void TimesInRuns::read(std::uint64_t first, std::span<double> times) const {
  require_open(runs_).read_times(first, times);
}

void ValuesInRuns::read(std::uint64_t first, std::span<std::byte> values) const {
  const SpoolRuns& runs = require_open(runs_);
  const std::size_t record = layout_.record_size();
  // The only column.
  if (record == size_of(type())) return runs.read_records(first, {.bytes = values, .size = record});
  std::vector<std::byte> memory(std::max(records_bytes / record, std::size_t{1}) * record);
  while (!values.empty()) {
    const std::size_t count = std::min(memory.size() / record, values.size() / size_of(type()));
    const kernels::Records records{.bytes = std::span(memory).first(count * record), .size = record};
    runs.read_records(first, records);
    const auto part = values.first(count * size_of(type()));
    layout_.take(column_, records, part);
    values = values.subspan(part.size());
    first += count;
  }
}

}  // namespace spikeport
