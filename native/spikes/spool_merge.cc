#include "spikes/spool_merge.h"

#include <algorithm>
#include <functional>
#include <queue>
#include <utility>

#include "engine/block.h"
#include "kernels/sort.h"
#include "platform/file.h"
#include "spikes/spool_runs.h"

namespace spikeport {
namespace {

/** The bytes of a large train that are read and written at a time. */
constexpr std::size_t least_bytes = 8192;

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
    if (may_stay_in_runs()) {
      leave_in_runs();
    } else {
      make_trains();
    }
    return false;
  }
  const auto [times, values] = spool_->sort_last();
  make_trains();
  const SpooledUnits& known = spool_->units();
  for (std::size_t unit = 0; unit < known.counts.size(); unit++) {
    if (known.counts[unit] == 0) continue;
    const auto first = static_cast<std::size_t>(trains_->first_spike(unit));
    const auto train = times.subspan(first, known.counts[unit]);
    if (known.falls[unit]) sort(train, values.subspan(first, train.size()), memories_[0]);
    note(unit, train);
  }
  write(times, values, 0);
  is_whole_ = true;
  return false;
}

bool SpoolMerge::may_stay_in_runs() const {
  const SpooledUnits& units = spool_->units();
  const std::uint64_t stretches = std::uint64_t{spool_->runs().size()} * units.counts.size();
  return std::ranges::find(units.falls, true) == units.falls.end() &&
         spool_->spike_count() / stretches >= SpoolRuns::least_stretch;
}

void SpoolMerge::leave_in_runs() {
  const SpooledUnits& units = spool_->units();
  const auto runs = spool_->take_runs();
  add_trains(std::make_shared<TimesInRuns>(runs));
  for (std::size_t column = 0; column < layout().types().size(); column++) {
    trains_->add_values(std::make_shared<ValuesInRuns>(runs, layout(), column));
  }
  for (std::size_t unit = 0; unit < units.counts.size(); unit++) {
    if (units.counts[unit] == 0) continue;
    trains_->facts()[unit] = {.first = units.first[unit], .last = units.last[unit]};
  }
  settled_ += trains_->spike_count();
  is_whole_ = true;
}

void SpoolMerge::add_trains(std::shared_ptr<StoredTimes> times) {
  const auto& counts = spool_->units().counts;
  const std::size_t units = std::max(unit_count_.value_or(0), counts.size());
  trains_ = std::make_shared<FileSpikeTrains>(std::move(times), counts, units - counts.size());
}

void SpoolMerge::make_trains() {
  times_ = std::make_shared<SpooledTimes>(spool_->another_file());
  add_trains(times_);
  const auto types = layout().types();
  for (std::size_t column = 0; column < types.size(); column++) {
    trains_->add_values(std::make_shared<SpooledValues>(types[column], times_, column_offset(column)));
  }
  const std::uint64_t spikes = trains_->spike_count();
  if (spikes > 0) times_->file().reserve(0, spikes * (sizeof(double) + layout().record_size()));
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
    spool_->file().read_all(std::as_writable_bytes(read), run.offset + first * sizeof(RunEntry));
    const auto begin = std::ranges::lower_bound(read, range.begin, {}, &RunEntry::unit);
    const auto stop = std::ranges::lower_bound(read, range.end, {}, &RunEntry::unit);
    if (begin == stop) continue;
    visit(run, begin == read.begin() ? 0 : std::prev(begin)->end, std::span(begin, stop));
  }
}

