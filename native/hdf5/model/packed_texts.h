#pragma once

// Many texts in two arrays, without an object for each.

#include <cmath>
#include <cstddef>
#include <span>
#include <string_view>

namespace spikeport::hdf5 {

/** Many texts, one after another, and where each of them ends. Their owner keeps them alive. */
class PackedTexts {
 public:
  /** @param ends ascending, and within the bytes: before that has been checked, none of the texts may be asked for */
  PackedTexts(std::string_view bytes, std::span<const double> ends) : bytes_(bytes), ends_(ends) {}

  /** Whether the ends ascend, and the last is within the bytes. Linear in the texts. */
  [[nodiscard]] bool are_in_order() const {
    double last = 0;
    for (const double end : ends_) {
      if (!(end >= last) || std::trunc(end) != end) return false;
      last = end;
    }
    return last <= static_cast<double>(bytes_.size());
  }

  [[nodiscard]] std::size_t size() const { return ends_.size(); }
  [[nodiscard]] std::string_view operator[](std::size_t number) const {
    const std::size_t first = number == 0 ? 0 : static_cast<std::size_t>(ends_[number - 1]);
    return bytes_.substr(first, static_cast<std::size_t>(ends_[number]) - first);
  }
  /** All of them. */
  [[nodiscard]] std::string_view bytes() const { return bytes_; }

 private:
  std::string_view bytes_;
  std::span<const double> ends_;
};

}  // namespace spikeport::hdf5
