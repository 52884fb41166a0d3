#include "replacement/claim.h"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <system_error>
#include <utility>

#include "platform/entry.h"
#include "platform/error.h"
#include "platform/lock.h"
#include "platform/paths.h"

namespace spikeport {
namespace {

using platform::Lock;

constexpr std::string_view mark = ".spikeport-";
constexpr std::string_view ending = ".partial";

std::string partial_path(const std::string& target, unsigned slot) {
  const std::string suffix = std::string(mark) + std::to_string(slot) + std::string(ending);
  std::string name = platform::name_of(target);
  if (name.size() <= platform::longest_name && name.size() + suffix.size() + 1 > platform::longest_name) {
    name = "long-name-" + std::to_string(std::hash<std::string>{}(name));
  }
  return platform::join(platform::parent_of(target), "." + name + suffix);
}

enum class Leftover : std::uint8_t {
  absent,
  removed,
  held,
  /** There is no descriptor to find that out with. */
  unknown,
};

bool is_shortage(const std::error_code& error) {
  return error == std::errc::too_many_files_open || error == std::errc::too_many_files_open_in_system ||
         error == std::errc::not_enough_memory;
}

/**
 * Removes a partial that no export holds. One that cannot be opened or removed counts as held.
 * @param error why it is not known
 */
template <typename Partial>
Leftover remove_leftover(const std::string& path, const std::string& name, std::error_code& error) {
  const Partial leftover = Partial::open(path, name, error);
  if (!leftover.is_open()) {
    if (error == std::errc::no_such_file_or_directory) return Leftover::absent;
    return is_shortage(error) ? Leftover::unknown : Leftover::held;
  }
  if (leftover.lock() != Lock::taken) return Leftover::held;
  // Another export may have removed it meanwhile, and made its own.
  if (!leftover.is_at(path)) return Leftover::removed;
  leftover.remove(path);
  return platform::access_error(path, platform::Access::find) ? Leftover::removed : Leftover::held;
}

}  // namespace

std::string first_partial(const std::string& target) { return partial_path(target, 0); }

bool is_partial_name(std::string_view name) {
  return name.starts_with('.') && name.ends_with(ending) && name.find(mark) != std::string_view::npos;
}

template <typename Partial>
Claim<Partial>::Claim(std::string target, std::string name) : target_(std::move(target)), name_(std::move(name)) {}

// By way of another constructor, so that a failure after the partial was made removes it.
template <typename Partial>
Claim<Partial>::Claim(const Target& target) : Claim(target.path, target.name) {
  unsigned slot = 0;
  std::error_code error;
  while (!partial_.is_open()) {
    path_ = partial_path(target_, slot);
    partial_ = Partial::create(path_, name_, target.permissions);
    if (!partial_.is_open()) {
      const Leftover found = remove_leftover<Partial>(path_, name_, error);
      if (found == Leftover::unknown) throw SystemError(error, "open", name_);
      if (found == Leftover::held) slot++;
      continue;
    }
    // Between its making and its locking another export may have taken it for a leftover. A file system that knows no
    // locks is used without.
    const Lock lock = partial_.lock();
    const bool is_lost = lock == Lock::taken ? !partial_.is_at(path_) : lock == Lock::held;
    if (is_lost) partial_ = Partial();
  }
  while (remove_leftover<Partial>(partial_path(target_, ++slot), name_, error) == Leftover::removed) continue;
}

template <typename Partial>
Claim<Partial>::~Claim() {
  if (partial_.is_open()) partial_.remove(path_);
}

template <typename Partial>
void Claim<Partial>::publish() {
  if (const std::error_code error = platform::replace(path_, target_)) throw SystemError(error, "rename", name_);
  partial_ = Partial();
}

template class Claim<platform::File>;
template class Claim<platform::Folder>;

}  // namespace spikeport
