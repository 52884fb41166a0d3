#include "exports/stored_spike_trains.h"

#include <unistd.h>

#include <cerrno>
#include <system_error>
#include <utility>
#include <vector>

#include "platform/error.h"

namespace spikeport::test {
namespace {

/** The length of runs in memory and between them. */
constexpr std::uint64_t run_times = 7;

SystemError failed(const char* call) { return {{errno, std::generic_category()}, call, "the spikes"}; }

off_t byte_offset(std::uint64_t spike) { return static_cast<off_t>(spike * sizeof(double)); }

}  // namespace

StoredSpikeTrains::StoredSpikeTrains(const SpikeTrains& trains) : file_(std::tmpfile(), std::fclose) {
  for (std::size_t unit = 0; unit < trains.unit_count(); unit++) {
    std::vector<double> times(trains.spike_count(unit));
    trains.read(unit, 0, times);
    add_unit(times.size());
    if (!times.empty()) std::fwrite(times.data(), sizeof(double), times.size(), file_.get());
  }
  if (std::fflush(file_.get()) != 0) throw failed("write");
}

void StoredSpikeTrains::read(std::size_t unit, std::uint64_t offset, std::span<double> block) const {
  was_read_ = true;
  const auto bytes = std::as_writable_bytes(block);
  const off_t begin = byte_offset(first_spike(unit) + offset);
  for (std::size_t done = 0; done < bytes.size();) {
    const ssize_t count =
        ::pread(::fileno(file_.get()), bytes.data() + done, bytes.size() - done, begin + static_cast<off_t>(done));
    if (count <= 0)
      throw count < 0 ? failed("read") : SystemError(std::make_error_code(std::errc::io_error), "read", "the spikes");
    done += static_cast<std::size_t>(count);
  }
}

void StoredSpikeTrains::shrink(std::uint64_t spikes) {
  if (::ftruncate(::fileno(file_.get()), byte_offset(spikes)) != 0) throw failed("truncate");
}

PartlyInMemory::PartlyInMemory(std::shared_ptr<const SpikeTrains> trains) : trains_(std::move(trains)) {
  for (std::size_t unit = 0; unit < trains_->unit_count(); unit++) add_unit(trains_->spike_count(unit));
}

void PartlyInMemory::read(std::size_t unit, std::uint64_t offset, std::span<double> block) const {
  trains_->read(unit, offset, block);
}

std::span<const double> PartlyInMemory::in_place(std::size_t unit, std::uint64_t offset) const {
  const bool is_in_memory = (offset / run_times + unit) % 2 == 0;
  const auto times = trains_->in_place(unit, offset);
  return is_in_memory ? times.first(std::min<std::size_t>(times.size(), run_times - offset % run_times))
                      : std::span<const double>();
}

}  // namespace spikeport::test
