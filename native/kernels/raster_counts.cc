#include "kernels/raster_counts.h"

#include <algorithm>
#include <type_traits>

#include "kernels/stored.h"

namespace spikeport::kernels {
namespace {

/** A count below this one, 2^53, is exact as float64. */
constexpr std::int64_t most_count = std::int64_t{1} << 53U;

/** A number as a count: its whole part, 0 for -1; -1 for a number that is none. */
template <typename Number>
std::int64_t count_of(Number number) {
  if constexpr (std::is_floating_point_v<Number>) {
    if (!(number > Number{-2} && number < static_cast<Number>(most_count))) return -1;
  } else if constexpr (std::is_unsigned_v<Number>) {
    if (sizeof(Number) == 8 && number >= static_cast<std::uint64_t>(most_count)) return -1;
  } else {
    if (number < Number{-1} || (sizeof(Number) == 8 && number >= most_count)) return -1;
  }
  return std::max<std::int64_t>(0, static_cast<std::int64_t>(number));
}

/** Calls `visit(element, number)` for each that is not 0, until it returns false. */
template <typename Element, typename Visit>
void visit_nonzero(std::span<const std::byte> counts, Visit visit) {
  const std::size_t count = counts.size() / Element::size;
  // Most counts are 0: eight bytes at a time.
  constexpr std::size_t step = 64 / Element::size;
  const auto are_zero = [&](std::size_t i) {
    std::uint64_t bits = 0;
    for (std::size_t word = 0; word < 8; word++) {
      std::uint64_t next = 0;
      std::memcpy(&next, counts.data() + i * Element::size + word * 8, 8);
      bits |= next;
    }
    return bits == 0;
  };
  for (std::size_t i = 0; i < count;) {
    if (i + step <= count && are_zero(i)) {
      i += step;
      continue;
    }
    const std::size_t end = std::min(count, i + step);
    for (; i < end; i++) {
      const auto number = Element::load(counts.data() + i * Element::size);
      if (number != 0 && !visit(i, number)) return;
    }
  }
}

}  // namespace

CountSum sum_counts(std::span<const std::byte> counts, const StoredElements& stored) {
  CountSum sum{.problem = counts.size() / size_of(stored)};
  with_stored(stored, [&]<typename Element>(Element /*kind*/) {
    visit_nonzero<Element>(counts, [&](std::size_t i, auto number) {
      const std::int64_t spikes = count_of(number);
      // The sum of 2^11 such counts would overflow.
      if (spikes < 0 || sum.spikes >= static_cast<std::uint64_t>(most_count)) {
        sum.problem = i;
        return false;
      }
      sum.spikes += static_cast<std::uint64_t>(spikes);
      return true;
    });
  });
  return sum;
}

std::size_t times_of_counts(std::span<const std::byte> counts, const StoredElements& stored, const RasterBins& bins,
                            std::uint64_t first_bin, std::uint64_t skipped, std::span<double> out) {
  std::size_t done = 0;
  with_stored(stored, [&]<typename Element>(Element /*kind*/) {
    visit_nonzero<Element>(counts, [&](std::size_t i, auto number) {
      const std::int64_t spikes = count_of(number);
      const auto left_out = std::min(skipped, static_cast<std::uint64_t>(spikes));
      skipped -= left_out;
      const double begin = bins.start_ms + static_cast<double>(first_bin + i) * bins.width_ms;
      const double parts = static_cast<double>(spikes) + 1;
      const double step = bins.width_ms / parts;
      for (std::int64_t k = 1 + static_cast<std::int64_t>(left_out); k <= spikes; k++) {
        if (done == out.size()) return false;
        const auto place = static_cast<double>(k);
        out[done++] = begin + (step == 0 ? place / parts * bins.width_ms : place * step);
      }
      return true;
    });
  });
  return done;
}

}  // namespace spikeport::kernels
