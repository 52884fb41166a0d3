// Memory on POSIX systems.
#include "platform/memory.h"

#include <sys/mman.h>

#include <cstdint>

#include "platform/posix/system.h"

namespace spikeport::platform {
namespace {

/** As for numpy: below that, large pages do not pay. */
[[maybe_unused]] constexpr std::size_t worth_large_pages = std::size_t{1} << 22U;
[[maybe_unused]] constexpr std::size_t page = 4096;

}  // namespace

void expect_filling(std::span<std::byte> memory) {
#ifdef SPIKEPORT_LINUX
  if (memory.size() < worth_large_pages) return;
  const std::size_t before = (page - reinterpret_cast<std::uintptr_t>(memory.data()) % page) % page;
  const auto pages = memory.subspan(before, (memory.size() - before) / page * page);
  // Where the system has no such pages, this fails, and nothing changes.
  static_cast<void>(::madvise(pages.data(), pages.size(), MADV_HUGEPAGE));
#else
  static_cast<void>(memory);
#endif
}

}  // namespace spikeport::platform
