#include "hdf5/model/stepped_sort.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <functional>
#include <memory>
#include <utility>
#include <vector>

#include "support/random.h"

namespace spikeport::hdf5 {
namespace {

using Item = std::pair<std::size_t, std::size_t>;

/** About the lengths of runs. */
constexpr std::array<std::size_t, 11> sizes{0, 1, 2, 255, 256, 257, 512, 513, 1000, 5000, 20000};

struct ByFirst {
  bool operator()(const Item& a, const Item& b) const { return a.first < b.first; }
};

TEST_CASE("SteppedSort: the same as std::stable_sort, in steps of any size") {
  test::Random random(1);
  for (const std::size_t size : sizes) {
    for (const std::size_t step : {std::size_t{256}, std::size_t{300}, std::size_t{4096}, std::size_t{1000000}}) {
      CAPTURE(size);
      CAPTURE(step);
      std::vector<Item> items(size);
      for (std::size_t i = 0; i < size; i++) items[i] = {random.below(size / 2 + 1), i};
      SteppedSort<Item, ByFirst> sorting(items, ByFirst());
      std::size_t steps = 0;
      while (sorting.sort_some(step)) steps++;
      std::ranges::stable_sort(items, ByFirst());
      CHECK(sorting.take() == items);
      // Each step moves about as many items as it is told to, and all of them are moved at most 16 times.
      if (size > 2 * step) CHECK(steps > 1);
      CHECK(steps <= 16 * (size / step + 1));
    }
  }
}

TEST_CASE("SteppedSort: items that can only be moved") {
  std::vector<std::unique_ptr<int>> items;
  for (int i = 0; i < 1000; i++) items.push_back(std::make_unique<int>(i * 7 % 1000));
  const auto before = [](const std::unique_ptr<int>& a, const std::unique_ptr<int>& b) { return *a < *b; };
  SteppedSort sorting(std::move(items), before);
  while (sorting.sort_some(300)) continue;
  const auto sorted = sorting.take();
  for (std::size_t i = 0; i < sorted.size(); i++) CHECK(*sorted[i] == static_cast<int>(i));
}

}  // namespace
}  // namespace spikeport::hdf5