void SpoolMerge::merge(const Range& range, Memory& memory) {
  const std::uint64_t first = trains_->first_spike(range.begin);
  const auto times = room(memory.times, static_cast<std::size_t>(trains_->first_spike(range.end) - first));
  const auto values = records_in(memory.values, times.size());
  const auto places = room(memory.places, range.end - range.begin);
  for (std::size_t i = 0; i < places.size(); i++) {
    places[i] = static_cast<std::size_t>(trains_->first_spike(range.begin + i) - first);
  }
  for_each_run(range, memory.entries, [&](const SpoolRun& run, std::uint32_t begin, std::span<const RunEntry> entries) {
    const auto stretch = room(memory.scratch, entries.back().end - begin);
    const auto records = records_in(memory.value_scratch, stretch.size());
    spool_->file().read_all(std::as_writable_bytes(stretch), run.times_offset() + begin * sizeof(double));
    spool_->file().read_all(records.bytes, run.values_offset() + begin * records.size);
    std::uint32_t from = begin;
    for (const auto& [unit, end] : entries) {
      const auto part = stretch.subspan(from - begin, end - from);
      std::size_t& place = places[unit - range.begin];
      std::ranges::copy(part, times.begin() + static_cast<std::ptrdiff_t>(place));
      std::ranges::copy(records.subspan(from - begin, part.size()).bytes,
                        values.subspan(place, part.size()).bytes.begin());
      place += part.size();
      from = end;
    }
  });
  for (std::size_t unit = range.begin; unit < range.end; unit++) {
    const auto count = static_cast<std::size_t>(trains_->spike_count(unit));
    if (count == 0) continue;
    const std::size_t begin = places[unit - range.begin] - count;
    const auto train = times.subspan(begin, count);
    if (spool_->units().falls[unit]) sort(train, values.subspan(begin, count), memory);
    note(unit, train);
  }
  write(times, values, first);
}

template <typename Visit>
void SpoolMerge::for_each_piece(const Job& job, std::size_t unit, Memory& memory, Visit visit) {
  const auto piece = room(memory.times, range_spikes_);
  const auto records = records_in(memory.values, range_spikes_);
  std::size_t filled = 0;
  const auto take = [&](const SpoolRun& run, std::uint32_t begin, std::span<const RunEntry> entries) {
    const std::uint32_t end = entries.back().end;
    while (begin < end) {
      job.throw_if_cancelled();
      const auto part = piece.subspan(filled, std::min<std::size_t>(end - begin, piece.size() - filled));
      spool_->file().read_all(std::as_writable_bytes(part), run.times_offset() + begin * sizeof(double));
      spool_->file().read_all(records.subspan(filled, part.size()).bytes, run.values_offset() + begin * records.size);
      begin += static_cast<std::uint32_t>(part.size());
      filled += part.size();
      if (filled < piece.size()) continue;
      visit(piece, records);
      filled = 0;
    }
  };
  for_each_run({.begin = unit, .end = unit + 1}, memory.entries, take);
  if (filled > 0) visit(piece.first(filled), records.subspan(0, filled));
}

void SpoolMerge::copy_large(const Job& job, std::size_t unit, Memory& memory) {
  std::uint64_t next = trains_->first_spike(unit);
  for_each_piece(job, unit, memory, [&](std::span<double> times, const kernels::Records& values) {
    note(unit, times);
    write(times, values, next);
    next += times.size();
  });
}

