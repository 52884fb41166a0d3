// Counts the intervals between spikes, and the lags of all pairs of them, in bins of equal width.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace spikeport::kernels {

/** Bins of equal width from 0 on: bin j has the lags with `floor(lag / width) = j`, by a division of float64. */
class LagBins {
 public:
  LagBins(double width, std::size_t count);

  [[nodiscard]] std::size_t count() const { return edges_.size() - 1; }
  /** The bin of a lag that is not below 0; `count()` for one after all bins. */
  [[nodiscard]] std::size_t of(double lag) const {
    return lag < end() ? static_cast<std::size_t>(lag / width_) : count();
  }
  /** The least lag of a bin; of bin `count()` the least after all bins. */
  [[nodiscard]] double edge(std::size_t bin) const { return edges_[bin]; }
  [[nodiscard]] double end() const { return edges_.back(); }

 private:
  double width_;
  std::vector<double> edges_;
};

// Times are finite and ascending in what follows.

/** Counts the intervals between successive times. Returns how many are less than `limit`. */
std::uint64_t count_intervals(std::span<const double> times, const LagBins& bins, double limit,
                              std::span<std::uint64_t> counts);

/** Two stretches of one train: the same one twice, or one and another after it. Lags are those of the second's times.
 */
struct LagPair {
  std::span<const double> left;
  std::span<const double> right;

  [[nodiscard]] bool is_one() const { return left.data() == right.data(); }
  [[nodiscard]] double shortest() const { return is_one() ? 0 : right.front() - left.back(); }
  [[nodiscard]] double longest() const { return right.back() - left.front(); }
  /** The number of pairs with a lag that is less than an edge above 0. Linear in the times. */
  [[nodiscard]] std::uint64_t pairs_below(double edge) const;
  /** The first time on the left that has any pair with a lag that is less. */
  [[nodiscard]] std::size_t first_below(double edge) const;
};

/** Counts pairs one by one, those of left times `from` to `to - 1`. */
void count_each_lag(const LagPair& pair, const LagBins& bins, std::size_t from, std::size_t to,
                    std::span<std::uint64_t> counts);

/** Counts the pairs of bins `from` to `to - 1` by their edges. Linear in times × bins, however many pairs there are. */
void count_lags_by_edge(const LagPair& pair, const LagBins& bins, std::size_t from, std::size_t to,
                        std::span<std::uint64_t> counts);

}  // namespace spikeport::kernels
