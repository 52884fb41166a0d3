#include "spikes/stored_times.h"

#include <algorithm>
#include <system_error>
#include <vector>

#include "engine/errors.h"
#include "platform/error.h"

namespace spikeport {
namespace {

/** Elements read at once before they are converted: enough for a read to be worth its call, few enough for the
 * processor's cache. */
constexpr std::size_t converted_elements = 8192;

/** This thread's buffer for so many bytes of elements. Blocks of the thread's own may be what is filled. */
std::span<std::byte> stored_buffer(std::size_t bytes) {
  thread_local std::vector<std::byte> buffer(converted_elements * sizeof(double));
  return std::span(buffer).first(bytes);
}

/** Whether times are stored as they are in memory. */
bool are_as_in_memory(const TimesRun& run, const kernels::Scaling& scaling) {
  return run.stored == kernels::StoredElements{.type = ElementType::f64} &&
         scaling.kind == kernels::Scaling::Kind::none;
}

}  // namespace

void SpooledTimes::read(std::uint64_t first, std::span<double> times) const {
  const auto bytes = std::as_writable_bytes(times);
  if (file_.read(bytes, first * sizeof(double)) < bytes.size()) {
    throw SystemError(std::errc::io_error, "read", file_.name());
  }
}

void TimesInPlace::read(std::uint64_t first, std::span<double> times) const {
  if (!place_.file) throw SystemError(std::errc::bad_file_descriptor, "read", place_.object);
  const auto& runs = place_.runs;
  // The last run that does not begin after the first time.
  auto run = std::ranges::upper_bound(runs, first, {}, &TimesRun::first) - 1;
  while (!times.empty()) {
    const auto next = run + 1;
    const std::uint64_t left = next == runs.end() ? times.size() : next->first - first;
    const auto part = times.first(static_cast<std::size_t>(std::min<std::uint64_t>(times.size(), left)));
    read(*run, first - run->first, part);
    first += part.size();
    times = times.subspan(part.size());
    run = next;
  }
  // Afterwards: what was written before the bytes were read has changed the file's time by now.
  if (place_.file->state() != place_.opened) refuse_changed();
}

void TimesInPlace::read(const TimesRun& run, std::uint64_t first, std::span<double> times) const {
  if (are_as_in_memory(run, place_.scaling)) {
    read_stored(run, first, std::as_writable_bytes(times));
    return;
  }
  while (!times.empty()) {
    const auto part = times.first(std::min(times.size(), converted_elements));
    const auto in = stored_buffer(part.size() * size_of(run.stored));
    read_stored(run, first, in);
    // Any number becomes a float64.
    static_cast<void>(
        kernels::decode(in, run.stored, place_.scaling, ElementType::f64, std::as_writable_bytes(part).data()));
    first += part.size();
    times = times.subspan(part.size());
  }
}

void TimesInPlace::read_stored(const TimesRun& run, std::uint64_t first, std::span<std::byte> bytes) const {
  const std::size_t done = place_.file->read(bytes, run.offset + first * size_of(run.stored));
  if (done != bytes.size()) refuse_changed();
}

void TimesInPlace::refuse_changed() const {
  throw FormatError(place_.file->name(), place_.object, "it was changed since it was loaded");
}

}  // namespace spikeport
