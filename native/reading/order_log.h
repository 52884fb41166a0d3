// Where spike times that are read are not in order.
#pragma once

#include <cstddef>
#include <mutex>
#include <optional>
#include <span>
#include <vector>

namespace spikeport {

/**
 * Notes where the times of an array fall while the array is filled. Then they are still in the processor's cache: to go
 * through all of them later takes as long as to read them did.
 */
class OrderLog {
 public:
  /** @param times the array, which outlives this */
  explicit OrderLog(std::span<const double> times) : times_(times) {}

  /** Looks at a part that has been filled. Any thread, several at a time. */
  void look_at(std::span<const double> filled);

  /** Call it once all is filled. */
  void finish();

  /**
   * Every place whose time is not at least the one before it, ascending: NaN never is, nor is what follows it. Nothing
   * where there are very many.
   */
  [[nodiscard]] const std::optional<std::vector<double>>& falls() const { return falls_; }

 private:
  std::span<const double> times_;
  std::mutex mutex_;
  /** The first places of the parts. */
  std::vector<std::size_t> starts_;
  std::optional<std::vector<double>> falls_{std::in_place};
};

}  // namespace spikeport
