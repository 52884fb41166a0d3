#include "reading/order_log.h"

#include <algorithm>

#include "kernels/order.h"

namespace spikeport {
namespace {

/** More falls than units of usual recordings: 1 MB of them. */
constexpr std::size_t most_falls = std::size_t{1} << 17U;

}  // namespace

void OrderLog::look_at(std::span<const double> filled) {
  std::vector<std::size_t> falls;
  kernels::find_falls(filled, most_falls, falls);
  const auto first = static_cast<std::size_t>(filled.data() - times_.data());
  const std::lock_guard lock(mutex_);
  starts_.push_back(first);
  if (falls_ && falls_->size() + falls.size() > most_falls) falls_.reset();
  if (!falls_) return;
  for (const std::size_t fall : falls) falls_->push_back(static_cast<double>(first + fall));
}

void OrderLog::finish() {
  if (!falls_) return;
  for (const std::size_t start : starts_) {
    if (start == 0 || times_[start - 1] <= times_[start]) continue;
    if (falls_->size() >= most_falls) {
      falls_.reset();
      return;
    }
    falls_->push_back(static_cast<double>(start));
  }
  std::ranges::sort(*falls_);
}

}  // namespace spikeport
