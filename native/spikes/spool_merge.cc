#include "spikes/spool_merge.h"

#include <algorithm>
#include <functional>
#include <queue>
#include <system_error>
#include <utility>

#include "kernels/sort.h"
#include "platform/error.h"

namespace spikeport {
namespace {

/** The times of a large train that are written at a time. */
constexpr std::size_t least_piece = 1024;

template <typename T>
void read_all(const platform::File& file, std::span<T> numbers, std::uint64_t offset) {
  const auto bytes = std::as_writable_bytes(numbers);
  if (file.read(bytes, offset) < bytes.size()) throw SystemError(std::errc::io_error, "read", file.name());
}

/** Room for this many elements, whose values do not matter. */
template <typename T>
std::span<T> room(std::vector<T>& memory, std::size_t count) {
  if (memory.size() < count) memory.resize(count);
  return std::span(memory).first(count);
}

}  // namespace

SpoolMerge::SpoolMerge(std::shared_ptr<Spool> spool, const RecordingWindow& window,
                       std::optional<std::size_t> unit_count, std::size_t range_spikes, unsigned participants)
    : spool_(std::move(spool)),
      window_(window),
      unit_count_(unit_count),
      range_spikes_(range_spikes),
      memories_(participants) {}

bool SpoolMerge::begin() {
  if (!spool_->runs().empty()) {
    if (spool_->write_some()) return true;
    spool_->free_buffers();
    make_trains();
    return false;
  }
  const auto [units, times] = spool_->sort_last();
  make_trains();
  const SpooledUnits& known = spool_->units();
  for (std::size_t unit = 0; unit < known.counts.size(); unit++) {
    if (known.counts[unit] == 0) continue;
    const auto train = times.subspan(trains_->first_spike(unit), known.counts[unit]);
    if (known.falls[unit]) kernels::sort_times(train, memories_[0].scratch);
    note(unit, train);
  }
  write(times, 0);
  is_whole_ = true;
  return false;
}

void SpoolMerge::make_trains() {
  const auto& counts = spool_->units().counts;
  const std::size_t units = unit_count_.value_or(counts.size());
  times_ = std::make_shared<SpooledTimes>(spool_->another_file());
  trains_ = std::make_shared<FileSpikeTrains>(times_, counts, units - counts.size());
  if (trains_->spike_count() > 0) times_->file().reserve(0, trains_->spike_count() * sizeof(double));
}

std::optional<SpoolMerge::Range> SpoolMerge::next_range() {
  const std::lock_guard lock(mutex_);
  const auto& counts = spool_->units().counts;
  if (next_unit_ == counts.size()) return std::nullopt;
  Range range{.begin = next_unit_, .end = next_unit_};
  std::uint64_t taken = 0;
  // A unit without spikes takes memory as well.
  do taken += counts[range.end++] + 1;
  while (range.end < counts.size() && taken + counts[range.end] < range_spikes_);
  next_unit_ = range.end;
  return range;
}

bool SpoolMerge::merge_some(const Job& job, unsigned participant) {
  if (is_whole_) return false;
  const auto range = next_range();
  if (!range) return false;
  Memory& memory = memories_[participant];
  const std::size_t unit = range->begin;
  if (trains_->spike_count(unit) <= range_spikes_) {
    merge(*range, memory);
  } else if (spool_->units().falls[unit]) {
    sort_large(job, unit, memory);
  } else {
    copy_large(job, unit, memory);
  }
  return true;
}

template <typename Visit>
void SpoolMerge::for_each_run(const Range& range, std::vector<RunEntry>& entries, Visit visit) const {
  for (const SpoolRun& run : spool_->runs()) {
    // All entries of these units are between the landmark at or before the first of them and that after the last.
    const auto after = std::ranges::upper_bound(run.landmarks, range.begin);
    const auto past = std::lower_bound(after, run.landmarks.end(), range.end);
    const std::size_t block =
        after == run.landmarks.begin() ? 0 : static_cast<std::size_t>(after - run.landmarks.begin()) - 1;
    // With the entry before, where there is one: the first spike of an entry follows it.
    const std::size_t first = block == 0 ? 0 : block * SpoolRun::stride - 1;
    const auto end = static_cast<std::size_t>(past - run.landmarks.begin()) * SpoolRun::stride;
    const auto read = room(entries, std::min(end, run.entry_count) - first);
    read_all(spool_->file(), read, run.offset + first * sizeof(RunEntry));
    const auto begin = std::ranges::lower_bound(read, range.begin, {}, &RunEntry::unit);
    const auto stop = std::ranges::lower_bound(read, range.end, {}, &RunEntry::unit);
    if (begin == stop) continue;
    visit(run, begin == read.begin() ? 0 : std::prev(begin)->end, std::span(begin, stop));
  }
}

void SpoolMerge::merge(const Range& range, Memory& memory) {
  const std::uint64_t first = trains_->first_spike(range.begin);
  const auto times = room(memory.times, static_cast<std::size_t>(trains_->first_spike(range.end) - first));
  const auto places = room(memory.places, range.end - range.begin);
  for (std::size_t i = 0; i < places.size(); i++) {
    places[i] = static_cast<std::size_t>(trains_->first_spike(range.begin + i) - first);
  }
  for_each_run(range, memory.entries, [&](const SpoolRun& run, std::uint32_t begin, std::span<const RunEntry> entries) {
    const auto stretch = room(memory.scratch, entries.back().end - begin);
    read_all(spool_->file(), stretch, run.times_offset() + begin * sizeof(double));
    std::uint32_t from = begin;
    for (const auto& [unit, end] : entries) {
      const auto part = stretch.subspan(from - begin, end - from);
      std::size_t& place = places[unit - range.begin];
      std::ranges::copy(part, times.begin() + static_cast<std::ptrdiff_t>(place));
      place += part.size();
      from = end;
    }
  });
  for (std::size_t unit = range.begin; unit < range.end; unit++) {
    const auto count = static_cast<std::size_t>(trains_->spike_count(unit));
    if (count == 0) continue;
    const auto train = times.subspan(places[unit - range.begin] - count, count);
    if (spool_->units().falls[unit]) kernels::sort_times(train, memory.scratch);
    note(unit, train);
  }
  write(times, first);
}

template <typename Visit>
void SpoolMerge::for_each_piece(const Job& job, std::size_t unit, Memory& memory, Visit visit) {
  const auto piece = room(memory.times, range_spikes_);
  std::size_t filled = 0;
  const auto take = [&](const SpoolRun& run, std::uint32_t begin, std::span<const RunEntry> entries) {
    const std::uint32_t end = entries.back().end;
    while (begin < end) {
      job.throw_if_cancelled();
      const auto part = piece.subspan(filled, std::min<std::size_t>(end - begin, piece.size() - filled));
      read_all(spool_->file(), part, run.times_offset() + begin * sizeof(double));
      begin += static_cast<std::uint32_t>(part.size());
      filled += part.size();
      if (filled == piece.size()) visit(piece.first(std::exchange(filled, 0)));
    }
  };
  for_each_run({.begin = unit, .end = unit + 1}, memory.entries, take);
  if (filled > 0) visit(piece.first(filled));
}

void SpoolMerge::copy_large(const Job& job, std::size_t unit, Memory& memory) {
  std::uint64_t next = trains_->first_spike(unit);
  for_each_piece(job, unit, memory, [&](std::span<double> times) {
    note(unit, times);
    write(times, next);
    next += times.size();
  });
}

void SpoolMerge::sort_large(const Job& job, std::size_t unit, Memory& memory) {
  const platform::File pieces = spool_->another_file();
  pieces.reserve(0, trains_->spike_count(unit) * sizeof(double));
  std::uint64_t done = 0;
  for_each_piece(job, unit, memory, [&](std::span<double> times) {
    kernels::sort_times(times, memory.scratch);
    note(unit, times);
    pieces.write(std::as_bytes(times), done * sizeof(double));
    done += times.size();
  });
  merge_pieces(job, unit, pieces, range_spikes_, memory);
}

void SpoolMerge::merge_pieces(const Job& job, std::size_t unit, const platform::File& pieces, std::size_t piece,
                              Memory& memory) {
  /** Where a piece is read. */
  struct Cursor {
    std::uint64_t next;
    std::uint64_t end;
    std::span<double> buffer;
    std::span<const double> times;
  };
  const std::uint64_t count = trains_->spike_count(unit);
  const auto piece_count = static_cast<std::size_t>((count + piece - 1) / piece);
  const std::size_t share = std::max(piece / (piece_count + 1), least_piece);
  auto buffers = room(memory.times, share * piece_count);
  std::vector<Cursor> cursors;
  // The first time of each piece, and the piece; the earliest is on top.
  using Head = std::pair<double, std::size_t>;
  std::priority_queue<Head, std::vector<Head>, std::greater<>> heads;
  const auto refill = [&](std::size_t number) {
    Cursor& cursor = cursors[number];
    const auto part = cursor.buffer.first(std::min<std::uint64_t>(share, cursor.end - cursor.next));
    read_all(pieces, part, cursor.next * sizeof(double));
    cursor.next += part.size();
    cursor.times = part;
  };
  for (std::size_t i = 0; i < piece_count; i++) {
    cursors.push_back({.next = i * piece,
                       .end = std::min<std::uint64_t>(count, (i + 1) * piece),
                       .buffer = buffers.subspan(i * share, share),
                       .times = {}});
    refill(i);
    heads.emplace(cursors[i].times.front(), i);
  }
  const auto out = room(memory.scratch, share);
  std::size_t filled = 0;
  std::uint64_t next = trains_->first_spike(unit);
  const auto flush = [&] {
    job.throw_if_cancelled();
    write(out.first(filled), next);
    next += std::exchange(filled, 0);
  };
  while (!heads.empty()) {
    const auto [time, number] = heads.top();
    heads.pop();
    out[filled++] = time;
    if (filled == out.size()) flush();
    Cursor& cursor = cursors[number];
    cursor.times = cursor.times.subspan(1);
    if (cursor.times.empty() && cursor.next < cursor.end) refill(number);
    if (!cursor.times.empty()) heads.emplace(cursor.times.front(), number);
  }
  flush();
}

void SpoolMerge::discard() {
  trains_.reset();
  times_.reset();
}

void SpoolMerge::note(std::size_t unit, std::span<const double> times) {
  TrainFacts& facts = trains_->facts()[unit];
  facts.first = std::min(facts.first, times.front());
  facts.last = std::max(facts.last, times.back());
  facts.is_reordered = spool_->units().falls[unit];
}

void SpoolMerge::write(std::span<const double> times, std::uint64_t first) {
  times_->file().write(std::as_bytes(times), first * sizeof(double));
  settled_ += times.size();
}

}  // namespace spikeport