void SpoolMerge::sort_large(const Job& job, std::size_t unit, Memory& memory) {
  const platform::File pieces = spool_->another_file();
  // All times, and then all records.
  const std::uint64_t count = trains_->spike_count(unit);
  pieces.reserve(0, count * (sizeof(double) + layout().record_size()));
  std::uint64_t done = 0;
  for_each_piece(job, unit, memory, [&](std::span<double> times, const kernels::Records& values) {
    sort(times, values, memory);
    note(unit, times);
    pieces.write(std::as_bytes(times), done * sizeof(double));
    if (values.size > 0) pieces.write(values.bytes, count * sizeof(double) + done * values.size);
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
    kernels::Records records;
    /** The number of times in the buffer, and how many of them are taken. */
    std::size_t filled;
    std::size_t taken;
  };
  const std::uint64_t count = trains_->spike_count(unit);
  const auto piece_count = static_cast<std::size_t>((count + piece - 1) / piece);
  const std::size_t least = std::max<std::size_t>(least_bytes / (sizeof(double) + layout().record_size()), 1);
  const std::size_t share = std::max(piece / (piece_count + 1), least);
  const auto buffers = room(memory.times, share * piece_count);
  const auto records = records_in(memory.values, buffers.size());
  std::vector<Cursor> cursors;
  // The first time of each piece, and the piece; the earliest is on top, of equal ones that which came first.
  using Head = std::pair<double, std::size_t>;
  std::priority_queue<Head, std::vector<Head>, std::greater<>> heads;
  const auto refill = [&](std::size_t number) {
    Cursor& cursor = cursors[number];
    const auto part = cursor.buffer.first(std::min<std::uint64_t>(share, cursor.end - cursor.next));
    pieces.read_all(std::as_writable_bytes(part), cursor.next * sizeof(double));
    pieces.read_all(cursor.records.subspan(0, part.size()).bytes,
                    count * sizeof(double) + cursor.next * cursor.records.size);
    cursor.next += part.size();
    cursor.filled = part.size();
    cursor.taken = 0;
  };
  for (std::size_t i = 0; i < piece_count; i++) {
    cursors.push_back({.next = i * piece,
                       .end = std::min<std::uint64_t>(count, (i + 1) * piece),
                       .buffer = buffers.subspan(i * share, share),
                       .records = records.subspan(i * share, share),
                       .filled = 0,
                       .taken = 0});
    refill(i);
    heads.emplace(cursors[i].buffer.front(), i);
  }
  const auto out = room(memory.scratch, share);
  const auto out_records = records_in(memory.value_scratch, share);
  std::size_t filled = 0;
  std::uint64_t next = trains_->first_spike(unit);
  const auto flush = [&] {
    job.throw_if_cancelled();
    write(out.first(filled), out_records.subspan(0, filled), next);
    next += std::exchange(filled, 0);
  };
  while (!heads.empty()) {
    const auto [time, number] = heads.top();
    heads.pop();
    Cursor& cursor = cursors[number];
    out[filled] = time;
    if (out_records.size > 0) {
      std::ranges::copy(cursor.records.subspan(cursor.taken, 1).bytes, out_records.subspan(filled, 1).bytes.begin());
    }
    filled++;
    cursor.taken++;
    if (filled == out.size()) flush();
    if (cursor.taken == cursor.filled && cursor.next < cursor.end) refill(number);
    if (cursor.taken < cursor.filled) heads.emplace(cursor.buffer[cursor.taken], number);
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

kernels::Records SpoolMerge::records_in(std::vector<std::byte>& memory, std::size_t count) const {
  const std::size_t size = layout().record_size();
  return {.bytes = room(memory, count * size), .size = size};
}

void SpoolMerge::sort(std::span<double> times, const kernels::Records& values, Memory& memory) const {
  if (values.size == 0) {
    kernels::sort_times(times, memory.scratch);
  } else {
    kernels::sort_with_records(times, values, memory.sorting);
  }
}

std::uint64_t SpoolMerge::column_offset(std::size_t column) const {
  return trains_->spike_count() * (sizeof(double) + layout().offset(column));
}

void SpoolMerge::write(std::span<const double> times, const kernels::Records& values, std::uint64_t first) {
  times_->file().write(std::as_bytes(times), first * sizeof(double));
  const auto types = layout().types();
  for (std::size_t column = 0; column < types.size(); column++) {
    const std::size_t size = size_of(types[column]);
    const std::uint64_t offset = column_offset(column) + first * size;
    for (std::size_t done = 0; done < times.size();) {
      const std::size_t count = std::min(times.size() - done, block_size / size);
      const auto block = thread_block().first(count * size);
      layout().take(column, values.subspan(done, count), block);
      times_->file().write(block, offset + done * size);
      done += count;
    }
  }
  settled_ += times.size();
}

}  // namespace spikeport
